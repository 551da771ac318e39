"""Stray boilerplate: furniture of the page that stayed in the text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpusgate.errors import Problem
from corpusgate.kernels.characters import SENTENCE, classes, holds_class
from corpusgate.kernels.joining import Joining, count_joining
from corpusgate.kernels.languages import hash_points
from corpusgate.kernels.patterns import Matches, Pattern, literal
from corpusgate.signals import phrase_lists
from corpusgate.signals.across import Query, across, different
from corpusgate.signals.base import Hits, Ints, View, signal

#: Letters of the shortest line called a ticker: the longest headline of six news corpora has 180, a ticker glues several.
TICKER_LETTERS = 300

#: Letters beyond furniture lines below which a page with a wall phrase is nothing but a wall.
WALL_LETTERS = 200

#: Letters of the longest page called a wall: an article about cookies is longer, however often it speaks of them.
WALL_LONGEST = 2000

#: Share of words that join ("and") from which on a long line without punctuation is prose: the least of 10 such lines in
#: 13,000 Arabic and Persian articles has .06, the ticker of a scraped page .015.
JOINED = 0.04

WALL_KINDS = ("consent", "login", "paywall", "error_page")


def everything(**_: object) -> tuple[Pattern, ...]:
    """The phrases of all kinds."""
    return phrase_lists.patterns(phrase_lists.KINDS)


def accepted(view: View) -> Matches:
    """Phrases of all kinds that count as evidence in the text, once for all signals that ask: those of a line must make up half of it."""
    if "phrases" not in view.cache:
        matches = view.matches.take(view.is_field(view.matches.segment, "text"))
        view.cache["phrases"] = phrase_lists.accepted(matches, view.survey.lines, phrase_lists.KINDS)
    return view.cache["phrases"]  # type: ignore[no-any-return]


def in_company(view: View) -> NDArray[np.bool_]:
    """Which of those are not common, or have another phrase of their record beside them: bool (n,)."""
    if "company of phrases" not in view.cache:
        view.cache["company of phrases"] = phrase_lists.in_company(accepted(view))
    return view.cache["company of phrases"]  # type: ignore[no-any-return]


def _phrases(view: View, kinds: tuple[str, ...]) -> Matches:
    """Those of some kinds that are in company."""
    matches = accepted(view)
    return matches.take(phrase_lists.among(kinds)[matches.pattern] & in_company(view))


def _known(kinds: list[str]) -> tuple[Pattern, ...]:
    phrase_lists.of_kinds(tuple(kinds))
    return everything()


@signal("boilerplate", patterns=_known)
def phrases(view: View, *, kinds: list[str]) -> Hits:
    """Phrases of the page's furniture, by kind, from the lists of each language."""
    return Hits.of(_phrases(view, tuple(kinds)).longest())


def _own(phrases: Sequence[str]) -> tuple[Pattern, ...]:
    for phrase in phrases:
        if not phrase.strip() or "\n" in phrase:
            raise Problem("with.phrases", f"{phrase!r} is no phrase", "Write words that stand on one line")
    return tuple(dict.fromkeys(pattern for phrase in phrases for pattern in literal(phrase)))


@signal("boilerplate", patterns=_own)
def own_phrases(view: View, *, phrases: list[str]) -> Hits:
    """Phrases that the check itself lists, as whole words, wherever they stand."""
    return Hits.of(view.matches.longest())


@lru_cache(maxsize=1)
def _of_wall() -> NDArray[np.bool_]:
    return np.array([phrase.kind in WALL_KINDS for phrase in phrase_lists.of_kinds(phrase_lists.KINDS)[1]], np.bool_)


def _distinct(rising: Ints) -> Ints:
    """Each value once."""
    return rising[np.not_equal(np.diff(rising, prepend=-1), 0)]


@signal("boilerplate", patterns=everything)
def wall_page(view: View) -> Hits:
    """A record that is nothing but a consent, login, paywall, error or empty search page."""
    matches, lines = accepted(view), view.survey.lines
    walls = _distinct(matches.segment[_of_wall()[matches.pattern]])
    if not len(walls):
        return Hits.nothing()
    furnished = _distinct(matches.line)
    letters = _letters(walls, lines.segment, lines.letters)
    furniture = _letters(walls, lines.segment[furnished], lines.letters[furnished])
    rest = letters - furniture
    # A short article under a notice is still an article: the furniture must make up most of the page.
    return Hits.whole(walls[(rest < WALL_LETTERS) & (letters <= WALL_LONGEST) & (rest <= furniture)])


def _letters(wanted: Ints, segment: Ints, letters: Ints) -> Ints:
    """Letters of all lines of each wanted segment, where lines are in the order of their segments."""
    total = np.concatenate([np.zeros(1, np.int64), np.cumsum(letters)])
    sums: Ints = total[np.searchsorted(segment, wanted, "right")] - total[np.searchsorted(segment, wanted, "left")]
    return sums


@signal("boilerplate", patterns=everything)
def footer_twice(view: View) -> Hits:
    """A line of the footer that stands more than once in its record: second and later times."""
    index = _distinct(_phrases(view, ("terms",)).line)
    lines = view.survey.lines
    order = index[np.lexsort((index, lines.hash[index], lines.segment[index]))]
    again = (np.diff(lines.hash[order], prepend=0) == 0) & (np.diff(lines.segment[order], prepend=-1) == 0)
    chosen = np.sort(order[again])
    return Hits(lines.segment[chosen], lines.start[chosen], lines.end[chosen])


@signal("boilerplate", needs=("text",))
def text_missing(view: View) -> Hits:
    """The text is empty or white space."""
    segments = view.haystack.segment("text")
    solid = np.bincount(view.survey.lines.segment, minlength=len(view.haystack.starts)) > 0
    return Hits.whole(segments[~solid[segments]])


#: Words that join in the languages of the phrase lists.
JOINING_WORDS = "and et und y e и و"

#: Arabic glues its "and" onto the next word, but these begin with its letter themselves: minister, valley, time, …
OWN_WAW = (
    "وزير وزار وزراء وزن واد وات وارسو واسع واشنطن واضح واقع واحد والد وباء وثيق وثائق وجب وجه وجود وحد ورد ورش "
    "ورق ورث وساط وسام وسائل وسط وسيط وصف وصول وضع وطن وظيف وظائف وعد وعود وعي وفاة وفد وفر وفق وفيات وقت وقف "
    "وكال ولاد ولاي ولد ويل"
)
OWN_WAW_WHOLE = "ولي"


@lru_cache(maxsize=1)
def joining() -> Joining:
    """Words that join, and how Arabic ones begin that only look so."""

    def hashes(words: str) -> Ints:
        return np.array(sorted(int(hash_points(np.array([ord(c) for c in word], np.int64))) for word in words.split()), np.int64)

    longest = max(map(len, OWN_WAW.split()))
    return Joining(hashes(JOINING_WORDS), ord("و"), hashes(OWN_WAW), hashes(OWN_WAW_WHOLE), longest)


@signal("boilerplate")
def ticker(view: View) -> Hits:
    """A long line without any sentence punctuation, and with hardly a word that joins: many headlines glued together."""
    lines = view.survey.lines
    long = np.flatnonzero((lines.letters >= TICKER_LETTERS) & view.is_field(lines.segment, "text"))
    companions = np.bincount(lines.segment, minlength=len(view.haystack.starts))[lines.segment[long]] - 1
    long = long[companions >= 2]
    bare = long[~holds_class(view.haystack.data, classes(), lines.start[long], lines.end[long], SENTENCE)]
    words, joined = count_joining(view.haystack.data, classes(), lines.start[bare], lines.end[bare], joining())
    chosen = bare[joined < JOINED * words]
    return Hits(lines.segment[chosen], lines.start[chosen], lines.end[chosen])


_TAGS = (
    "a|abbr|article|aside|b|blockquote|body|br|button|center|code|div|em|embed|figcaption|figure|font|footer|form|h[1-6]|head|header|"
    "hr|html|i|iframe|img|input|label|li|link|main|meta|nav|noscript|object|ol|option|p|pre|script|section|select|small|source|span|"
    "strike|strong|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|title|tr|u|ul|video"
)
_MEMBERS = ("getElementById", "querySelector", "write", "addEventListener", "location", "dataLayer")
_MARKUP = (
    Pattern(rf"</?(?:{_TAGS})(?:\s[^<>\n]{{0,300}})?\s?/?>", needs="<"),
    Pattern("<!--", needs="<"),
    Pattern("-->", needs=">"),
    Pattern(r"<!doctype [^<>\n]{1,100}>", needs="<"),
    Pattern(r"\[/?(?:caption|embed|gallery|vc_[a-z_]{1,20}|et_pb_[a-z_]{1,20}|shortcode)(?:\s[^\[\]\n]{0,200})?\]", needs="["),
    Pattern(r"(?:var|let|const) [A-Za-z_$][\w$]{0,40} ?= ?(?:function|new|document|window|\[|\{|['\"])", caseless=False, needs="="),
    Pattern(rf"(?:document|window)\.(?:{'|'.join(_MEMBERS)})", caseless=False, holds=("document", "window", *_MEMBERS)),
    Pattern(r"function ?\w* ?\([\w, ]*\) ?\{", caseless=False, needs="{"),
    Pattern(r"\(adsbygoogle ?= ?window\.adsbygoogle", caseless=False, holds=("adsbygoogle",)),
    Pattern(r"googletag\.[a-z]{2,20}", caseless=False, holds=("googletag",)),
    Pattern(r"[.#][A-Za-z][\w-]+ ?\{ ?[a-z-]+ ?: ?[^{}\n]+[;}]", needs="{"),
    Pattern(r"\{\{ ?[A-Za-z_$][\w.$| -]{0,60}\}\}", needs="{"),
    Pattern(r"\{% ?[a-z][^%\n]{0,80}%\}", needs="{"),
    Pattern(r"\$\{[A-Za-z_$][\w.$]{0,60}\}", needs="{"),
    Pattern(r"<%[=-]?[^%\n]{1,80}%>", needs="<"),
    Pattern(r"\[object Object\]", caseless=False, needs="["),
    Pattern("undefined", words=True, caseless=False, holds=("undefined",)),
)
_OPENED, _CLOSED, _STATEMENT, _FILLED, _UNDEFINED = 1, 2, 5, 13, len(_MARKUP) - 1
#: Scripts of pages speak to a browser.
_BROWSER = (6, 7, 8, 9)


@signal("boilerplate", patterns=_MARKUP)
def leftover_markup(view: View) -> Hits:
    """HTML tags, comments, style rules, script statements and template placeholders left in the text."""
    matches = view.matches.take(view.is_field(view.matches.segment, "text"))
    if not len(matches):
        return Hits.nothing()
    lines = view.survey.lines
    alone = (lines.start[matches.line] == matches.start) & (lines.end[matches.line] == matches.end)
    # A word of prose, and an arrow in a diagram: alone on its line, or behind what it ends, it is markup. So is the word where a line
    # has it twice, in the place of two values.
    unfilled = matches.line[matches.pattern == _UNDEFINED]
    twice = (matches.pattern == _UNDEFINED) & np.isin(matches.line, unfilled[1:][np.diff(unfilled) == 0])
    doubtful = (matches.pattern == _UNDEFINED) | (matches.pattern == _CLOSED)
    opened = matches.take(matches.pattern == _OPENED)
    ends = np.isin(matches.segment, opened.segment) | (view.haystack.data[np.maximum(matches.start - 1, 0)] == ord("]"))
    kept = ~doubtful | alone | twice | ((matches.pattern == _CLOSED) & ends)
    # A program that an article shows has statements and strings too, but nothing that speaks to a browser.
    stated = matches.segment[matches.pattern == _STATEMENT]
    shown = np.isin(matches.segment, stated) & ~np.isin(matches.segment, matches.segment[np.isin(matches.pattern, _BROWSER)])
    return Hits.of(matches.take(kept & ~(shown & np.isin(matches.pattern, (_STATEMENT, _FILLED)))).longest())


@across("boilerplate", tables=("lines", "records"), field="text")
def repeated_lines(
    *, min_records: int = 5, min_share: float = 0.01, few_records: int = 3, few_share: float = 0.05, prose_share: float = 0.2
) -> Query:
    """A line that stands in many records of its source, counted over different stories: copies of a text count once.

    Many are `min_records` and `min_share` of the source's stories; or fewer that are more of a small source: `few_records` and
    `few_share`, and `prose_share` of what ends as a sentence does.
    """
    least = min(min_records, few_records)
    return Query(
        table="lines",
        keys=("source", "hash"),
        groups=f"""
            WITH standing AS (
                SELECT source, hash, prose, story, sum(n) AS n FROM lines WHERE letters >= 2 GROUP BY source, hash, prose, story
            ),
            counted AS (
                SELECT source, hash, prose, sum(CASE WHEN story < 0 THEN n ELSE 1 END) AS texts FROM standing
                GROUP BY source, hash, prose HAVING sum(CASE WHEN story < 0 THEN n ELSE 1 END) >= {least:d}
            )
            SELECT counted.source, counted.hash, texts AS detail
            FROM counted JOIN sources ON counted.source = sources.source
            WHERE (texts >= {min_records:d} AND texts >= {min_share!r} * stories)
                OR (texts >= {few_records:d} AND texts >= CASE WHEN prose = 1 THEN {prose_share!r} ELSE {few_share!r} END * stories)
        """,
        least=least,
        share=min(min_share, few_share, prose_share),
        note="This line stands in {detail:,} different texts of this source.",
        listed=True,
        counts={"lines": different("hash")},
    )
