"""Sound text damaged on purpose: every way of going wrong, in many languages, as a whole article, a line, and one word.

Texts are sound articles of the gold folder, two raw corpora for Arabic and Persian, and a few sentences of our own
(encoding_texts.yaml). Each text is of one half for good, by its hash: detectors are tuned on `tune`, figures come from
`figures`. A channel is tried where the text can be written in its source without loss; what the reader cannot show
becomes U+FFFD, or a C1 control in windows-1252 and 1254, as browsers have it. `hard` leaves out what such a character gives away,
`three` what has fewer than three wrong characters.
"""

from __future__ import annotations

import random
import re
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import ftfy
import yaml
from ftfy.badness import is_bad
from gold import SEED, Figures, findings, rows, share, suite_of

from corpusgate.signals.charset_channels import CHANNELS, CODECS, UTF8, WESTERN, Channel
from corpusgate.signals.charsets import Misreading, locate

Half = Literal["tune", "figures"]
Size = Literal["article", "line", "word"]
SIZES: tuple[Size, ...] = ("article", "line", "word")
#: Texts of one language and half for each channel.
MOST = {"article": 4, "line": 12, "word": 12}
#: Pages on which every letter becomes a question mark that they do not have.
LOSSY = ("ascii", "latin-1", "cp1252")
#: Languages whose pages are, or were, written in a legacy page; UTF-8 is for all.
WRITTEN_IN = {
    "windows-1250": "pl cs sk hu hr sl",
    "ISO-8859-2": "pl cs sk hu hr sl",
    "windows-1251": "ru uk be bg sr",
    "KOI8-R": "ru",
    "KOI8-U": "uk ru",
    "ISO-8859-5": "ru be bg sr",
    "cp866": "ru be bg",
    "windows-1253": "el",
    "ISO-8859-7": "el",
    "windows-1254": "tr",
    "ISO-8859-9": "tr",
    "windows-1256": "ar fa ur",
    "ISO-8859-6": "ar",
    "windows-1252": "en de fr es it pt nl sv no da fi is ca et",
    "GBK": "zh",
    "Big5": "zh",
    "Shift-JIS": "ja",
    "EUC-JP": "ja",
    "EUC-KR": "ko",
}
RAW = (("ar", "raw_scraped/ar_saudinewsnet_2015.jsonl.gz", "content"), ("fa", "raw_scraped/fa_farsnews.jsonl.gz", "abstract"))
LONGEST = 6000
#: Wrong characters from which on a text says enough to be told.
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One damaged text.

    Attributes:
        channel: what was read as what.
        language: code of the text's language.
        size: how much of it is damaged.
        sound: the text as it was.
        text: as it is now.
        reversible: whether all bytes can be told from what is shown.
    """

    channel: str
    language: str
    size: Size
    sound: str
    text: str
    reversible: bool

    @property
    def hard(self) -> bool:
        """Whether no U+FFFD and no C1 control gives it away."""
        return not re.search("[\x80-\x9f\ufffd]", self.text)

    @property
    def told(self) -> bool:
        """Whether three characters are wrong or more: one letter in a whole article may be as right as another."""
        return len(self.sound) != len(self.text) or sum(a != b for a, b in zip(self.sound, self.text, strict=True)) >= ENOUGH


def texts(folder: Path, half: Half, figures: Figures) -> dict[str, list[str]]:
    """Sound texts by language, shuffled by seed, of one half."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows(folder, "clean_articles.jsonl.gz", figures, 0, {"text": str, "lang": str}):
        found[row["lang"]].append(row["text"])
    for language, name, field in (raw for raw in RAW if (folder / raw[1]).is_file()):
        found[language] += [row[field] for row in rows(folder, name, figures, 200, {field: str})]
    own = yaml.safe_load((Path(__file__).parent / "encoding_texts.yaml").read_text("utf-8"))
    for language, sentences in own.items():
        found[language].append("\n".join(sentences))
    chosen: dict[str, list[str]] = {}
    for language, all_texts in sorted(found.items()):
        # What is damaged already, or quotes damage, is no ground to stand on.
        sound = sorted({text[:LONGEST] for text in all_texts if not text.isascii() and not is_bad(text) and "\ufffd" not in text})
        if len(sound) < 8:
            # Of few texts each half takes every other line.
            sound = ["\n".join(lines) for text in sound for lines in _in_two(text)]
            chosen[language] = sound[::2] if half == "figures" else sound[1::2]
        else:
            chosen[language] = [text for text in sound if zlib.crc32(text.encode()) % 2 == (half == "figures")]
        random.Random(SEED).shuffle(chosen[language])
    return {language: kept for language, kept in chosen.items() if kept}


def _in_two(text: str) -> tuple[list[str], list[str]]:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2:
        lines = re.split(r"(?<=[.!?\u3002\u06d4]) ?", text)
    return lines[::2], lines[1::2]


def damaged(text: str, channel: Channel) -> tuple[str, bool] | None:
    """A text read wrongly, and whether that can be taken back; None if it cannot be written in the source, or stays as it is."""
    codec = "utf-8" if channel.source == UTF8 else CODECS[channel.source]
    shown, reversible = text, True
    try:
        for _ in range(2 if channel.twice else 1):
            raw = shown.encode(codec)
            shown = _read(raw, channel.reading)
            try:
                reversible = (
                    reversible
                    and "\ufffd" not in shown
                    and (channel.reading in (WESTERN, "windows-1254") or shown.encode(CODECS[channel.reading]) == raw)
                )
            except UnicodeEncodeError:
                reversible = False
    except UnicodeEncodeError:
        return None
    return None if shown == text else (shown, reversible)


def _read(raw: bytes, reading: str) -> str:
    if reading in (WESTERN, "windows-1254"):
        return "".join(bytes((byte,)).decode(CODECS[reading], "ignore") or chr(byte) for byte in raw)
    return raw.decode(CODECS[reading], "replace")


def lossy(text: str, codec: str) -> tuple[str, bool] | None:
    """A text written in a character set without its letters, by a writer that puts a question mark for each."""
    lost = text.encode(codec, "replace").decode(codec)
    return None if lost == text else (lost, False)


def cases(language: str, sound: list[str]) -> Iterator[Case]:
    """All damaged texts of one language."""
    ways: list[tuple[str, object]] = [
        (channel.name, channel) for channel in CHANNELS if language in WRITTEN_IN.get(channel.source, language).split()
    ]
    ways += [(f"lost to ? in {codec}", codec) for codec in LOSSY]
    for name, way in ways:
        chance = random.Random(f"{SEED} {language} {name}")
        made: dict[Size, list[Case]] = {size: [] for size in SIZES}
        for text in sound:
            if all(len(made[size]) >= MOST[size] for size in SIZES):
                break
            for size, before, after, reversible in _damage(text, way, chance):
                if len(made[size]) < MOST[size]:
                    made[size].append(Case(name, language, size, before, after, reversible))
        for size in SIZES:
            yield from made[size]


def _damage(text: str, way: object, chance: random.Random) -> Iterator[tuple[Size, str, str, bool]]:
    def hurt(piece: str) -> tuple[str, bool] | None:
        return damaged(piece, way) if isinstance(way, Channel) else lossy(piece, str(way))

    lines = [line.strip() for line in text.split("\n") if line.strip()]
    # Real pages in a legacy page hold only what it can write: other lines are left out.
    writable = [line for line in lines if line.isascii() or hurt(line)]
    foreign = [line for line in writable if not line.isascii() and len(line) <= 400]
    whole = "\n".join(writable)
    if foreign and 2 * len(writable) >= len(lines) and (after := hurt(whole)):
        yield "article", whole, *after
    for line in chance.sample(foreign, min(3, len(foreign))):
        if after := hurt(line):
            yield "line", line, *after
        words = [match for match in re.finditer(r"\S+", line) if not match.group().isascii()]
        if len(words) + line.isascii() == 0:
            continue
        match = chance.choice(words)
        start, end = match.span()
        if end - start > 24:
            # Written without spaces: a few characters of it.
            start += chance.randrange(end - start - 8)
            end = start + chance.randrange(2, 8)
        if (after := hurt(line[start:end])) and (start, end) != (0, len(line)):
            yield "word", line, line[:start] + after[0] + line[end:], after[1]


def mended(text: str, found: Iterable[Misreading]) -> str:
    """The text with all that was found repaired."""
    for hit in reversed(list(found)):
        text = text[: hit.start] + hit.repaired + text[hit.end :]
    return text


def named_right(case: Case, found: list[Misreading]) -> bool:
    """Whether the reading that most of the damage is put down to is the one, or would have shown the same."""
    if mended(case.text, found) == case.sound:
        return True
    weight: dict[str, int] = defaultdict(int)
    for hit in found:
        weight[_named(hit.channel)] += hit.end - hit.start
    name = max(weight, key=lambda name: weight[name])
    shown = damaged(case.sound, next(channel for channel in CHANNELS if _named(channel.name) == name))
    return name == _named(case.channel) or (shown is not None and shown[0] == case.text)


def _named(channel: str) -> str:
    """Latin-1 and windows-1252 read nearly all bytes alike, and are one channel."""
    return channel.replace("read as latin-1", f"read as {WESTERN}")


def matrix(folder: Path, figures: Figures, half: Half = "figures", peers: bool = True) -> list[tuple[Case, bool, list[Misreading]]]:
    """Score all damaged texts; gives each with whether any check found it, and what `locate` found."""
    figures.head(f"Damage made by us, half '{half}': found (encoding checks that fail or warn; `locate` alone; ftfy.badness.is_bad)")
    made = [case for language, sound in texts(folder, half, figures).items() for case in cases(language, sound)]
    suite = suite_of(lambda check: check.family == "encoding" and check.severity != "info")
    flagged = {
        row["ordinal"] for row in findings([{"id": str(i), "source": "gold", "text": case.text} for i, case in enumerate(made)], suite)
    }
    begun = time.process_time()
    scored = [(case, i in flagged, locate(case.text)) for i, case in enumerate(made)]
    ours = time.process_time() - begun
    peer = [bool(peers and is_bad(case.text)) for case in made]
    fixed = [
        peers and case.reversible and not case.channel.startswith("lost") and ftfy.fix_encoding(case.text) == case.sound for case in made
    ]
    figures.add("matrix/languages", len(made), float(len({case.language for case in made})))
    figures.add("matrix/seconds_per_1000_texts", len(made), 1000 * ours / len(made))
    groups: dict[str, list[int]] = defaultdict(list)
    for i, case in enumerate(made):
        wrong = not case.channel.startswith("lost")
        groups[f"{case.size}/{case.channel}"].append(i)
        if wrong:
            groups[f"{case.size}/all"].append(i)
            groups[f"{case.size}/language {case.language}"].append(i)
        else:
            groups[f"{case.size}/lost to ?"].append(i)
    for name, members in sorted(groups.items()):
        _score(figures, name, [scored[i] for i in members], [peer[i] for i in members], [fixed[i] for i in members])
    return scored


def _score(figures: Figures, name: str, scored: list[tuple[Case, bool, list[Misreading]]], peer: list[bool], fixed: list[bool]) -> None:
    n = len(scored)
    hard = [(flagged, bool(found)) for case, flagged, found in scored if case.hard]
    three = [flagged for case, flagged, _ in scored if case.told]
    figures.add(
        f"matrix/{name}", n, share(sum(flagged for _, flagged, _ in scored), n),
        locate=share(sum(bool(found) for *_, found in scored), n), ftfy=share(sum(peer), n),
        hard=share(sum(flagged for flagged, _ in hard), len(hard)), hard_rows=len(hard),
        three=share(sum(three), len(three)), three_rows=len(three),
    )  # fmt: skip
    told = [(case, found) for case, _, found in scored if found and not case.channel.startswith("lost")]
    if told:
        figures.add(f"matrix/{name}/named_right", len(told), share(sum(named_right(case, found) for case, found in told), len(told)))
    back = [i for i, (case, *_) in enumerate(scored) if case.reversible]
    if back:
        exact = sum(mended(scored[i][0].text, scored[i][2]) == scored[i][0].sound for i in back)
        figures.add(
            f"matrix/{name}/repaired_exactly", len(back), share(exact, len(back)), ftfy=share(sum(fixed[i] for i in back), len(back))
        )
