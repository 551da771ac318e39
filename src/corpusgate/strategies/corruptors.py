"""One corruptor for each defect: clean records in, records out of which one check must find something.

A corruptor damages the first record, or as many as the defect needs; it never touches the records it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from corpusgate.records import LONE_SURROGATE
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


def _inside(text: str, piece: str, random: Random) -> str:
    """A text with a piece inside it, between two characters."""
    place = random.randrange(1, len(text) - 1)
    return text[:place] + piece + text[place:]


def _lines(check: str, *choices: str) -> None:
    def damage(records: list[Record], random: Random) -> None:
        records[0]["text"] = into(records[0]["text"], random.choice(choices), random)

    damage.__doc__ = "Leaves a line of the page's furniture in the text."
    corruptor(check)(damage)


def _pieces(check: str, *choices: str) -> None:
    def damage(records: list[Record], random: Random) -> None:
        field = random.choice(("headline", "text"))
        records[0][field] = _inside(records[0][field], random.choice(choices), random)

    damage.__doc__ = "Puts characters into the headline or the text that do not belong there."
    corruptor(check)(damage)


_lines(
    "boilerplate/comment-form", "Your email address will not be published.", "Laisser un commentaire", "لن يتم نشر عنوان بريدك الإلكتروني"
)
_lines("boilerplate/consent-notice", "We use cookies to count visits.", "Wir verwenden Cookies", "Мы используем файлы cookie")
_lines("boilerplate/terms-and-copyright", "All rights reserved", "Tous droits réservés", "جميع الحقوق محفوظة", "版权所有")
_lines("boilerplate/share-and-subscribe", "Share on Facebook", "Suscríbete a nuestro boletín", "شارك الخبر على")
_lines("boilerplate/navigation", "Skip to main content", "Startseite", "الرئيسية", "首页")
_lines("boilerplate/leftover-markup", '<div class="teaser">', "<p>", "<br/>", "</span>")
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
    """Leaves part of a menu behind the text."""
    records[0]["text"] = "\n".join([_paragraph(records[0]), *random.sample(_MENU, 12)])


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


@corruptor("boilerplate/stray-lines-elsewhere", records=6)
def _stray_lines_elsewhere(records: list[Record], random: Random) -> None:
    """Leaves the same few lines behind the text of several records."""
    lines = random.sample(("Photo gallery", "Letters to the editor", "Our apps", "Weather and tides", "Read the full edition"), 3)
    for record in records:
        record["text"] = "\n".join([_paragraph(record), *lines])


_pieces("encoding/replacement-character", "\N{REPLACEMENT CHARACTER}", "\N{REPLACEMENT CHARACTER}" * 3)
_pieces("encoding/control-characters", "\x00", "\x07", "\x1b", "\x7f")
_pieces("encoding/html-entities", "&amp;", "&quot;", "&#39;", "&amp;nbsp;")
_pieces("encoding/invisible-characters", "\N{ZERO WIDTH SPACE}", "\N{WORD JOINER}")
_pieces("encoding/bidi-controls", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{LEFT-TO-RIGHT EMBEDDING}", "\N{RIGHT-TO-LEFT ISOLATE}")
_pieces("encoding/byte-order-mark", "\N{ZERO WIDTH NO-BREAK SPACE}")
_pieces("encoding/lone-surrogates", LONE_SURROGATE)
_pieces("encoding/not-nfc", "e\N{COMBINING ACUTE ACCENT}", "u\N{COMBINING DIAERESIS}")


@corruptor("encoding/mojibake")
def _mojibake(records: list[Record], random: Random) -> None:
    """Reads UTF-8 as windows-1252 or Latin-1."""
    text = random.choice(("Le café fermé rouvre à l'été.", "Die Bürger hören die größte Orgel.", "Niño pequeño soñó con la montaña."))
    records[0]["text"] = into(records[0]["text"], text.encode().decode(random.choice(("cp1252", "latin-1")), "ignore"), random)


@corruptor("encoding/wrong-code-page")
def _wrong_code_page(records: list[Record], random: Random) -> None:
    """Reads windows-1251 or windows-1256 as windows-1252."""
    text, page = random.choice((("Смотритель маяка пересчитал все лодки", "cp1251"), ("النحال الشاب عبر النهر الواسع", "cp1256")))
    records[0]["text"] = into(records[0]["text"], text.encode(page).decode("cp1252", "ignore"), random)


@corruptor("encoding/line-separators")
def _separators(records: list[Record], random: Random) -> None:
    """Parts a headline in the way of a desktop publisher."""
    headline = records[0]["headline"]
    records[0]["headline"] = headline[:1] + random.choice(("\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}")) + headline[1:]


@corruptor("encoding/escapes")
def _escapes(records: list[Record], random: Random) -> None:
    """Leaves letters as they were sent: as percent escapes or as those of JSON."""
    records[0]["text"] = into(records[0]["text"], random.choice(("caf%C3%A9", "%D9%85%D8%B1%D8%AD%D8%A8%D8%A7", "caf\\u00e9 noir")), random)


@corruptor("encoding/mixed-scripts")
def _mixed_scripts(records: list[Record], random: Random) -> None:
    """Writes a word with a letter of another script that looks the same."""
    records[0]["text"] = into(records[0]["text"], random.choice(("p\u0430ssword", "М\u006fсква", "Καλ\u006fκαίρι")), random)


@corruptor("encoding/presentation-forms")
def _presentation_forms(records: list[Record], random: Random) -> None:
    """Writes Arabic in the glyphs of an old typesetting system."""
    records[0]["text"] = into(records[0]["text"], random.choice(("\ufee3\ufeaa\ufead\ufeb3\ufe94", "\ufedb\ufe98\ufe8e\ufe8f")), random)


@corruptor("encoding/tatweel")
def _tatweel(records: list[Record], random: Random) -> None:
    """Stretches a word."""
    records[0]["text"] = into(records[0]["text"], "كتـــاب جديد", random)


@corruptor("encoding/question-mark-runs")
def _question_marks(records: list[Record], random: Random) -> None:
    """Writes a sentence through a character set that has none of its letters."""
    line = records[0]["text"].split("\n")[0]
    lost = "".join(" " if character == " " else "?" for character in line)
    records[0]["text"] = into(records[0]["text"], "????? " + lost, random)


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
