"""How likely a run of characters is as text: the letter bigrams of many languages, laid out for the kernels.

The bigrams come from `data/charset_model.npz`, made by benchmarks/build_charset_model.py, and the words that are known whole
from `data/charset_words.npz`, by build_charset_words.py; data/README.md says what text they were counted on. All costs are
tenths of a nat (0.1 * -ln P).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpusgate.signals.charset_symbols import CLASSES, NO_REPAIR, NOT_IN_WORDS, characters

#: A letter of another script than the language's, beside its letters.
FOREIGN = 130
#: What a letter that a language does not have costs beside what pairs tell.
ABSENT = 60
#: What a language costs beside text of another script, in tenths of a nat.
STRANGE_SCRIPT = 50
#: A Han character tells much by itself; what it costs beyond this is strange.
USUAL_HAN = 60
#: Languages whose words that end in a letter beyond ASCII are seldom words without it, but for futures of Romance languages: of the
#: 86,000 to 926,000 words in Debian's lists of each, one in 4,000 or fewer are such; of Catalan, Danish or Polish more.
ACCENTED_ENDS = ("en", "de", "fr", "es", "pt", "it", "nl", "sv", "nb")
FAR_EASTERN = ("han", "kata", "hira", "half_kata")


class Model(NamedTuple):
    """Tables for the kernels; symbols 1 to `letters` are letters, 0 is an edge, the rest are `CLASSES` in their order.

    Attributes:
        symbol: uint16 (65536,): symbol of each code point.
        script: uint8 (letters + 1,): which script a letter is of, 0 for the edge.
        lead: bool (letters + 1,): A and its marks that lead most sequences of UTF-8 read as windows-1252.
        case: uint8 (65536,): 0 none, 1 lower, 2 upper.
        letter: bool (65536,): whether a code point is a letter of any script.
        bigram: uint8 (letters + 1, letters + 1, languages): cost of a letter after a letter; 0 is the edge of a word.
        alphabet: bool (letters + 1, languages): which letters a language has, and damaged text seldom.
        sign: int32 (classes, 7): the rows of `CLASSES`, then 1 where the class is in `NOT_IN_WORDS`, in `NO_REPAIR`.
        around: int32 (scripts + 2, languages): what a language costs beside text of a script; row 0 is no script,
            the last one Han, kana and Hangul.
        planes: uint16 (768,): symbol of each 256 code points from U+10000 on.
        spoken: uint64 (scripts + 1, 2): first language of each script and the one after its last; row 0 is no script.
        word: uint32 (words,): keys of words that are known whole, ascending.
        word_at: int32 (65537,): first word whose key has these upper 16 bits.
        speaks: uint64 (words,): a bit for each language in which a word is one.
        latin: bool (languages,): which are written in Latin letters.
        accented: int64: symbols of the Latin letters beyond ASCII.
        accented_in: uint64: which languages have each of them, a bit for each language.
        accented_ends: a bit for each language of `ACCENTED_ENDS`.
        arabic: number of the Arabic script.
        letters: how many letters there are.
        mark: row of `sign` of combining marks; they and the next row, Arabic vowel marks, do not end a word.
    """

    symbol: NDArray[np.uint16]
    script: NDArray[np.uint8]
    lead: NDArray[np.bool_]
    case: NDArray[np.uint8]
    letter: NDArray[np.bool_]
    bigram: NDArray[np.uint8]
    alphabet: NDArray[np.bool_]
    sign: NDArray[np.int32]
    around: NDArray[np.int32]
    planes: NDArray[np.uint16]
    spoken: NDArray[np.uint64]
    word: NDArray[np.uint32]
    word_at: NDArray[np.int32]
    speaks: NDArray[np.uint64]
    latin: NDArray[np.bool_]
    accented: NDArray[np.int64]
    accented_in: NDArray[np.uint64]
    accented_ends: np.uint64
    arabic: int
    letters: int
    mark: int


@lru_cache(maxsize=1)
def model() -> Model:
    """Read the table and lay it out, once a process."""
    file = Path(__file__).parent / "data" / "charset_model.npz"
    with np.load(file) as data:
        languages, scripts = [str(x) for x in data["languages"]], [str(x) for x in data["scripts"]]
        alphabets = {script: str(data[f"letters_{script}"]) for script in dict.fromkeys(scripts)}
        alphabet = "".join(alphabets.values())
        common = {name: str(data[name]) for name in ("han_common", "hangul_common")}
        offset, at = {}, 1
        for script, own_letters in alphabets.items():
            offset[script] = at
            at += len(own_letters)
        # Kernels read eight languages at once, and so a little beyond the last row.
        room = np.full(at * at * len(languages) + 64, FOREIGN, np.uint8)
        bigram = room[:-64].reshape(at, at, len(languages))
        own = np.zeros((at, len(languages)), np.bool_)
        for i, (language, script) in enumerate(zip(languages, scripts, strict=True)):
            cost = data[f"cost_{language}"]
            ids = np.concatenate([[0], offset[script] + np.arange(len(alphabets[script]))])
            own[[1 + alphabet.index(letter) for letter in str(data[f"alphabet_{language}"])], i] = True
            bigram[:, 0, i] = 30
            bigram[ids[:, None], ids[None, :], i] = cost
    with np.load(file.with_name("charset_words.npz")) as data:
        word, speaks = data["word"], data["speaks"]
    # The other letters of a script are dearer than pairs of letters tell, since damage is made of them.
    letters = np.arange(1, at)
    for i in range(len(languages)):
        absent = letters[~own[1:, i] & (bigram[0, 1:, i] != FOREIGN)]
        bigram[:, absent, i] = np.minimum(bigram[:, absent, i].astype(np.int64) + ABSENT, 255)
    accented = np.array([i for i, letter in enumerate(alphabets["Latin"], offset["Latin"]) if not letter.isascii()], np.int64)
    has = own.copy()
    # Worth a look wherever they stand: Turkish read as windows-1252 has them instead of its own, and passes for Icelandic.
    own[[1 + alphabet.index(letter) for letter in "\N{LATIN SMALL LETTER ETH}\N{LATIN SMALL LETTER THORN}"]] = False
    sign = np.array([(*row, name in NOT_IN_WORDS, name in NO_REPAIR) for name, row in CLASSES.items()], np.int32)
    script_of = np.zeros(at, np.uint8)
    for number, (script, first) in enumerate(offset.items(), 1):
        script_of[first : first + len(alphabets[script])] = number
    around = np.zeros((len(alphabets) + 2, len(languages)), np.int32)
    around[-1] = STRANGE_SCRIPT
    for number, script in enumerate(alphabets, 1):
        around[number] = [0 if other == script else STRANGE_SCRIPT for other in scripts]
    leads = np.zeros(at, np.bool_)
    leads[[1 + alphabet.index(letter) for letter in "\u00e2\u00e3"]] = True
    spoken = [(0, 0), *((scripts.index(script), len(scripts) - scripts[::-1].index(script)) for script in alphabets)]
    names = list(CLASSES)
    planes = np.full(0x300, at + names.index("beyond"), np.uint16)
    planes[0xF0:0xFC] = at + names.index("symbol")
    planes[0x100:] = at + names.index("han_rare")
    symbol, case, letter = characters(alphabet, common)
    return Model(
        symbol=symbol,
        script=script_of,
        lead=leads,
        case=case,
        letter=letter,
        bigram=bigram,
        alphabet=own,
        sign=sign,
        around=around,
        planes=planes,
        spoken=np.array(spoken, np.uint64),
        word=word,
        word_at=np.searchsorted(word, np.arange(0, (1 << 32) + 1, 1 << 16)).astype(np.int32),
        speaks=speaks,
        latin=np.array([script == "Latin" for script in scripts]),
        accented=accented,
        accented_in=(has[accented].astype(np.uint64) << np.arange(len(languages), dtype=np.uint64)).sum(axis=1, dtype=np.uint64),
        accented_ends=np.uint64(sum(1 << i for i, language in enumerate(languages) if language in ACCENTED_ENDS)),
        arabic=list(alphabets).index("Arabic") + 1,
        letters=len(alphabet),
        mark=names.index("mark"),
    )


@lru_cache(maxsize=1)
def codes() -> NDArray[np.uint16]:
    """Each code point of the plane as `case << 12 | script << 9 | symbol`, for the first test."""
    tables = model()
    script = np.zeros(tables.letters + 1 + len(CLASSES), np.uint16)
    script[: tables.letters + 1] = tables.script
    symbol = tables.symbol.copy()
    symbol[[*range(9, 14), 0x3000, 0x2028, 0x2029]] = 0
    for i, name in enumerate(CLASSES):
        if name.startswith(FAR_EASTERN):
            script[tables.letters + 1 + i] = len(tables.around) - 1
    code: NDArray[np.uint16] = symbol | script[symbol] << np.uint16(9) | tables.case.astype(np.uint16) << np.uint16(12)
    return code


@lru_cache(maxsize=1)
def pairs() -> NDArray[np.uint8]:
    """What a symbol costs after a symbol, in the language that takes it best: uint8 (symbols, symbols)."""
    tables = model()
    size, names = tables.letters + 1, list(CLASSES)
    table = np.zeros((size + len(names), size + len(names)), np.int64)
    leads = np.flatnonzero(tables.lead)
    table[:size, :size] = tables.bigram.min(axis=2)
    # Damage shown in these letters has signs between them: rare pairs of letters alone are foreign names.
    quiet = np.flatnonzero(tables.script >= 3)
    table[np.ix_(quiet, quiet)] -= 15
    for i, name in enumerate(names):
        after_letter, after_other, after_own, after_digit, letter_after = tables.sign[i, :5]
        if name == "opening":
            after_letter = 45  # It closes a quotation in German,
        elif name == "closing":
            letter_after = -20  # and this opens one in Swedish.
        table[:, size + i] = after_other
        table[1:size, size + i] = after_letter
        table[size, size + i] = after_digit
        table[size + i, size + i] = after_own
        table[size + i, 1:size] = table[0, 1:size] + letter_after
        if name == "raised":
            # Footnotes, and the commonest letters of Polish in windows-1250: two signs that only a closer look tells apart.
            table[1:size, size + i] = 84
        if name == "no_break_space":
            table[leads, size + i] += 40
        if name in NOT_IN_WORDS:
            # The commonest leads of UTF-8 read as windows-1252, and whatever a sign makes of the rest of a word.
            table[leads, size + i] += 40
            table[size + i, 1:size] += 20
        if name.startswith((*FAR_EASTERN, "cjk", "other_script")):
            table[:, size + i] -= USUAL_HAN - (12 if name in ("han_seldom", "han_rare") else 0)
            # One such neighbour of a Latin letter is usual, a letter between two Han characters or the reverse is not.
            table[1:size, size + i] = table[size + i, 1:size] = 72
    # Half-width katakana stand by themselves; among Han characters they are UTF-8 read as Shift-JIS.
    half, han = size + names.index("half_katakana"), [size + names.index(name) for name in ("han", "han_seldom", "han_rare")]
    table[han, half] = table[half, han] = 92
    return np.clip(table, 0, 255).astype(np.uint8)
