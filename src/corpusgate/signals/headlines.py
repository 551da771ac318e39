"""Headlines: missing, cut off, doubled within their source, across sources or inside their own text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpusgate.kernels.characters import classes, count_class
from corpusgate.kernels.patterns import Pattern
from corpusgate.signals.across import Query, across, different, groups, surplus
from corpusgate.signals.base import Hits, View, signal

#: Shortest headline looked for in its own text, in folded letters: shorter ones are phrases that prose repeats.
OWN_TEXT_LETTERS = 12

#: Folded letters from which on a headline in running prose is a copy too: an article about "enterprise cloud storage" says
#: so, a whole sentence is repeated by templates alone (of 1,821 clean articles 4 say theirs twice, of shorter ones 22 more).
SENTENCE_LETTERS = 40

#: Shortest headline compared with others, in folded letters: «الطقس» or "Sport" name a section, not a story.
DUPLICATE_LETTERS = 8

#: Headlines of a source that carry the same tail or head at least, and share of its headlines, for that to be its name.
GLUED_RECORDS, GLUED_SHARE = 5, 0.05

#: What templates and exporters write where a headline is missing, in lower case.
PLACEHOLDERS = (
    "untitled", "untitled document", "no title", "(no title)", "[no title]", "title", "headline", "null", "none", "nan", "n/a", "na", "-",
    "--", "undefined", "[object object]", "tba", "todo", "test", "lorem ipsum", "no headline", "new post", "new page", "default title",
    "sans titre", "(sans titre)", "ohne titel", "unbenannt", "kein titel", "sin título", "sin titulo", "(sin título)",
    "без названия", "без заголовка", "нет заголовка", "بدون عنوان", "بلا عنوان", "لا يوجد عنوان", "(بدون عنوان)",
    "بی عنوان", "بی\u200cعنوان",
    "无标题", "無標題", "未命名", "无题", "暂无标题", "{{title}}", "{title}", "%title%", "${title}",
)  # fmt: skip

#: Letters and digits of the longest of them, and of nothing.
LONGEST_PLACEHOLDER = max(sum(map(str.isalnum, placeholder)) for placeholder in PLACEHOLDERS)


@signal("headlines", needs=("headline",))
def headline_missing(view: View) -> Hits:
    """The headline is empty, white space or a placeholder."""
    segments = view.haystack.segment("headline")
    short = np.flatnonzero(view.survey.letters[segments] <= LONGEST_PLACEHOLDER)
    written = pc.fill_null(view.columns["headline"].take(pa.array(short)), "")
    trimmed = pc.utf8_lower(pc.utf8_trim_whitespace(written))
    missing = pc.or_(pc.equal(trimmed, ""), pc.is_in(trimmed, pa.array(PLACEHOLDERS)))
    return Hits.whole(segments[short[np.asarray(missing)]])


#: What ends a sentence or a quotation.
_WHOLE = (
    "?", "!", '"', "\N{ARABIC QUESTION MARK}", "\N{FULLWIDTH QUESTION MARK}", "\N{FULLWIDTH EXCLAMATION MARK}",
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}", "\N{RIGHT DOUBLE QUOTATION MARK}",
)  # fmt: skip


#: Headlines shorter than any list would cut them, in code points, and letters of a last word that a sentence may end with.
_SHORT, _LAST_WORD = 24, 4


def _is_style(before: str, mark: str) -> bool:
    """Whether what stands before an ellipsis is whole, so that nothing was cut off: a question, or few words that end in a noun.

    Scripts without spaces say as much in half the characters, and have no last word.
    """
    before = before.lstrip()
    if before.rstrip().endswith(_WHOLE):
        return True
    last = before.split(" ")[-1]
    return mark[0] in ".\N{HORIZONTAL ELLIPSIS}" and len(before) <= _SHORT and len(last) >= _LAST_WORD and max(before) < _UNSPACED


#: From here on scripts are written without spaces.
_UNSPACED = "\N{CJK RADICAL REPEAT}"


@signal(
    "headlines",
    patterns=(
        Pattern(r"\x{2026}", field="headline"),
        Pattern(r"\.\.\.+", field="headline"),
        Pattern(r"\[ ?(?:\x{2026}|\.\.\.+) ?\]", field="headline"),
        Pattern(r"\( ?(?:\x{2026}|\.\.\.+) ?\)", field="headline"),
    ),
    needs=("headline",),
)
def headline_truncated(view: View) -> Hits:
    """The headline ends in an ellipsis: a teaser's cut copy of it."""
    matches = view.matches.take(view.is_field(view.matches.segment, "headline")).longest()
    # Only the last of a headline can be its end.
    matches = matches.take(np.diff(matches.segment, append=-1) != 0)
    begins, ends = view.haystack.starts[matches.segment], view.haystack.ends[matches.segment]
    places = zip(begins.tolist(), matches.start.tolist(), matches.end.tolist(), ends.tolist(), strict=True)
    cut = [
        not view.haystack.text(end, last).strip() and not _is_style(view.haystack.text(first, start), view.haystack.text(start, end))
        for first, start, end, last in places
    ]
    return Hits.of(matches.take(np.array(cut, np.bool_)))


@signal("headlines", needs=("headline", "text"))
def headline_in_text(view: View) -> Hits:
    """Places where the record's own headline stands in its text, both folded: as a line of its own, or anywhere if it is long."""
    copies = Hits(*np.ascontiguousarray(view.survey.copies.T))
    if not len(copies):
        return copies
    lines = view.survey.lines
    line = lines.at(copies.start)
    letters = count_class(view.haystack.data, classes(), copies.start, copies.end, 1)
    # Copies come in the order of the text: those on one line are together.
    _, of = np.unique(line, return_inverse=True)
    segment = copies.segment - view.haystack.fields.index("text") + view.haystack.fields.index("headline")
    alone = np.bincount(of, letters)[of] >= lines.letters[line]
    return copies.take(alone | (view.survey.letters[segment] >= SENTENCE_LETTERS))


@across("headlines", tables=("headlines",), field="headline")
def duplicate_in_source() -> Query:
    """A headline that stands on more than one record of its source, over the same story: folded, and without the outlet's name."""
    return Query(
        table="headlines",
        keys=("source", "title", "story"),
        groups=f"""
            SELECT source, title, story, sum(n) AS detail FROM headlines WHERE letters >= {DUPLICATE_LETTERS} AND story >= 0
            GROUP BY source, title, story HAVING sum(n) > 1
        """,
        evidence="written",
        least=2,
        sieved=("title",),
        note="{detail:,} records of this source have this headline over the same story.",
        listed=True,
        counts={"groups": groups, "surplus": surplus},
        facts={"surplus_as_written": "SELECT sum(records - 1) FROM (SELECT sum(n) AS records FROM headlines GROUP BY source, written)"},
    )


@across("headlines", tables=("headlines",), field="headline")
def duplicate_across_sources() -> Query:
    """A headline that stands on records of more than one source, over the same story."""
    return Query(
        table="headlines",
        keys=("title", "story"),
        groups=f"""
            SELECT title, story, count(DISTINCT source) AS detail FROM headlines WHERE letters >= {DUPLICATE_LETTERS} AND story >= 0
            GROUP BY title, story HAVING count(DISTINCT source) > 1
        """,
        evidence="written",
        least=2,
        sieved=("title",),
        note="{detail:,} sources have this headline over the same story.",
        listed=True,
        counts={"groups": groups},
        facts={
            "surplus_in_corpus": "SELECT sum(records - 1) FROM (SELECT sum(n) AS records FROM headlines GROUP BY title)",
            "surplus_in_corpus_as_written": "SELECT sum(records - 1) FROM (SELECT sum(n) AS records FROM headlines GROUP BY written)",
            "groups_in_corpus_as_written": "SELECT count(*) FROM (SELECT written FROM headlines GROUP BY written HAVING sum(n) > 1)",
        },
    )


@across("headlines", tables=("headlines",), field="headline")
def headline_recurs() -> Query:
    """A headline that stands over different stories of its source: the name of a column or a bulletin."""
    return Query(
        table="headlines",
        keys=("source", "title"),
        groups=f"""
            WITH standing AS (
                SELECT source, title, story, sum(n) AS n FROM headlines WHERE letters >= {DUPLICATE_LETTERS} AND story IS NOT NULL
                GROUP BY source, title, story
            )
            SELECT source, title, sum(CASE WHEN story < 0 THEN n ELSE 1 END) AS detail FROM standing
            GROUP BY source, title HAVING sum(CASE WHEN story < 0 THEN n ELSE 1 END) > 1
        """,
        evidence="written",
        least=2,
        sieved=("title",),
        note="This headline stands over {detail:,} different texts of this source.",
        listed=True,
        counts={"headlines": groups},
    )


@across("headlines", tables=("headlines",), field="headline")
def duplicate_without_text() -> Query:
    """A headline that stands on more than one record of its source, where this one has no text to tell whether it is the same story."""
    return Query(
        table="headlines",
        keys=("source", "title", "silent"),
        groups=f"""
            SELECT source, title, 1 AS silent, sum(n) AS detail FROM headlines WHERE letters >= {DUPLICATE_LETTERS}
            GROUP BY source, title HAVING sum(n) > 1 AND count(silent) > 0
        """,
        evidence="written",
        least=2,
        sieved=("title",),
        note="{detail:,} records of this source have this headline; this one has no text to compare.",
        listed=True,
        counts={"headlines": groups, "surplus": surplus},
    )


@across("headlines", tables=("ends", "records"), field="headline")
def outlet_glued_on(*, min_records: int = GLUED_RECORDS, min_share: float = GLUED_SHARE) -> Query:
    """The same tail or head, set off by a separator, stands on many headlines of a source: the outlet's name."""
    return Query(
        table="ends",
        keys=("source", "hash"),
        groups=f"""
            WITH counted AS (SELECT source, hash, sum(n) AS detail FROM ends GROUP BY source, hash HAVING sum(n) >= {min_records:d})
            SELECT counted.source, hash, detail FROM counted JOIN sources ON counted.source = sources.source
            WHERE detail >= {min_share!r} * records
        """,
        least=min_records,
        share=min_share,
        note="{detail:,} headlines of this source carry it.",
        listed=True,
        counts={"names": different("hash")},
    )
