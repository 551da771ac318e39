"""What is planted in the sample corpus, and where the checker must find it.

Each function damages some records of one source and says, by itself, which evidence that leaves: nothing here asks
the checker. Indices are positions among the source's records.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from corpusgate.records import MATCH_LIMIT
from sample_news.stories import Record, written

LONE_SURROGATE = "\ud83d"
#: What corpusgate shows in the place of a lone surrogate: a noncharacter, which has no name.
SHOWN_SURROGATE = "\ufdd0"


@dataclass
class Planter:
    """The list of what was planted."""

    rows: list[dict[str, str | None]] = field(default_factory=list)

    def plant(self, record: Record, check: str, column: str, match: str | None, note: str) -> None:
        """Note one piece of evidence; `match` is None where the record as a whole is the finding."""
        self.rows.append({"record_id": record.url, "check": check, "field": column, "match": match, "note": note})


def _rewrite(record: Record, *lines: str) -> None:
    record.content = "\n".join(lines)


def portal(records: list[Record], planter: Planter) -> None:
    """An Arabic portal whose template lost its way: one page in full, and the footer in all that came later."""
    footer = "جميع الحقوق محفوظة لبوابة الساحل"
    form = "لن يتم نشر عنوان بريدك الإلكتروني"
    page = records[3]
    ticker = " ".join(record.title for record in records[5:18])
    share = "شارك الخبر على"
    _rewrite(
        page, ticker, page.title, page.title, "نشر في 12 شباط / مارس 2026", page.title, page.lines[0], page.title, page.title,
        page.lines[1], page.title, page.lines[2], page.title, share, form, footer, footer,
    )  # fmt: skip
    planter.plant(page, "boilerplate/ticker", "text", ticker, "thirteen headlines glued into one line")
    for _ in range(7):
        planter.plant(page, "headlines/repeated-in-text", "text", page.title, "alternative texts of pictures and players")
    planter.plant(page, "dates/months-contradict", "text", "12 شباط / مارس", "February by one name, March by the other")
    planter.plant(page, "boilerplate/share-and-subscribe", "text", "شارك الخبر على", "share buttons")
    planter.plant(page, "boilerplate/double-footer", "text", footer, "the footer stands twice")
    # The records from April on.
    later = records[15:]
    for record in later:
        _rewrite(record, *record.lines, form, footer)
        planter.plant(record, "boilerplate/extraction-broke", "text", form, "the template lost its way in April")
    for record in (page, *later):
        planter.plant(record, "boilerplate/comment-form", "text", form, "template of the comment form")
        planter.plant(record, "boilerplate/repeated-lines", "text", form, "template of the comment form")
        for _ in range(2 if record is page else 1):
            planter.plant(record, "boilerplate/terms-and-copyright", "text", "جميع الحقوق محفوظة", "footer")
            planter.plant(record, "boilerplate/repeated-lines", "text", footer, "footer")
    for record in records:
        record.published = f"{(record.published or '')[:10]}T21:00:00Z"
        planter.plant(record, "dates/time-zone-lost", "published", record.published, "midnight, where the clocks are three hours ahead")
    typed = records[2]
    _rewrite(typed, *typed.lines, "فتح الجسر القد\u06ccم.")
    planter.plant(typed, "encoding/persian-letters-in-arabic", "text", "القد\u06ccم", "typed on a keyboard for Persian")
    tatweel = records[1]
    tatweel.title = tatweel.title.replace("بلدية", "بلـــدية")
    planter.plant(tatweel, "encoding/tatweel", "headline", "\N{ARABIC TATWEEL}" * 3, "a word stretched for looks")


def valley(records: list[Record], planter: Planter) -> None:
    """An Arabic paper: letters from an old typesetting system, and a headline lost to question marks."""
    forms = "\ufee3\ufeaa\ufead\ufeb3\ufe94"
    record = records[2]
    _rewrite(record, *record.lines, f"وقال متحدث إن {forms} القرية ستفتح أبوابها قريبا.")
    planter.plant(record, "encoding/presentation-forms", "text", forms, "glyphs instead of letters")
    record = records[7]
    record.title = "???? ?????? ?? ???????"
    planter.plant(record, "encoding/question-mark-runs", "headline", record.title, "written to a database that had no Arabic")
    for record in records[8:14]:
        record.published = f"{datetime.fromisoformat(record.published or ''):%d/%m/%Y}"
    turned = records[14]
    turned.published = f"{datetime.fromisoformat(turned.published or ''):%m/%d/%Y}"
    planter.plant(turned, "dates/orders-mixed", "published", turned.published, "an editor's browser was set to the United States")


def harbour(records: list[Record], planter: Planter) -> None:
    """An English paper: a login page, a cut headline, a bell, dates that cannot be."""
    wall = records[4]
    prompts = "Please log in to continue", "Forgot your password?"
    _rewrite(wall, *prompts)
    for line in prompts:
        planter.plant(wall, "boilerplate/share-and-subscribe", "text", line, "a form to log in")
    planter.plant(wall, "boilerplate/wall-page", "text", None, "the login page in place of the article")
    cut = records[6]
    cut.title = cut.title[:38].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    planter.plant(cut, "headlines/truncated", "headline", "\N{HORIZONTAL ELLIPSIS}", "taken from a list of teasers")
    bell = records[9]
    bell.content = bell.content.replace(". ", ".\x07 ").replace(".\n", ".\x07\n", 1)
    for _ in range(bell.content.count("\x07")):
        planter.plant(bell, "encoding/control-characters", "text", "\x07", "a bell from a teletype feed")
    ahead = records[11]
    ahead.published = written(datetime(2027, 5, 1, 8, 0, tzinfo=UTC), "rfc")
    ahead.updated = None
    planter.plant(ahead, "dates/in-the-future", "published", ahead.published, "nine months after the crawl")
    late = records[13]
    late.updated = "2026-01-15T08:00:00Z"
    planter.plant(late, "dates/after-modified", "published", late.published, "modified before it was published")
    quote = records[15]
    _rewrite(quote, *quote.lines, "Neighbours say they don\u00e2\u20ac\u2122t mind the noise.")
    planter.plant(quote, "encoding/mojibake", "text", "don\u00e2\u20ac\u2122t", "UTF-8 read as windows-1252")
    trimmed = records[14]
    _rewrite(trimmed, *trimmed.lines, "The ferry takes 20\N{LATIN CAPITAL LETTER A WITH CIRCUMFLEX} minutes at low tide.")
    stray = "\N{LATIN CAPITAL LETTER A WITH CIRCUMFLEX}"
    planter.plant(trimmed, "encoding/trimmed-no-break-spaces", "text", stray, "half of a no-break space")
    unclear = records[18]
    unclear.published, unclear.updated = "07/04/2026", None
    planter.plant(unclear, "dates/ambiguous", "published", unclear.published, "a template for feeds of two countries")
    other = records[1]
    other.title += ", 4 March 2026"
    other.published, other.updated = written(datetime(2026, 4, 3, 6, 57, tzinfo=UTC), "rfc"), None
    planter.plant(other, "dates/headline-contradiction", "headline", "4 March 2026", "04/03 read with the month first")
    never = records[17]
    _rewrite(never, *never.lines, "The old pier was closed on 30 February 2021 for repairs.")
    planter.plant(never, "dates/impossible-day", "text", "30 February 2021", "a template that added a month to 30 January")


def gazette(records: list[Record], planter: Planter) -> None:
    """An English paper that imported its archive anew: half of it carries the second of the import, and one story came in three times."""
    for record in records[:24]:
        record.published, record.updated = "2026-06-30T03:14:15Z", None
        for check in ("dates/piled-up", "dates/one-second"):
            planter.plant(record, check, "published", record.published, "the import's time instead of the article's")
    story, *again = records[26:29]
    planter.plant(story, "headlines/duplicate-in-source", "headline", story.title, "a story that came in three times")
    for record in again:
        record.title, record.content = story.title, story.content
        planter.plant(record, "headlines/duplicate-in-source", "headline", story.title, "a story that came in three times")
        planter.plant(record, "headlines/text-repeated-in-source", "text", None, "a story that came in three times")
    for changed, (record, other) in enumerate((records[29:31], records[31:33])):
        other.content = record.content
        other.title = f"{record.title[:-3]}" if changed else f"{record.title}, again"
        check = "headlines/cut-copy" if changed else "headlines/near-in-source"
        planter.plant(other, check, "headline", None, "a headline cut off by a list" if changed else "a headline that was touched up")
        planter.plant(other, "headlines/text-repeated-in-source", "text", None, "a story that was saved again")
    _furniture(records, planter)


def _furniture(records: list[Record], planter: Planter) -> None:
    """What is left of a page that an extractor took nearly whole, the foot of another, and a line that four of them share."""
    forms = ("Sign in", "Register", "Create an account", "My account", "Remember me", "Forgot password")
    whole = records[5]
    _rewrite(whole, *forms * 3, " ".join(whole.lines), *forms * 2)
    planter.plant(whole, "boilerplate/mostly-furniture", "text", "\n".join(forms * 3)[:MATCH_LIMIT], "forms of the page around the story")
    for line in forms * 5:
        planter.plant(whole, "boilerplate/share-and-subscribe", "text", line, "forms of the page around the story")
    foot, menu = records[6], ("Weather 14\N{DEGREE SIGN}", "Events", "Apps", "Photos", "Gift cards")
    links = "Videos | Archive | RSS | Jobs | Gift cards | 12:40"
    _rewrite(foot, " ".join(foot.lines), *forms[:2], *menu, links, *menu[::-1], forms[0])
    planter.plant(foot, "boilerplate/link-list", "text", links, "links of the page's foot")
    for line in (*forms[:2], forms[0]):
        planter.plant(foot, "boilerplate/share-and-subscribe", "text", line, "forms of the page's foot")
    for line in (*menu, *menu):
        planter.plant(foot, "boilerplate/stray-lines", "text", line, "the menu of the page's foot, twice")
    shared = "Letters to the editor"
    for record in records[10:16]:
        _rewrite(record, " ".join(record.lines), shared)
        for check in ("boilerplate/repeated-lines", "boilerplate/stray-lines-elsewhere"):
            planter.plant(record, check, "text", shared, "a rubric of the site under its stories")


def lantern(records: list[Record], planter: Planter) -> None:
    """A French paper: a consent notice since spring, a word in mojibake, a date in words."""
    notice = "Nous utilisons des cookies pour compter les visites de la page."
    for record in records[12:]:
        _rewrite(record, notice, *record.lines)
        planter.plant(record, "boilerplate/consent-notice", "text", "Nous utilisons des cookies", "template since spring")
        planter.plant(record, "boilerplate/repeated-lines", "text", notice, "template since spring")
    word = records[5]
    _rewrite(word, *word.lines, "Le caf\u00c3\u00a9 du port offrait la tourn\u00c3\u00a9e.")
    planter.plant(word, "encoding/mojibake", "text", "caf\u00c3\u00a9", "UTF-8 read as windows-1252")
    planter.plant(word, "encoding/mojibake", "text", "tourn\u00c3\u00a9e", "UTF-8 read as windows-1252")
    escaped = records[7]
    _rewrite(escaped, *escaped.lines, "La recette du caf%C3%A9 froid est au dos.")
    planter.plant(escaped, "encoding/escapes", "text", "%C3%A9", "taken from an address")
    vague = records[8]
    vague.published = "prochainement"
    planter.plant(vague, "dates/unreadable", "published", vague.published, "a word instead of a date")
    fair = records[13]
    fair.published = "12-14 mars 2026"
    planter.plant(fair, "dates/several-days", "published", fair.published, "the days of a fair, taken for the date of its story")
    fresh = records[10]
    fresh.published = "Publié à 14:30"
    planter.plant(fresh, "dates/relative", "published", fresh.published, "what the page said to its reader")


def rinn(records: list[Record], planter: Planter) -> None:
    """A German paper: markup, a placeholder, zero-width spaces, a weekday that is another."""
    tags = records[1]
    _rewrite(tags, tags.lines[0], '<div class="teaser">', tags.lines[1], "</div>", tags.lines[2])
    planter.plant(tags, "boilerplate/leftover-markup", "text", '<div class="teaser">', "markup escaped once too often")
    planter.plant(tags, "boilerplate/leftover-markup", "text", "</div>", "markup escaped once too often")
    untitled = records[4]
    untitled.title = "Ohne Titel"
    planter.plant(untitled, "headlines/missing", "headline", None, "the editor's placeholder")
    hidden = records[7]
    hidden.content = hidden.content.replace("Wetterstation", "Wetter\N{ZERO WIDTH SPACE}station").replace(
        "Haltestelle", "Halte\N{ZERO WIDTH SPACE}stelle"
    )
    hidden.content = hidden.content.replace("Imker", "Im\N{ZERO WIDTH SPACE}ker", 1)
    for _ in range(hidden.content.count("\N{ZERO WIDTH SPACE}")):
        planter.plant(hidden, "encoding/invisible-characters", "text", "\N{ZERO WIDTH SPACE}", "a place to break the word")
    joined = records[9]
    _rewrite(joined, joined.lines[0], "\N{ZERO WIDTH NO-BREAK SPACE}" + joined.lines[1], *joined.lines[2:])
    planter.plant(joined, "encoding/byte-order-mark", "text", "\N{ZERO WIDTH NO-BREAK SPACE}", "two files put together")
    turned = records[11]
    _rewrite(turned, *turned.lines, "Die Datei hie\u00df Plan\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe am Ende.")
    planter.plant(turned, "encoding/bidi-controls", "text", "\N{RIGHT-TO-LEFT OVERRIDE}", "a file name that reads otherwise than it is")
    weekday = records[10]
    _rewrite(weekday, *weekday.lines, "Der Rat berät darüber am Montag, 3. März 2026, im alten Rathaus.")
    planter.plant(weekday, "dates/weekday-contradiction", "text", "Montag, 3. März 2026", "the third of March 2026 is a Tuesday")
    letters = records[13]
    letters.content = letters.content.replace("ü", "u\N{COMBINING DIAERESIS}", 1)
    if "u\N{COMBINING DIAERESIS}" in letters.content:
        planter.plant(letters, "encoding/not-nfc", "text", "u\N{COMBINING DIAERESIS}", "typed on a system that takes umlauts apart")


def lighthouse(records: list[Record], planter: Planter) -> None:
    """A Spanish paper: one headline on three records, an empty text, entities, a date the url does not bear out."""
    headline = "La marea de hoy en el puerto"
    for record in records[2:5]:
        record.title = headline
        planter.plant(record, "headlines/recurring", "headline", headline, "a rubric instead of a headline")
    empty = records[7]
    empty.content = ""
    planter.plant(empty, "boilerplate/empty-text", "text", None, "a picture gallery without a word")
    empty.title = records[8].title
    planter.plant(empty, "headlines/duplicate-without-text", "headline", empty.title, "the gallery of a story")
    quoted = records[9]
    _rewrite(quoted, *quoted.lines, "Lo llaman &quot;el banco azul&quot; desde hace años.")
    for _ in range(2):
        planter.plant(quoted, "encoding/html-entities", "text", "&quot;", "quotation marks escaped twice")
    moved = records[11]
    moved.published, moved.updated = "2026-07-20T06:20:00Z", None
    planter.plant(moved, "dates/url-contradiction", "published", moved.published, "months after the day in its url")


def backwater(records: list[Record], planter: Planter) -> None:
    """A Russian paper: its name on headlines, windows-1251 read as windows-1252, bytes replaced."""
    for record in records[:6]:
        record.title += " | Вестник Затона"
        planter.plant(record, "headlines/outlet-glued-on", "headline", "| Вестник Затона", "taken from the title element")
    disguised = records[9]
    _rewrite(
        disguised,
        *disguised.lines,
        "\u041f\u043e\u0434\u0440\u006f\u0431\u043d\u043e\u0441\u0442\u0438 \u0437\u0430\u0432\u0442\u0440\u0430.",
    )
    word = "\u041f\u043e\u0434\u0440\u006f\u0431\u043d\u043e\u0441\u0442\u0438"
    planter.plant(disguised, "encoding/mixed-scripts", "text", word, "a Latin letter in a Russian word")
    misread = records[11]
    misread.title = misread.title.encode("cp1251").decode("cp1252")
    planter.plant(misread, "encoding/wrong-code-page", "headline", misread.title, "windows-1251 read as windows-1252")
    lost = records[8]
    run = "\N{REPLACEMENT CHARACTER}" * 2
    _rewrite(lost, *lost.lines, f"Подробности объ{run}вят в пятницу.")
    planter.plant(lost, "encoding/replacement-character", "text", run, "a letter cut in half between two buffers")


def clouds(records: list[Record], planter: Planter) -> None:
    """A Chinese paper: navigation, a missing date, half an emoji."""
    menu = records[3]
    _rewrite(menu, "首页", *menu.lines)
    planter.plant(menu, "boilerplate/navigation", "text", "首页", "the way home from the page's head")
    undated = records[6]
    undated.published = undated.updated = None
    planter.plant(undated, "dates/missing", "published", None, "the template of picture stories has no date")
    half = records[9]
    _rewrite(half, *half.lines, f"欢迎大家来做客{LONE_SURROGATE}。")
    planter.plant(half, "encoding/lone-surrogates", "text", SHOWN_SURROGATE, "an emoji cut in half")


def dawn(records: list[Record], planter: Planter) -> None:
    """A Persian paper: an archive of last year, read with the month first; the day on which computers begin."""
    for record in records:
        day = datetime.fromisoformat(record.published or "").replace(year=2025) + timedelta(days=10)
        if day.day <= 12:
            swapped = day.replace(month=day.day, day=day.month)
            record.published, record.updated = written(swapped, "iso"), None
            if swapped.month not in range(2, 6):
                planter.plant(record, "dates/day-and-month-swapped", "published", record.published, "the month came first to this reader")
        else:
            record.published, record.updated = written(day, "iso"), None
    typed = records[5]
    _rewrite(typed, *typed.lines, "پل \u0643هنه دوباره باز شد.")
    planter.plant(typed, "encoding/arabic-letters-in-persian", "text", "\u0643هنه", "typed on a keyboard for Arabic")
    first = records[8]
    first.published, first.updated = "1970-01-01T00:00:00Z", None
    planter.plant(first, "dates/sentinel", "published", first.published, "a missing number read as zero")


DAMAGE = {
    "bawabat-alsahil.example": portal,
    "sahifat-alwadi.example": valley,
    "harbour-post.example": harbour,
    "skarn-gazette.example": gazette,
    "la-lanterne.example": lantern,
    "rinnbote.example": rinn,
    "el-faro-bajo.example": lighthouse,
    "vestnik-zatona.example": backwater,
    "yunxi-wanbao.example": clouds,
    "sobh-sepidrud.example": dawn,
}
