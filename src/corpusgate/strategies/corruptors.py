"""One corruptor for each defect: clean records in, records out of which one check must find something.

A corruptor damages the first record, or as many as the defect needs; it never touches the records it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from corpusgate.strategies.clean import Record

Damage = Callable[[list[Record], Random], None]


@dataclass(frozen=True, slots=True)
class Corruptor:
    """How one defect comes about.

    Attributes:
        check: the check that must find it, such as `encoding/mojibake`.
        summary: what it does, in one sentence.
        damage: changes the records in place.
        records: fewest records it needs.
    """

    check: str
    summary: str
    damage: Damage
    records: int = 1

    def apply(self, records: list[Record], random: Random) -> list[Record]:
        """Damaged copies of some clean records."""
        copies = [dict(record) for record in records]
        self.damage(copies, random)
        return copies


_MADE: dict[str, Corruptor] = {}

#: All corruptors by the check that must find what they do.
CORRUPTORS: Mapping[str, Corruptor] = _MADE


def corruptor(check: str, records: int = 1) -> Callable[[Damage], Damage]:
    """Register a function as the corruptor for a check; its docstring says what it does."""

    def register(function: Damage) -> Damage:
        _MADE[check] = Corruptor(check, (function.__doc__ or "").strip(), function, records)
        return function

    return register


def into(text: str, piece: str, random: Random) -> str:
    """A text with a piece as a line of its own."""
    lines = text.split("\n")
    lines.insert(random.randrange(len(lines) + 1), piece)
    return "\n".join(lines)


def _lines(check: str, *choices: str) -> None:
    def damage(records: list[Record], random: Random) -> None:
        records[0]["text"] = into(records[0]["text"], random.choice(choices), random)

    damage.__doc__ = "Leaves a line of the page's furniture in the text."
    corruptor(check)(damage)


_lines(
    "boilerplate/comment-form", "Your email address will not be published.", "Laisser un commentaire", "لن يتم نشر عنوان بريدك الإلكتروني"
)
_lines("boilerplate/consent-notice", "We use cookies to count visits.", "Wir verwenden Cookies", "Мы используем файлы cookie")
_lines("boilerplate/terms-and-copyright", "All rights reserved", "Tous droits réservés", "جميع الحقوق محفوظة", "版权所有")
_lines("boilerplate/share-and-subscribe", "Share on Facebook", "Suscríbete a nuestro boletín", "شارك الخبر على")
_lines("boilerplate/navigation", "Skip to main content", "Startseite", "الرئيسية", "首页")
_lines("boilerplate/leftover-markup", '<div class="teaser">', "<p>", "<br/>", "</span>")


@corruptor("boilerplate/ticker")
def _ticker(records: list[Record], random: Random) -> None:
    """Glues headlines into one line."""
    headline = records[0]["headline"].replace(",", "")
    spoken = sum(map(str.isalpha, headline))
    records[0]["text"] = into(records[0]["text"], " ".join([headline + " II"] * (400 // spoken + 1)), random)


@corruptor("boilerplate/repeated-lines", records=6)
def _repeated(records: list[Record], random: Random) -> None:
    """Leaves the same line in several records."""
    for record in records[:6]:
        record["text"] = into(record["text"], "Desk four 0815", random)


@corruptor("boilerplate/wall-page")
def _wall(records: list[Record], random: Random) -> None:
    """Saves the consent, login or error page in place of the article."""
    records[0]["text"] = random.choice(("We use cookies to\nAccept all", "Please log in to continue", "Страница не найдена", "页面不存在"))


@corruptor("boilerplate/double-footer")
def _double_footer(records: list[Record], random: Random) -> None:
    """Keeps the footer of the page for large and for small screens."""
    records[0]["text"] += "\n" + "\n".join([random.choice(("All rights reserved", "جميع الحقوق محفوظة", "Alle Rechte vorbehalten"))] * 2)


@corruptor("boilerplate/empty-text")
def _empty(records: list[Record], random: Random) -> None:
    """Keeps nothing of the text."""
    records[0]["text"] = random.choice(("", " ", "\n\n"))


@corruptor("headlines/duplicate-in-source", records=2)
def _duplicate(records: list[Record], random: Random) -> None:
    """Saves one story twice."""
    records[1]["headline"] = records[0]["headline"] + random.choice(("", "!", " "))
    records[1]["text"] = records[0]["text"]


@corruptor("headlines/duplicate-across-sources", records=2)
def _duplicate_across(records: list[Record], random: Random) -> None:
    """Gives another outlet's record the same headline and text."""
    records[1]["headline"], records[1]["text"] = records[0]["headline"], records[0]["text"]
    records[1]["source"] = f"other-{records[0]['source']}"


@corruptor("headlines/recurring", records=2)
def _recurring(records: list[Record], random: Random) -> None:
    """Gives two stories the headline of a column."""
    records[1]["headline"] = records[0]["headline"]


@corruptor("headlines/duplicate-without-text", records=2)
def _without_text(records: list[Record], random: Random) -> None:
    """Saves a headline again without its text."""
    records[1]["headline"], records[1]["text"] = records[0]["headline"], random.choice(("", " "))


@corruptor("headlines/text-repeated-in-source", records=2)
def _repeated_text(records: list[Record], random: Random) -> None:
    """Saves one text twice, under two headlines."""
    records[1]["text"] = records[0]["text"] + random.choice(("", ".", " "))


@corruptor("headlines/text-repeated-across-sources", records=2)
def _repeated_text_across(records: list[Record], random: Random) -> None:
    """Prints another outlet's text under a headline of its own."""
    records[1]["text"] = records[0]["text"]
    records[1]["source"] = f"other-{records[0]['source']}"


@corruptor("headlines/near-in-source", records=2)
def _near(records: list[Record], random: Random) -> None:
    """Saves a story again after its headline was touched up."""
    records[1]["headline"] = records[0]["headline"] + random.choice((" II", " (b)", " xyz"))
    records[1]["text"] = records[0]["text"]


@corruptor("headlines/near-across-sources", records=2)
def _near_across(records: list[Record], random: Random) -> None:
    """Prints another outlet's story under nearly its headline."""
    _near(records, random)
    records[1]["source"] = f"other-{records[0]['source']}"


@corruptor("headlines/cut-copy", records=2)
def _cut(records: list[Record], random: Random) -> None:
    """Saves a story again from a list that cuts headlines off."""
    headline = records[0]["headline"]
    records[1]["headline"] = headline[: len(headline) * 3 // 4].rstrip() + random.choice(("…", "..."))
    records[1]["text"] = records[0]["text"]


@corruptor("headlines/repeated-in-text")
def _in_text(records: list[Record], random: Random) -> None:
    """Leaves the captions of pictures and players in the text."""
    for _ in range(random.randrange(2, 6)):
        records[0]["text"] = into(records[0]["text"], records[0]["headline"], random)


@corruptor("headlines/truncated")
def _truncated(records: list[Record], random: Random) -> None:
    """Cuts the headline off."""
    headline = records[0]["headline"]
    records[0]["headline"] = headline[: len(headline) * 2 // 3].rstrip() + random.choice(("…", "...", " […]"))


@corruptor("headlines/missing")
def _headline_missing(records: list[Record], random: Random) -> None:
    """Puts a placeholder for the headline, or nothing."""
    records[0]["headline"] = random.choice(("", "  ", "Untitled", "null", "Sans titre", "بدون عنوان"))


@corruptor("headlines/outlet-glued-on", records=8)
def _glued(records: list[Record], random: Random) -> None:
    """Takes headlines from the title element, with the outlet's name."""
    tail = random.choice((" | The Post", " - The Post", " – The Post"))
    for record in records[:8]:
        record["headline"] += tail
