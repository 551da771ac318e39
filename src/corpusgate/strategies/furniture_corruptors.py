"""Corruptors of lines that only the model of lines tells, and of whole sources: see `corruptors`."""

from __future__ import annotations

from random import Random

from corpusgate.strategies.clean import Record
from corpusgate.strategies.corruptors import corruptor

#: Lines that stand around stories on many sites, and in no phrase list.
_MENU = (
    "Photos", "Videos", "Weather 14°", "Archive", "RSS", "Jobs", "Gift cards", "12:40", "Apps", "Events", "Comments (23)", "Log out",
    "My profile", "Podcasts", "Crossword", "Horoscope", "TV guide", "Top stories", "Help", "FAQ",
)  # fmt: skip


def _paragraph(record: Record) -> str:
    """The text of a record as one paragraph, since it is prose that furniture stands out from."""
    return ("" if record["language"] == "zh" else " ").join(record["text"].split("\n"))


@corruptor("boilerplate/stray-lines")
def _stray_lines(records: list[Record], random: Random) -> None:
    """Leaves part of a menu and of the page's foot behind the text."""
    records[0]["text"] = "\n".join([_paragraph(records[0]), *random.sample(_MENU, 12), "All rights reserved"])


@corruptor("boilerplate/stray-lines-alone")
def _stray_lines_alone(records: list[Record], random: Random) -> None:
    """Leaves a line of a menu behind the text, and nothing that speaks for it."""
    records[0]["text"] = "\n".join([_paragraph(records[0]), "Gift cards"])


@corruptor("boilerplate/mostly-furniture")
def _mostly_furniture(records: list[Record], random: Random) -> None:
    """Leaves all menus of the page around the text."""
    menus = [line for _ in range(6) for line in random.sample(_MENU, len(_MENU))]
    records[0]["text"] = "\n".join([*menus[: len(menus) // 2], _paragraph(records[0]), *menus[len(menus) // 2 :]])


@corruptor("boilerplate/link-list")
def _link_list(records: list[Record], random: Random) -> None:
    """Leaves links of the page's foot behind the text."""
    names = random.sample(_MENU, 12)
    records[0]["text"] = "\n".join([_paragraph(records[0]), *names[:3], " | ".join(names[3:9]), *names[9:]])


@corruptor("boilerplate/cut-off")
def _cut_off(records: list[Record], random: Random) -> None:
    """Cuts the last sentence of the text and puts dots in its place."""
    text = records[0]["text"]
    last = text.split("\n")[-1]
    records[0]["text"] = text[: len(text) - random.randrange(1, max(2, len(last) // 8))].rstrip(" .。") + "\N{HORIZONTAL ELLIPSIS}"


@corruptor("boilerplate/end-marks")
def _end_marks(records: list[Record], random: Random) -> None:
    """Leaves the mark with which an agency ends its copy."""
    records[0]["text"] += "\n" + random.choice(("-ENDS-", "// انتهى //", "انتهای پیام/", "（完）"))


@corruptor("boilerplate/stray-lines-elsewhere", records=6)
def _stray_lines_elsewhere(records: list[Record], random: Random) -> None:
    """Leaves the same few lines behind the text of several records."""
    lines = random.sample(("Photo gallery", "Letters to the editor", "Our apps", "Weather and tides", "Read the full edition"), 3)
    for record in records:
        record["text"] = "\n".join([_paragraph(record), *lines])


@corruptor("boilerplate/extraction-broke", records=40)
def _extraction_broke(records: list[Record], random: Random) -> None:
    """Leaves the foot of the page in all records from the month on that the middle one is of."""
    month = records[len(records) // 2]["published"][:7]
    for record in records:
        if record["published"][:7] >= month:
            record["text"] += "\n" + random.choice(("All rights reserved", "جميع الحقوق محفوظة", "版权所有"))
