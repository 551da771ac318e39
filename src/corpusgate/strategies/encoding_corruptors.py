"""Corruptors for encoding errors: characters lost, misread, invisible, or of another script."""

from __future__ import annotations

from random import Random

from corpusgate.records import LONE_SURROGATE
from corpusgate.strategies.clean import Record
from corpusgate.strategies.corruptors import corruptor, into


def _inside(text: str, piece: str, random: Random) -> str:
    """A text with a piece inside it, between two characters."""
    place = random.randrange(1, len(text) - 1)
    return text[:place] + piece + text[place:]


def _pieces(check: str, *choices: str) -> None:
    def damage(records: list[Record], random: Random) -> None:
        field = random.choice(("headline", "text"))
        records[0][field] = _inside(records[0][field], random.choice(choices), random)

    damage.__doc__ = "Puts characters into the headline or the text that do not belong there."
    corruptor(check)(damage)


_pieces("encoding/replacement-character", "\N{REPLACEMENT CHARACTER}", "\N{REPLACEMENT CHARACTER}" * 3)
_pieces("encoding/control-characters", "\x00", "\x07", "\x0c", "\x1b", "\x7f")
_pieces("encoding/html-entities", "&amp;", "&quot;", "&#39;", "&amp;nbsp;")
_pieces("encoding/invisible-characters", "\N{ZERO WIDTH SPACE}", "\N{WORD JOINER}")
_pieces("encoding/bidi-controls", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{LEFT-TO-RIGHT EMBEDDING}", "\N{RIGHT-TO-LEFT ISOLATE}")
_pieces("encoding/soft-hyphens", "\N{SOFT HYPHEN}")
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


_ESCAPED = (
    "caf%C3%A9",
    "%D9%85%D8%B1%D8%AD%D8%A8%D8%A7",
    "caf\\u00e9 noir",
    "%u0645%u0631%u062D",
    "it\\u0027s late",
    "caf\\xc3\\xa9",
    "The first line.\\nThe second line.",
    'and \\"no\\" again',
)


@corruptor("encoding/escapes")
def _escapes(records: list[Record], random: Random) -> None:
    """Leaves letters as they were sent: as percent escapes or as those of JSON."""
    records[0]["text"] = into(records[0]["text"], random.choice(_ESCAPED), random)


@corruptor("encoding/mixed-scripts")
def _mixed_scripts(records: list[Record], random: Random) -> None:
    """Writes a word with a letter of another script that looks the same."""
    records[0]["text"] = into(
        records[0]["text"], random.choice(("p\u0430ssword", "P\u0430y\u0420\u0430l", "М\u006fсква", "Καλ\u006fκαίρι")), random
    )


@corruptor("encoding/presentation-forms")
def _presentation_forms(records: list[Record], random: Random) -> None:
    """Writes Arabic in the glyphs of an old typesetting system."""
    records[0]["text"] = into(records[0]["text"], random.choice(("\ufee3\ufeaa\ufead\ufeb3\ufe94", "\ufedb\ufe98\ufe8e\ufe8f")), random)


@corruptor("encoding/tatweel")
def _tatweel(records: list[Record], random: Random) -> None:
    """Stretches a word."""
    records[0]["text"] = into(records[0]["text"], "كتـــاب جديد", random)


@corruptor("encoding/trimmed-no-break-spaces")
def _trimmed(records: list[Record], random: Random) -> None:
    """Reads UTF-8 as windows-1252 and trims what no-break spaces became."""
    piece = random.choice(("Five kilometres.{} The tide turns at 6{}", "A ferry{} leaves at noon"))
    records[0]["text"] = into(records[0]["text"], piece.format(*["\N{LATIN CAPITAL LETTER A WITH CIRCUMFLEX}"] * 2), random)


@corruptor("encoding/arabic-letters-in-persian")
def _arabic_letters(records: list[Record], random: Random) -> None:
    """Types Persian on a keyboard for Arabic."""
    text = random.choice(("پلي كه باز شد", "زنبوردار جوان كتاب را خواند"))
    records[0]["text"], records[0]["language"] = into(records[0]["text"], text, random), "fa"


@corruptor("encoding/persian-letters-in-arabic")
def _persian_letters(records: list[Record], random: Random) -> None:
    """Types Arabic on a keyboard for Persian."""
    text = random.choice(("فتح الجسر القدیم", "قرأ النحال کتابا"))
    records[0]["text"], records[0]["language"] = into(records[0]["text"], text, random), "ar"


@corruptor("encoding/question-mark-runs")
def _question_marks(records: list[Record], random: Random) -> None:
    """Writes a sentence through a character set that has none of its letters."""
    line = records[0]["text"].split("\n")[0]
    lost = "".join(" " if character == " " else "?" for character in line)
    records[0]["text"] = into(records[0]["text"], "????? " + lost, random)
