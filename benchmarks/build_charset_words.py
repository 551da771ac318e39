"""Make src/corpusgate/signals/data/charset_words.npz: words of many languages by which damage is told, as hashes.

Kept are the commonest short words of each language, of which letters tell little, and words with letters beyond ASCII, since
nothing else is damaged. Text: that of `build_charset_model.py`, the interface translations of Kolibri (MIT) and Home Assistant
(Apache-2.0), the stop words of stopwords-iso (MIT), and the names and words that Faker draws from (MIT). Fetch with
`pip download --no-deps django wagtail kolibri home-assistant-frontend stopwordsiso faker`, and give the folder:

    python benchmarks/build_charset_words.py FOLDER
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from build_charset_model import CEDILLA, LANGUAGES, NO_LANGUAGE, SUPPLEMENT, cldr, count, letters_of, translations

from corpusgate.kernels.charset_text import LONGEST_WORD, NO_LETTER, with_letter

DATA = Path(__file__).parents[1] / "src/corpusgate/signals/data"
OUT = DATA / "charset_words.npz"

#: Short words of a language and their longest; words with letters beyond ASCII.
SHORT, LONGEST_SHORT, BEYOND = 300, 5, 5000
#: Letters beyond ASCII that are words by themselves, of Latin languages; texts have others as abbreviations and names of letters.
ALONE = {
    "fr": "à", "it": "è é ò", "pt": "à á é ó", "es": "á é ó", "ca": "à è é ó", "gl": "á é ó", "sv": "å ö", "da": "å ø ö", "nb": "å",
    "is": "á í ó", "fo": "á í", "hu": "ő é", "lt": "į", "ga": "á é í ó", "vi": "à á ạ ở ừ", "yo": "à á ọ ó ò", "cy": "â ô",
}  # fmt: skip
#: What a stop word counts beside the words of messages, which are counted one by one.
STOP_WORD = 20
#: Home Assistant's and Faker's names for the languages whose codes differ.
REGIONS = {"pt": ["pt", "pt-BR"], "es": ["es", "es-419"], "sr": ["sr"]}
FAKERS = {"no": "nb"}
PROVIDERS = re.compile(r"faker/providers/(?:person|address|lorem|company|job|date_time|color)/([a-z]{2})_?[A-Za-z_]*/__init__\.py")


def strings(value: Any) -> Iterator[str]:
    """All strings within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from strings(key)
            yield from strings(part)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from strings(part)


def interface(wheel: Path, language: str) -> Iterator[str]:
    """Home Assistant's messages in a language."""
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.namelist():
            if "/translations/" in entry and entry.endswith(".json"):
                code = entry.rsplit("/", 1)[1].rsplit("-", 1)[0]
                if code in REGIONS.get(language, [language]):
                    for message in json.loads(archive.read(entry)).values():
                        yield from (NO_LANGUAGE.sub(" ", text) for text in strings(message))


def drawn_from(wheel: Path) -> dict[str, list[str]]:
    """By language, the names of people and places and the words that Faker draws from."""
    found: dict[str, list[str]] = {}
    sys.path.insert(0, str(wheel))
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.namelist():
            if match := PROVIDERS.fullmatch(entry):
                provider = importlib.import_module(entry.removesuffix("/__init__.py").replace("/", ".")).Provider
                texts = [text for name, value in vars(provider).items() if not name.startswith("_") for text in strings(value)]
                found.setdefault(FAKERS.get(match[1], match[1]), []).extend(text for text in texts if "{{" not in text)
    return found


def main(folder: Path) -> None:
    """Count, choose, write."""
    with np.load(DATA / "charset_model.npz") as data:
        scripts = [str(script) for script in data["scripts"]]
        alphabet = "".join(str(data[f"letters_{script}"]) for script in dict.fromkeys(scripts))
        alphabets = {
            language: {*str(data[f"alphabet_{language}"]), *SUPPLEMENT.get(language, "").lower()}
            for language in map(str, data["languages"])
        }
    place = {char: 1 + number for number, char in enumerate(alphabet)}
    messages, more, assistant, stop, faker = (
        [next(folder.glob(name)) for name in names]
        for names in (("[dD]jango-*", "wagtail-*"), ("kolibri-*",), ("home_assistant*",), ("stopwordsiso-*",), ("[fF]aker-*",))
    )
    with zipfile.ZipFile(stop[0]) as archive:
        stop_words: dict[str, list[str]] = json.loads(archive.read("stopwordsiso/stopwords-iso.json"))
    names = drawn_from(faker[0])
    speaks: dict[int, int] = {}
    languages = [(language, script) for script, listed in LANGUAGES.items() for language in listed.split()]
    for number, (language, script) in enumerate(languages):
        alone = set(ALONE.get(language, "").split())
        words = count(cldr(language), script) + count(translations(messages, language), script)
        short = [word for word in _by_count(words, place) if len(word) <= LONGEST_SHORT][:SHORT]
        texts = [*cldr(language), *translations(messages + more, language), *interface(assistant[0], language), *names.get(language, ())]
        seen = Counter(word for text in texts for word in letters_of(text, script))
        for word in {word for text in stop_words.get({"nb": "no"}.get(language, language), ()) for word in letters_of(text, script)}:
            seen[word] += STOP_WORD
        for word in SUPPLEMENT.get(language, "").lower().split():
            seen[word] += STOP_WORD
        if language == "ro":
            seen += Counter({word.translate(CEDILLA): n for word, n in seen.items()})
        # Foreign words are of their own language, and some lists are misread themselves.
        own = [word for word in _by_count(seen, place) if alphabets[language].issuperset(word)]
        beyond = [word for word in own if not word.isascii() and len(word) <= LONGEST_WORD][:BEYOND]
        chosen = {word for word in (*short, *beyond) if script != "Latin" or len(word) > 1 or word.isascii()} | alone
        for word in chosen:
            key = NO_LETTER
            for char in word:
                key = with_letter(key, place[char])
            speaks[int(key)] = speaks.get(int(key), 0) | 1 << number
        print(language, len(chosen))
    keys = sorted(speaks)
    np.savez_compressed(OUT, word=np.array(keys, np.uint32), speaks=np.array([speaks[key] for key in keys], np.uint64))
    print(OUT.stat().st_size, "bytes;", len(keys), "words")


def _by_count(words: Counter[str], place: dict[str, int]) -> list[str]:
    """Words in known letters, the commonest first."""
    return [word for word, _ in sorted(words.items(), key=lambda item: (-item[1], item[0])) if all(char in place for char in word)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
