"""Texts that break off: in dots, or with a prompt to read the rest elsewhere behind their last words."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from corpusgate.kernels.line_shapes import ELLIPSIS
from corpusgate.kernels.patterns import Matches, Pattern, literal
from corpusgate.signals.base import NONE, Hits, Ints, View, signal
from corpusgate.signals.boilerplate import everything
from corpusgate.signals.furniture import furniture
from corpusgate.signals.line_model import thresholds

#: Effective characters of the shortest last line that counts as cut off: a shorter one is a sigh.
CUT_OFF = 40

#: What teasers end with. On a line of its own it is a phrase of the lists.
READ_ON = (
    "Read more", "Continue reading", "Keep reading", "Read the full story", "See more", "Lire la suite", "En savoir plus",
    "Weiterlesen", "Mehr lesen", "Leer más", "Seguir leyendo", "Ler mais", "Continue lendo", "Leggi tutto", "Continua a leggere",
    "Lees verder", "Lees meer", "Czytaj więcej", "Czytaj dalej", "Devamını oku", "Читать далее", "Читать дальше", "Подробнее",
    "Читати далі", "Διαβάστε περισσότερα", "Baca selengkapnya",
    "اقرأ المزيد", "المزيد", "إقرأ المزيد", "تابع القراءة", "ادامه مطلب", "بیشتر بخوانید",
    "مزید پڑھیں", "और पढ़ें", "阅读全文", "查看更多", "続きを読む", "もっと見る", "더 보기", "더보기",
)  # fmt: skip

#: A prompt is a sentence of its own: one ends before it, or breaks off. "He told them to read more" is none.
_BEFORE = frozenset(".!?:)]}\"'»”’…。！？」』؟۔।|>")

#: What may stand between it and the end of the line.
_BEHIND = frozenset(" \t\N{NO-BREAK SPACE}»›>→←«…|[]()↓▶.")

#: Bytes looked at on both sides.
_NEAR = 24


@lru_cache(maxsize=1)
def _prompts() -> tuple[Pattern, ...]:
    return tuple(dict.fromkeys(pattern for phrase in READ_ON for pattern in literal(phrase)))


@lru_cache(maxsize=1)
def _patterns() -> tuple[Pattern, ...]:
    return everything() + _prompts()


def _wanted(**_: object) -> tuple[Pattern, ...]:
    return _patterns()


@signal("boilerplate", patterns=_wanted)
def cut_off(view: View) -> Hits:
    """Texts whose last line, furniture aside, breaks off in dots, or ends in a prompt to read on."""
    is_prompt = view.matches.pattern >= len(everything())
    known = furniture(view.own(view.matches.take(~is_prompt)))
    lines, pages = known.text.lines, known.text.pages
    story = known.score < thresholds()["careful"]
    filled = pages[1:] > pages[:-1]
    last = np.maximum.reduceat(np.where(story, np.arange(len(story)), -1), pages[:-1][filled]) if filled.any() else NONE
    last = last[(last >= 0) & (known.long[last] >= CUT_OFF)]
    prompted = _prompted(view, view.matches.take(is_prompt), known.text.index[last])
    chosen = last[(known.ends[last] == ELLIPSIS) | prompted]
    return Hits(lines.segment[chosen], lines.start[chosen], lines.end[chosen])


def _prompted(view: View, prompts: Matches, lines: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which lines end in a prompt, bool (n,)."""
    data, found = view.haystack.data, set[int]()
    at = np.flatnonzero(np.isin(prompts.line, lines) & (prompts.end >= view.survey.lines.end[prompts.line] - _NEAR))
    for line, start, end in zip(*(column[at].tolist() for column in (prompts.line, prompts.start, prompts.end)), strict=True):
        first, behind = int(view.survey.lines.start[line]), data[end : view.survey.lines.end[line]].tobytes().decode()
        before = data[max(first, start - _NEAR) : start].tobytes().decode(errors="ignore").rstrip(" \t\N{NO-BREAK SPACE}")
        if before[-1:] in _BEFORE and _BEHIND.issuperset(behind.rstrip()) and not behind.startswith((".", " .")):
            found.add(line)
    return np.isin(lines, np.array(sorted(found), np.int64))
