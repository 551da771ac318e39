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

from corpusgate.kernels import charset_text
from corpusgate.kernels import charsets as kernel
from corpusgate.kernels.charset_repair import repair
from corpusgate.kernels.chunk_marks import SYMBOL_BITS, CharsetTables
from corpusgate.signals.charset_channels import CHANNELS, DOUBLE, NONE, WESTERN, Channel, tables
from corpusgate.signals.charset_model import codes, model, pairs

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Scores = NDArray[np.int32]

# All in tenths of a nat. SEED is what one strange chunk must reach, or SEEDS all of them under one reading, before a
# text is looked at more closely.
SEED = 42
SEEDS = 80
CHUNK = 72
LINE = 95
TEXT = 400
#: A chunk in a line or text already known to be damaged in this way.
WEAK_IN_LINE = -60
WEAK_IN_TEXT = -20
#: What a reading gains in a line by being that of the text.
LEANING = 40
#: A reading that a chunk cannot have had speaks against it.
IMPOSSIBLE = -30
#: What a word of a language costs that the text does not otherwise use, at most.
STRANGE_LANGUAGE = 70
WORDS = 400
#: From here on most scripts are written without spaces: Han, kana, Hangul and their punctuation.
UNSPACED = 0x2E80
LEGACY = np.array([channel.kind == "legacy" for channel in CHANNELS])
FAR_EAST = np.array([channel.source in DOUBLE for channel in CHANNELS])


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
    if not suspicious(data, np.zeros(1, np.int64), np.array([len(data)], np.int64))[0]:
        return []
    places = kernel.chunks(data)
    share = charset_text.votes(data, model(), WORDS)
    prior = _language_cost(share)
    score = kernel.scores(data, places, model(), tables(), prior)
    if share[~model().latin].sum() > 0.5:
        score[:, FAR_EAST] -= STRANGE_LANGUAGE
    channel = _judge(score, places[:, 4])
    return _runs(text, places, channel)


def _language_cost(share: NDArray[np.float64]) -> NDArray[np.int32]:
    """What a word of each language costs in a text of such shares, int32 (languages,)."""
    cost: NDArray[np.int32] = np.minimum(-10 * np.log(share / share.max() + 1e-9), STRANGE_LANGUAGE).astype(np.int32)
    return cost


def _judge(score: Scores, line: Ints) -> Ints:
    """The reading of each chunk, -1 where it is sound."""
    # The prior of a reading is paid once, not with every chunk.
    prior = tables().cost
    bounded = np.where(score == kernel.NEVER, IMPOSSIBLE, np.maximum(score + prior, -60))
    bounded[score == kernel.SAME] = 0
    lines, index = np.unique(line, return_inverse=True)
    by_line = np.tile(-prior, (len(lines), 1))
    np.add.at(by_line, index, bounded)
    by_text = bounded.sum(axis=0) - prior
    best_in_text = int(by_text.argmax())
    text_lost = by_text.max() >= TEXT
    # Pages that differ in a few letters only are told apart by the text as a whole.
    by_line[:, best_in_text] += LEANING if text_lost else 0
    best_in_line = by_line.argmax(axis=1)[index]
    each = np.arange(len(score))
    alone = score.max(axis=1) >= CHUNK
    line_lost = by_line.max(axis=1)[index] >= LINE
    leaning = score.astype(np.int64)
    leaning[each, best_in_line] += LEANING // 2
    leaning[:, best_in_text] += LEANING // 2
    channel = np.where(alone, leaning.argmax(axis=1), -1)
    # One code page read as another spoils every letter: where most chunks are lost, all go that can.
    possible = score > kernel.SAME
    likely = score + prior > 0
    whole_text = LEGACY[best_in_text] & (2 * likely[:, best_in_text].sum() > possible[:, best_in_text].sum())
    in_text = text_lost & np.where(whole_text, possible[:, best_in_text], score[:, best_in_text] > WEAK_IN_TEXT)
    channel[in_text] = best_in_text
    hits, chances = (np.bincount(index, of[each, best_in_line])[index] for of in (likely, possible))
    whole_line = LEGACY[best_in_line] & (2 * hits > chances)
    in_line = line_lost & np.where(whole_line, possible[each, best_in_line], score[each, best_in_line] > WEAK_IN_LINE)
    channel[in_line] = best_in_line[in_line]
    return channel


def _runs(text: str, places: Ints, channel: Ints) -> list[Misreading]:
    out: list[Misreading] = []
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
    return out


def _run(text: str, start: int, end: int, number: int) -> Misreading:
    whole = undo(text[start:end], number, _cut(text, end))
    low, high = start, end
    while low < high and _untouched(text[low], number):
        low += 1
    while high > low and _untouched(text[high - 1], number):
        high -= 1
    repaired = undo(text[low:high], number, _cut(text, high))
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
