"""Which wrong readings are known: bytes of one character set (`source`) read as another (`reading`).

Each has a table from code points back to bytes and one from bytes to what they should have been; both come from
Python's own codecs. `cost` is a prior in tenths of a nat: what is seldom met must show more evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpusgate.kept import kept_arrays
from corpusgate.kernels.charset_repair import FOUR_BYTES, KATAKANA

Ints = NDArray[np.int64]

NONE = 0xFFFF
UTF8 = "UTF-8"


@dataclass(frozen=True, slots=True)
class Channel:
    """One wrong reading.

    Attributes:
        source: the character set the bytes are in.
        reading: the one they were read as.
        cost: prior, tenths of a nat.
        twice: whether it went wrong in the same way twice.
    """

    source: str
    reading: str
    cost: int
    twice: bool = False

    @property
    def kind(self) -> Literal["utf8", "legacy"]:
        """Whether the bytes were UTF-8."""
        return "utf8" if self.source == UTF8 else "legacy"

    @property
    def name(self) -> str:
        """In words."""
        return f"{self.source} read as {self.reading}{', twice' if self.twice else ''}"


#: windows-1252 stands for Latin-1 too: a reader of either turns the same bytes into the same letters.
WESTERN = "windows-1252"
CODECS = {
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1252": "cp1252",
    "latin-1": "latin_1",
    "windows-1253": "cp1253",
    "windows-1254": "cp1254",
    "windows-1255": "cp1255",
    "windows-1256": "cp1256",
    "windows-1257": "cp1257",
    "cp437": "cp437",
    "cp866": "cp866",
    "Mac Roman": "mac_roman",
    "KOI8-R": "koi8_r",
    "KOI8-U": "koi8_u",
    "ISO-8859-2": "iso8859_2",
    "ISO-8859-5": "iso8859_5",
    "ISO-8859-6": "iso8859_6",
    "ISO-8859-7": "iso8859_7",
    "ISO-8859-9": "iso8859_9",
    "GBK": "gbk",
    "Big5": "cp950",
    "Shift-JIS": "cp932",
    "EUC-JP": "euc_jp",
    "EUC-KR": "cp949",
}
DOUBLE = ("GBK", "Big5", "Shift-JIS", "EUC-JP", "EUC-KR")

CHANNELS = (
    Channel(UTF8, "windows-1252", 15),
    Channel(UTF8, "windows-1252", 35, twice=True),
    Channel(UTF8, "windows-1250", 35),
    Channel(UTF8, "windows-1251", 30),
    Channel(UTF8, "windows-1251", 50, twice=True),
    Channel(UTF8, "windows-1253", 40),
    Channel(UTF8, "windows-1254", 35),
    Channel(UTF8, "windows-1256", 35),
    Channel(UTF8, "cp437", 35),
    Channel(UTF8, "cp866", 40),
    Channel(UTF8, "Mac Roman", 30),
    Channel(UTF8, "KOI8-R", 40),
    Channel(UTF8, "GBK", 45),
    Channel(UTF8, "Shift-JIS", 50),
    Channel("windows-1252", "latin-1", 0),
    Channel("windows-1251", WESTERN, 30),
    Channel("KOI8-R", WESTERN, 40),
    Channel("KOI8-U", WESTERN, 55),
    Channel("ISO-8859-5", WESTERN, 45),
    Channel("windows-1256", WESTERN, 35),
    Channel("ISO-8859-6", WESTERN, 45),
    Channel("windows-1253", WESTERN, 40),
    Channel("ISO-8859-7", WESTERN, 45),
    Channel("windows-1250", WESTERN, 30),
    Channel("ISO-8859-2", WESTERN, 35),
    Channel("windows-1254", WESTERN, 35),
    Channel("KOI8-R", "windows-1251", 70),
    Channel("windows-1251", "KOI8-R", 60),
    Channel("cp866", "windows-1251", 50),
    Channel("windows-1251", "cp866", 70),
    Channel("KOI8-U", "windows-1251", 85),
    Channel("ISO-8859-5", "windows-1251", 70),
    Channel("windows-1251", "ISO-8859-5", 70),
    Channel("windows-1252", "windows-1251", 60),
    Channel("windows-1252", "windows-1250", 45),
    Channel("ISO-8859-2", "windows-1250", 45),
    Channel("windows-1250", "ISO-8859-2", 50),
    Channel("GBK", WESTERN, 45),
    Channel("Big5", WESTERN, 58),
    Channel("Shift-JIS", WESTERN, 50),
    Channel("EUC-JP", WESTERN, 50),
    Channel("EUC-KR", WESTERN, 50),
)


class Tables(NamedTuple):
    """What the kernels need of the channels; encoders and decoders are shared by number.

    Attributes:
        encoder: uint16 (readings, 65536): the byte of a code point, two bytes where above 255, `NONE` if there is none.
        single: uint16 (singles, 256): the code point of a byte, `NONE` where undefined.
        double: uint16 (doubles, 65536): the code point of two bytes, `NONE` where undefined.
        reading: int64 (channels,): row of `encoder`.
        source: int64 (channels,): -1 for UTF-8, row of `single`, or 1000 + row of `double`.
        cost: int64 (channels,): the prior.
        twice: bool (channels,).
        four: uint16 (39420,): the code point of each sequence of four bytes of GB 18030, by its number, within the plane.
        beyond: int64 (channels,): what the source has besides pairs of bytes: 0 nothing, 1 half-width katakana, 2 four bytes.
        far_east: bool (channels,): whether the source is a double-byte page.
        lead: uint32 (65536,): a bit for each row of `encoder` in which the last byte of a code point begins a sequence of UTF-8.
        trail: uint32 (65536,): likewise where its first byte continues one.
        inner: uint32 (65536,): likewise where its two bytes are a lead and its continuation.
        pages: int64 (n,): rows of `encoder` in which legacy pages are read.
    """

    encoder: NDArray[np.uint16]
    single: NDArray[np.uint16]
    double: NDArray[np.uint16]
    reading: Ints
    source: Ints
    cost: Ints
    twice: NDArray[np.bool_]
    four: NDArray[np.uint16]
    beyond: Ints
    far_east: NDArray[np.bool_]
    lead: NDArray[np.uint32]
    trail: NDArray[np.uint32]
    inner: NDArray[np.uint32]
    pages: Ints


def _single(codec: str) -> NDArray[np.uint16]:
    table = np.full(256, NONE, np.uint16)
    for byte in range(256):
        char = bytes((byte,)).decode(codec, "ignore")
        if char:
            table[byte] = ord(char)
    return table


def _double(codec: str) -> NDArray[np.uint16]:
    table = np.full(0x10000, NONE, np.uint16)
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            char = bytes((lead, trail)).decode(codec, "ignore")
            if len(char) == 1 and ord(char) >= 0x80 and not 0xE000 <= ord(char) < 0xF900:
                table[lead << 8 | trail] = ord(char)
    return table


def _four() -> NDArray[np.uint16]:
    """Sequences of four bytes in GB 18030 in their order; the plane ends with number 39,419."""
    table = np.full(39_420, NONE, np.uint16)
    for number in range(len(table)):
        rest, last = divmod(number, 10)
        rest, third = divmod(rest, 126)
        first, second = divmod(rest, 10)
        char = bytes((0x81 + first, 0x30 + second, 0x81 + third, 0x30 + last)).decode("gb18030", "ignore")
        table[number] = ord(char) if len(char) == 1 else NONE
    return table


def _encoder(reading: str) -> NDArray[np.uint16]:
    """From what a reader shows back to the byte; where a page leaves a byte undefined, readers show the C1 control."""
    table = np.full(0x10000, NONE, np.uint16)
    table[:0x80] = np.arange(0x80)
    if reading in DOUBLE:
        codes = _double(CODECS[reading])
        for code in np.flatnonzero(codes != NONE)[::-1]:
            table[codes[code]] = code
    points = _single(CODECS[reading])
    for byte in range(0x80, 0x100):
        if points[byte] != NONE:
            table[points[byte]] = byte
        elif byte < 0xA0 and reading not in DOUBLE:
            table[byte] = byte
    if reading in (WESTERN, "windows-1254"):
        # Read as Latin-1 (or ISO-8859-9) these bytes become C1 controls.
        table[0x80:0xA0] = np.arange(0x80, 0xA0)
    if reading == "Mac Roman":
        table[0x03A9], table[0x20AC], table[0xA4] = 0xBD, 0xDB, 0xDB
    return table


def _by_bits(has: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """A bit for each row, uint32 (columns,)."""
    bits = np.uint32(1) << np.arange(len(has), dtype=np.uint32)[:, None]
    table: NDArray[np.uint32] = np.bitwise_or.reduce(np.where(has, bits, np.uint32(0)), axis=0)
    return table


@lru_cache(maxsize=1)
def tables() -> Tables:
    """All tables, read or made once a process."""
    return Tables(*kept_arrays("channels", [__file__], _tables))


def _tables() -> Tables:
    readings = list(dict.fromkeys(channel.reading for channel in CHANNELS))
    singles = list(dict.fromkeys(c.source for c in CHANNELS if c.source != UTF8 and c.source not in DOUBLE))
    doubles = list(dict.fromkeys(c.source for c in CHANNELS if c.source in DOUBLE))

    def number(source: str) -> int:
        if source == UTF8:
            return -1
        return 1000 + doubles.index(source) if source in DOUBLE else singles.index(source)

    encoder = np.stack([_encoder(name) for name in readings])
    known, wide = (encoder != NONE) & (np.arange(0x10000) >= 0x80), encoder > 0xFF
    first, second = np.where(wide, encoder >> 8, encoder), encoder & 0xFF
    lead_first, trail_second = known & (first >= 0xC2), known & wide & (second >= 0x80) & (second < 0xC0)
    lead_last = np.where(wide, known & (second >= 0xC2), lead_first)
    trail_first = known & (first >= 0x80) & (first < 0xC0)
    return Tables(
        encoder,
        np.stack([_single(CODECS[name]) for name in singles]),
        np.stack([_double(CODECS[name]) for name in doubles]),
        np.array([readings.index(c.reading) for c in CHANNELS], np.int64),
        np.array([number(c.source) for c in CHANNELS], np.int64),
        np.array([c.cost for c in CHANNELS], np.int64),
        np.array([c.twice for c in CHANNELS], np.bool_),
        _four(),
        np.array([{"Shift-JIS": KATAKANA, "GBK": FOUR_BYTES}.get(c.source, 0) for c in CHANNELS], np.int64),
        np.array([c.source in DOUBLE for c in CHANNELS], np.bool_),
        lead=_by_bits(lead_last),
        trail=_by_bits(trail_first),
        inner=_by_bits(lead_first & trail_second),
        pages=np.array(sorted({readings.index(c.reading) for c in CHANNELS if c.source != UTF8}), np.int64),
    )
