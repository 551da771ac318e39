"""Make src/corpusgate/signals/data/charset_model.npz: letter bigrams of many languages, as costs.

Text: Unicode CLDR display names (through babel, Unicode licence), the interface translations of Django and Wagtail
(BSD-3-Clause), and the counts of letter pairs in Wikipedia that langdetect ships (Apache-2.0). Fetch them with
`pip download --no-deps django wagtail langdetect` and give them as arguments:

    python benchmarks/build_charset_model.py Django-5.2.whl wagtail-8.0.whl langdetect-1.0.9.tar.gz

The table holds, for each language, the cost of a letter after a letter in tenths of a nat (0.1 * -ln P). P mixes the
language's bigrams with its letters, the bigrams of all languages of its script, and a uniform part, so that foreign
names stay cheap enough.
"""

from __future__ import annotations

import gettext
import io
import json
import re
import sys
import tarfile
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from babel import Locale, UnknownLocaleError

from corpusgate.kernels.charset_text import LONGEST_WORD, NO_LETTER, with_letter

OUT = Path(__file__).parents[1] / "src/corpusgate/signals/data/charset_model.npz"

#: Language to its script; the order is the order of the table.
LANGUAGES = {
    "Latin": "en de fr es pt it nl sv da nb is fi et lv lt pl cs sk hu ro hr sl sq tr az vi id ca gl eu cy ga af sw"
    " fo ku mt eo yo lb uz br",
    "Cyrillic": "ru uk be bg sr mk kk ky mn tg",
    "Greek": "el",
    "Arabic": "ar fa ur ckb ps",
}
#: Under other names in the translations.
ALIASES = {"sr": ["sr"], "nb": ["nb", "no"], "pt": ["pt", "pt_BR"], "es": ["es", "es_MX", "es_AR"], "en": []}
PROFILES = {"nb": "no"}
#: Letters that names and interfaces hold too seldom, in words that do; each counts `SUPPLEMENT_WEIGHT` times.
SUPPLEMENT = {
    "fr": "cœur sœur œuvre œuvres œil vœu vœux nœud bœuf œuf œufs mœurs manœuvre chœur écœuré où aiguë naïve maïs Noël",
    "de": "Straße groß größer heißt weiß Fuß Spaß außer müssen Gruß schließlich süß",
    "nl": "één coöperatie reünie zoë geïnteresseerd België ruïne",
    "en": "café naïve résumé fiancé déjà façade jalapeño Zoë cliché",
    "el": "άπνοια ύπνος έφηβος ήλιος ώρα όγκος ίδιος παχύς αϋπνία προϊόν πρωτεΐνη",
}
SUPPLEMENT_WEIGHT = 12
#: Romanian is as often written with a cedilla as with a comma below.
CEDILLA = str.maketrans("șțȘȚ", "şţŞŢ")
#: A bigram, a letter, a bigram of any language of the script, any letter of the script.
WEIGHTS = (0.90, 0.07, 0.02, 0.01)
CEILING = 200
#: How much pairs of running text weigh beside those of names and interfaces. langdetect keeps the common ones alone.
RUNNING_TEXT = 1.0
#: langdetect writes one yeh for both, and the cedilla for the comma: its pairs count for either spelling.
OTHER_SPELLING = {"ro": str.maketrans("şţ", "șț"), "fa": str.maketrans("ي", "ی"), "ur": str.maketrans("ي", "ی")}
#: Placeholders, tags and addresses inside messages are no language.
NO_LANGUAGE = re.compile(r"%\(\w+\)\w|\{[^}]*\}|<[^>]*>|&\w+;|\S+[./]\S+|%\w")
EDGE = ""
#: Words of each language that are kept whole, as hashes: the commonest short ones of its messages, of which letters tell little.
WORDS = 300
#: Share of a language's letters from which on a letter is one of its own.
OWN_LETTER = 2e-4


def letters_of(text: str, script: str) -> Iterator[str]:
    """The words of one script in a text, folded to lower case, with an edge on either side."""
    word: list[str] = []
    for char in text + " ":
        low = char.lower()
        if len(low) == 1 and unicodedata.category(low) in ("Ll", "Lo", "Lm") and _script(low) == script:
            word.append(low)
        elif word and unicodedata.category(char) != "Mn":
            yield "".join(word)
            word = []


@cache
def _script(char: str) -> str:
    name = unicodedata.name(char, "")
    return {"LATIN": "Latin", "CYRILLIC": "Cyrillic", "GREEK": "Greek", "ARABIC": "Arabic"}.get(name.split(" ", 1)[0], "")


def cldr(language: str) -> Iterator[str]:
    """Names of languages, places, scripts, currencies, months, days and units."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return

    def walk(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif hasattr(value, "values"):
            for part in value.values():
                yield from walk(part)

    for part in (locale.languages, locale.territories, locale.scripts, locale.variants, locale.currencies, locale.months, locale.days):
        yield from walk(part)
    yield from walk(locale.eras)
    yield from walk(locale.time_zones)
    yield from walk(locale.meta_zones)


def translations(wheels: list[Path], language: str) -> Iterator[str]:
    """All translated messages of a language; for English the messages themselves."""
    names = ALIASES.get(language, [language]) or ["de"]
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.namelist():
                if entry.endswith(".mo") and any(f"/locale/{name}/LC_MESSAGES/" in entry for name in names):
                    catalogue: dict[Any, str] = gettext.GNUTranslations(io.BytesIO(archive.read(entry)))._catalog  # type: ignore[attr-defined]
                    for key, value in catalogue.items():
                        source = key[0] if isinstance(key, tuple) else key
                        if source and (language == "en" or value != source):
                            yield NO_LANGUAGE.sub(" ", source if language == "en" else value)


def count(texts: Iterator[str], script: str) -> Counter[str]:
    """Words with their weights: repeated words count less than proportionally, since interfaces repeat themselves."""
    words = Counter(word for text in texts for word in letters_of(text, script))
    return Counter({word: n**0.6 for word, n in words.items()})


def running_text(archive: Path, language: str, place: dict[str, int]) -> np.ndarray[Any, Any]:
    """Pairs of letters in Wikipedia, float64 (letters, letters); 0 is the edge of a word. Empty for languages it lacks."""
    pairs = np.zeros((len(place), len(place)))
    with tarfile.open(archive) as files:
        name = next((name for name in files.getnames() if name.endswith(f"/profiles/{PROFILES.get(language, language)}")), "")
        if not name:
            return pairs
        file = files.extractfile(name)
        counts: dict[str, int] = json.load(file)["freq"] if file else {}
    for pair, count in counts.items():
        if len(pair) != 2:
            continue
        for spelling in {pair.lower(), pair.lower().translate(OTHER_SPELLING.get(language, {}))}:
            ids = [0 if char == " " else place.get(char, -1) for char in spelling]
            if len(ids) == 2 and min(ids) >= 0 and max(ids) > 0:
                pairs[ids[0], ids[1]] += count
    return pairs


def common(wheels: list[Path], languages: tuple[str, ...], low: int, high: int) -> str:
    """The ideographs or syllables that the texts of some languages hold at least twice."""
    seen: Counter[str] = Counter()
    for language in languages:
        for text in (*cldr(language), *translations(wheels, language)):
            seen.update(char for char in text if low <= ord(char) <= high)
    return "".join(sorted(char for char, n in seen.items() if n > 1))


def whole_words(counted: dict[str, Counter[str]], alphabet: list[str]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Keys of the commonest short words, ascending, and a bit for each language that has one."""
    place = {char: number for number, char in enumerate(alphabet)}
    speaks: dict[int, int] = {}
    for number, words in enumerate(counted.values()):
        short = [word for word, _ in sorted(words.items(), key=lambda item: (-item[1], item[0])) if len(word) <= LONGEST_WORD]
        for word in [word for word in short if all(char in place for char in word)][:WORDS]:
            key = NO_LETTER
            for char in word:
                key = with_letter(key, place[char])
            speaks[int(key)] = speaks.get(int(key), 0) | 1 << number
    keys = sorted(speaks)
    return np.array(keys, np.uint32), np.array([speaks[key] for key in keys], np.uint64)


def main(wheels: list[Path], profiles: Path) -> None:
    """Count, mix, write."""
    alphabet: list[str] = [EDGE]
    codes: list[str] = []
    scripts: list[str] = []
    tables: list[tuple[list[str], np.ndarray[Any, Any]]] = []
    has: dict[str, np.ndarray[Any, Any]] = {}
    words_of: dict[str, Counter[str]] = {}
    for script, listed in LANGUAGES.items():
        languages = listed.split()
        counted = {}
        for language in languages:
            words = count(cldr(language), script) + count(translations(wheels, language), script)
            for word in SUPPLEMENT.get(language, "").split():
                words[word.lower()] += SUPPLEMENT_WEIGHT
            if language == "ro":
                words = words + Counter({word.translate(CEDILLA): n for word, n in words.items()})
            counted[language] = words
            print(language, len(words), round(sum(words.values())))
        words_of |= counted
        total: Counter[str] = Counter()
        for words in counted.values():
            mass = sum(words.values())
            seen: Counter[str] = Counter()
            for word, weight in words.items():
                for char in word:
                    seen[char] += weight / mass
            for char, share in seen.items():
                total[char] += share
        own = sorted(char for char, share in total.items() if share > 1e-4)
        place = {char: i + 1 for i, char in enumerate(own)} | {EDGE: 0}
        size = len(place)
        pairs = np.zeros((len(languages), size, size))
        for number, language in enumerate(languages):
            for word, weight in counted[language].items():
                ids = [0, *(place[char] for char in word if char in place), 0]
                for a, b in pairwise(ids):
                    pairs[number, a, b] += weight
            letters = pairs[number].sum(axis=0)[1:]
            # langdetect leaves rare letters out: which ones a language has is told without it.
            has[f"alphabet_{language}"] = np.array("".join(c for c, n in zip(own, letters, strict=True) if n > OWN_LETTER * letters.sum()))
            running = running_text(profiles, language, place)
            pairs[number] += running * (RUNNING_TEXT * pairs[number].sum() / max(running.sum(), 1e-9))
        union = (pairs / np.maximum(pairs.sum(axis=(1, 2), keepdims=True), 1e-9)).sum(axis=0)
        union /= np.maximum(union.sum(axis=1, keepdims=True), 1e-9)
        for number in range(len(languages)):
            first = pairs[number].sum(axis=1, keepdims=True)
            # Witten-Bell: a letter seen seldom trusts its own bigrams less.
            kinds = (pairs[number] > 0).sum(axis=1, keepdims=True)
            trust = first / np.maximum(first + kinds, 1e-9)
            single = pairs[number].sum(axis=0, keepdims=True) / max(pairs[number].sum(), 1e-9)
            own_pairs = pairs[number] / np.maximum(first, 1e-9)
            mixed = WEIGHTS[0] * (trust * own_pairs + (1 - trust) * single) + WEIGHTS[1] * single + WEIGHTS[2] * union + WEIGHTS[3] / size
            cost = np.minimum(np.rint(-10 * np.log(mixed)), CEILING).astype(np.uint8)
            tables.append((own, cost))
            codes.append(languages[number])
            scripts.append(script)
        alphabet += own
    arrays = {f"cost_{code}": cost for code, (_, cost) in zip(codes, tables, strict=True)}
    word, speaks = whole_words(words_of, alphabet)
    np.savez_compressed(
        OUT,
        languages=np.array(codes),
        scripts=np.array(scripts),
        han_common=np.array(common(wheels, ("zh_Hans", "zh_Hant", "ja"), 0x4E00, 0x9FFF)),
        hangul_common=np.array(common(wheels, ("ko",), 0xAC00, 0xD7A3)),
        word=word,
        speaks=speaks,
        **{f"letters_{script}": np.array("".join(own)) for script, (own, _) in zip(scripts, tables, strict=True)},
        **arrays,
        **has,
    )
    print(OUT.stat().st_size, "bytes;", len(alphabet), "letters")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:-1]], Path(sys.argv[-1]))
