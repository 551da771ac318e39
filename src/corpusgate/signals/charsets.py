"""Text that was decoded with the wrong character set: where it is, how it was misread, what it should say.

Every chunk between white space is undone under each known reading, and both forms are scored as text
(`charset_model.py`). A chunk is damaged if the repaired form is far likelier, or if it helps to make its line or its
whole text far likelier under one reading. Weak chunks beside damaged ones of the same reading go with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from corpusgate.kernels import charset_look as closer
from corpusgate.kernels import charsets as kernel
from corpusgate.kernels.charset_judge import Bounds
from corpusgate.kernels.charset_repair import repair
from corpusgate.kernels.chunk_marks import SYMBOL_BITS, CharsetTables
from corpusgate.signals.charset_channels import CHANNELS, NONE, WESTERN, Channel, tables
from corpusgate.signals.charset_model import codes, model, pairs

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

# All in tenths of a nat. SEED is what one strange chunk must reach, or SEEDS all of them under one reading, before a
# text is looked at more closely.
SEED = 32
SEEDS = 48
BOUNDS = Bounds(
    chunk=62, line=50, text=160, weak_in_line=-60, weak_in_text=-20, leaning=40, impossible=-30, strange_language=110, words=200
)
#: From here on most scripts are written without spaces: Han, kana, Hangul and their punctuation.
UNSPACED = 0x2E80
#: Stretches of letters that a double-byte reading may leave as they were in any text, and how many letters it must make for each of more.
_LEFT, _MADE = 3, 2


@dataclass(frozen=True, slots=True)
class Misreading:
    """A run of damaged words.

    Attributes:
        start: first code point of the run.
        end: code point after it.
        kind: `utf8` for UTF-8 read as a code page, once or twice; `legacy` for one code page read as another.
        channel: what was read as what, such as `UTF-8 read as windows-1256`.
        repaired: the run as it should be; where bytes were lost, as far as it goes.
    """

    start: int
    end: int
    kind: Literal["utf8", "legacy"]
    channel: str
    repaired: str


def suspicious(data: Bytes, starts: Ints, ends: Ints) -> NDArray[np.bool_]:
    """Which segments `locate` may find something in; False is certain, True is not.

    Args:
        data: uint8: valid UTF-8.
        starts: int64 (segments,): first byte of each.
        ends: int64 (segments,): byte after each.
    """
    return np.asarray(kernel.suspicious(data, starts, ends, codes(), pairs(), model(), tables(), SEED, SEEDS))


@lru_cache(maxsize=1)
def first_test() -> CharsetTables:
    """What the survey of a block looks characters up in."""
    tables = model()
    foreign = np.zeros(SYMBOL_BITS + 1, np.uint64)
    for symbol in range(1, tables.letters + 1):
        if tables.script[symbol] == 1:
            foreign[symbol] = sum(1 << k for k, has in enumerate(tables.alphabet[symbol].tolist()) if not has)
    return CharsetTables(codes(), pairs(), foreign)


def locate(text: str) -> list[Misreading]:
    """All runs of damaged words, in order and disjoint."""
    if text.isascii():
        return []
    data = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
    return look(text, data) if suspicious(data, np.zeros(1, np.int64), np.array([len(data)], np.int64))[0] else []


def look(text: str, data: Bytes) -> list[Misreading]:
    """The same for a text that is suspicious, given as code points and as UTF-8."""
    places, channel = closer.look(data, codes(), model(), tables(), BOUNDS)
    return _runs(text, places, channel)


def _runs(text: str, places: Ints, channel: Ints) -> list[Misreading]:
    out: list[Misreading] = []
    double: list[Misreading] = []
    damaged = np.flatnonzero(channel >= 0).tolist()
    at = 0
    while at < len(damaged):
        first = damaged[at]
        number = int(channel[first])
        start, end = int(places[first, 2]), int(places[first, 3])
        at += 1
        while at < len(damaged) and channel[damaged[at]] == number and not text[end : places[damaged[at], 2]].strip(" "):
            end = int(places[damaged[at], 3])
            at += 1
        run = _run(text, start, end, number)
        # A character between damaged ones may come out of the repair as it went in.
        if run.repaired != text[run.start : run.end]:
            out.append(run)
            if tables().far_east[number]:
                double.append(run)
    return [run for run in out if run not in double] if double and _never_double(text, double) else out


def _never_double(text: str, runs: list[Misreading]) -> bool:
    """Whether double-byte readings leave too many letters as they were, in one word with those that they make.

    The first byte of a letter takes the next one with it, and words of another script are few. Letters that were chosen for
    their looks stand among plain ones in every word.
    """
    made = left = 0
    for run in runs:
        before, in_stretch = text[run.start : run.end], False
        for char in run.repaired:
            stays = char.isalpha() and ord(char) < UNSPACED and char in before
            left += stays and not in_stretch
            in_stretch = stays
            made += ord(char) >= UNSPACED
            if not (char.isascii() or stays or ord(char) >= UNSPACED) and char.isalpha():
                # Letters of an alphabet are made one at a time.
                return False
    return left > _LEFT and _MADE * left > made


def _run(text: str, start: int, end: int, number: int) -> Misreading:
    whole = undo(text[start:end], number, _cut(text, end))
    low, high = start, end
    while low < high and _untouched(text[low], number):
        low += 1
    while high > low and _untouched(text[high - 1], number):
        high -= 1
    repaired = undo(text[low:high], number, _cut(text, high)) if high - low < end - start else whole
    if text[start:low] + repaired + text[high:end] != whole:
        low, high, repaired = start, end, whole
    channel = CHANNELS[number]
    return Misreading(low, high, channel.kind, _name(channel, text[low:high]), repaired)


def _untouched(char: str, number: int) -> bool:
    """ASCII punctuation, or what stands around in a script without spaces and is no character of the reading."""
    if char.isascii():
        return not char.isalnum()
    if ord(char) < UNSPACED:
        return False
    page = tables()
    return ord(char) > 0xFFFF or int(page.encoder[page.reading[number], ord(char)]) == NONE


def _cut(text: str, at: int) -> bool:
    return at >= len(text) or text[at].isspace()


def undo(text: str, number: int, cut: bool = True) -> str:
    """A text with one reading undone, as far as it goes.

    Args:
        text: damaged text.
        number: index of the reading in `CHANNELS`.
        cut: whether white space or nothing follows the text.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.int32)
    room = np.empty((4, 2 * len(points) + 16), np.int32)
    length, good, _ = repair(points, len(points), number, cut, tables(), room)
    return room[0, :length].tobytes().decode("utf-32-le", "surrogatepass") if good else text


def _name(channel: Channel, text: str) -> str:
    """Latin-1 shows C1 controls where windows-1252 shows letters and signs; without either it is called windows-1252."""
    if channel.reading == WESTERN and any("\x80" <= char < "\xa0" for char in text):
        return channel.name.replace(WESTERN, "latin-1")
    return channel.name
