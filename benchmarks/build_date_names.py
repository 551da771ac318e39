"""Make src/corpusgate/signals/data/date_names.json: months and weekdays of every language of CLDR, and the order of short dates.

    python benchmarks/build_date_names.py

Names are those of the Gregorian calendar in all forms and widths that babel has, but narrow ones: one letter says little.
The locales of one language, such as those of other scripts and countries, are put together. Orders are kept where the day
comes first: that is what a language can say of numbers by itself, while pages in English order them either way.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from babel import Locale, UnknownLocaleError, localedata

OUT = Path(__file__).parents[1] / "src/corpusgate/signals/data/date_names.json"
NOTE = f"Unicode CLDR as shipped in Babel {version('babel')}; Unicode License v3, \N{COPYRIGHT SIGN} 1991-2025 Unicode, Inc."


def locales() -> Iterator[tuple[str, Locale]]:
    for code in sorted(localedata.locale_identifiers()):
        try:
            yield code, Locale.parse(code)
        except (UnknownLocaleError, ValueError):
            continue


def names(locale: Locale, what: str, numbers: range) -> Iterator[tuple[int, str]]:
    table = getattr(locale, what)
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number in numbers:
                name = table[form][width].get(number, "").strip()
                # Some languages number their months, which needs no list.
                if name and not any(character.isdigit() for character in name):
                    yield number - numbers.start, name


def day_first(locale: Locale) -> str:
    """The mark between the parts of a short date that begins with its day; empty where another part comes first."""
    pattern = re.sub("[\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}\N{ARABIC LETTER MARK}]", "", locale.date_formats["short"].pattern)
    match = re.match(r"d+ *([-./]) *M+ *\1? *y", pattern)
    return match[1] if match else ""


def main() -> None:
    found: dict[str, dict[str, list[dict[str, None]]]] = defaultdict(
        lambda: {"months": [{} for _ in range(12)], "weekdays": [{} for _ in range(7)]}
    )
    marks: dict[str, str] = {}
    for code, locale in locales():
        language = code.split("_")[0]
        for what, numbers in (("months", range(1, 13)), ("days", range(7))):
            for number, name in names(locale, what, numbers):
                found[language]["months" if what == "months" else "weekdays"][number][name] = None
        mark = day_first(locale)
        country = code.split("_")[-1]
        if code == language or len(country) != 2:
            marks.setdefault(language, mark)
        else:
            # Of two scripts the one that needs no name comes first.
            marks.setdefault(f"{language}-{country.lower()}", mark)
    orders = {code: mark for code, mark in sorted(marks.items()) if mark != marks.get(code.split("-")[0], "") or ("-" not in code and mark)}
    lines = [
        f"{json.dumps(language)}: {json.dumps({what: [list(one) for one in many] for what, many in tables.items()}, ensure_ascii=False)}"
        for language, tables in sorted(found.items())
        if any(any(many) for many in tables.values())
    ]
    head = f'{{"from": {json.dumps(NOTE, ensure_ascii=False)},\n"day_first": {json.dumps(orders, ensure_ascii=False)},\n"names": {{\n'
    OUT.write_text(head + ",\n".join(lines) + "\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
