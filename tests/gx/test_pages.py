"""Data Docs of the expectations: what stands in values is shown, and never run."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import great_expectations
import pandas as pd
import pytest
from great_expectations.checkpoint import UpdateDataDocsAction
from needs import unavailable

from corpusgate import api, gx
from corpusgate.rows import suite_of

# Beside the tests of the report, which use it too.
_found = spec_from_file_location("chromium", Path(__file__).parents[1] / "faces" / "chromium.py")
assert _found is not None
assert _found.loader is not None
chromium = module_from_spec(_found)
_found.loader.exec_module(chromium)

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><b onmouseover=alert(1)>',
    "</script><iframe src=javascript:alert(1)>",
    "$value {{ 7 * 7 }} {% raw %}",
)
DAMAGED = "caf\u00c3\u00a9 \ufffd &amp;"
HARMLESS = tuple(f"harmless {i}" for i in range(len(HOSTILE)))


class Page(HTMLParser):
    """The elements of a page, with all that may run in them, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.handlers: list[str] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self._in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self._in_script = tag == "script"
        self.handlers += [name for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript:")]

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        (self.scripts if self._in_script else self.text).append(data)


def expectations() -> list[Any]:
    return [
        gx.ExpectColumnValuesToHaveNoMojibake(column="body", mostly=0.5),
        gx.ExpectColumnValuesToHaveNoMarkup(column="body"),
        gx.ExpectColumnValuesToBeFreeOfBoilerplate(column="body"),
        gx.ExpectColumnValuesToHaveNoReplacementCharacters(column="body", row_condition='id!="<b>"', condition_parser="pandas"),
        gx.ExpectColumnValuesToBeSanePublicationDates(column="published", today="2026-11-25"),
        gx.ExpectHeadlineNotRepeatedInText(column_list=["title", "body"]),
        gx.ExpectHeadlinesToBeUniqueWithinSource(column_list=["site", "title"]),
    ]


def pages(root: Path, values: tuple[str, ...], result_format: str) -> list[Page]:
    """The Data Docs of a project over texts that hold some values in all columns."""
    title = "Ferry sails again to Skarn"
    rows = [
        {
            "id": value,
            "site": value,
            "title": f"{value} {title}",
            "body": f"{value} {title}\nLeave a comment\nYour email address\n{value} {DAMAGED} {value}\n{value} {title}",
            "published": f"{value}",
        }
        for value in values
        for _ in range(2)
    ]
    context = great_expectations.get_context(mode="file", project_root_dir=root)
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("p").add_dataframe_asset("t").add_batch_definition_whole_dataframe("all")
    suite = context.suites.add(great_expectations.ExpectationSuite(name="s", expectations=expectations()))
    definition = context.validation_definitions.add(great_expectations.ValidationDefinition(name="v", data=asset, suite=suite))
    checkpoint = context.checkpoints.add(
        great_expectations.Checkpoint(
            name="c",
            validation_definitions=[definition],
            actions=[UpdateDataDocsAction(name="pages")],
            result_format={"result_format": result_format, "unexpected_index_column_names": ["id", "site"]},
        )
    )
    (result,) = checkpoint.run(batch_parameters={"dataframe": pd.DataFrame(rows)}).run_results.values()
    assert [single.result["unexpected_count"] for single in result.results] == [len(rows)] * len(expectations())
    return [Page(path.read_text("utf-8")) for path in sorted(root.rglob("*.html"))]


@pytest.mark.parametrize("result_format", ["SUMMARY", "COMPLETE", "BASIC"])
def test_no_value_becomes_an_element_or_a_script(tmp_path: Path, result_format: str) -> None:
    hostile, harmless = (pages(tmp_path / name, values, result_format) for name, values in (("a", HOSTILE), ("b", HARMLESS)))
    assert len(hostile) == len(harmless) == 3
    for page, known in zip(hostile, harmless, strict=True):
        assert page.elements == known.elements
        assert page.handlers == known.handlers
        assert "alert(1)" not in "".join(page.scripts)
    # They are shown all the same.
    told = "\n".join(hostile[-1].text + hostile[0].text + hostile[1].text)
    assert all(value in told for value in HOSTILE[:3])
    assert "49" not in "".join(text for text in hostile[1].text if "{{" in text)


@pytest.mark.browser
def test_a_browser_shows_hostile_values_and_runs_none(tmp_path: Path) -> None:
    if chromium.program() is None:
        unavailable("browser", "Chromium is not here")
    pages(tmp_path / "docs", HOSTILE, "COMPLETE")
    browser, shown = chromium.Chromium(tmp_path / "profile"), ""
    try:
        for path in sorted((tmp_path / "docs").rglob("*.html")):
            # What runs opens a dialog, and no page is loaded behind that.
            browser.open(path.as_uri())
            made = "document.querySelectorAll('[onerror], [onload], [onmouseover], iframe, main svg, img[src=x]').length"
            assert browser.run(made) == 0, path
            shown += browser.run("document.body.textContent")
    finally:
        browser.close()
    assert all(value in shown for value in HOSTILE[:5])


def test_pages_say_what_is_expected(tmp_path: Path) -> None:
    told = " ".join(" ".join(text for page in pages(tmp_path, HARMLESS, "SUMMARY") for text in page.text).split())
    assert "must have no text that was decoded with a wrong character set, in at least 50 % of rows" in told
    assert "no headline may stand on several records of its source" in told


def test_what_sources_are_called_is_no_code_in_the_pages_of_a_checkpoint(tmp_path: Path) -> None:
    def run(name: str, values: tuple[str, ...]) -> list[Page]:
        records = [{"source": value, "text": "a \ufffd b", "headline": f"Ferry {value}"} for value in values for _ in range(60)]
        api.check(records, suite_of(("encoding/replacement-character",)), out=tmp_path / name / "run")
        context = great_expectations.get_context(mode="file", project_root_dir=tmp_path / name)
        context.variables.progress_bars = {"globally": False}
        result = gx.run_checkpoint(tmp_path / name / "run", context, [UpdateDataDocsAction(name="pages")])
        assert not result.success
        return [Page(path.read_text("utf-8")) for path in sorted((tmp_path / name / "gx").rglob("*.html"))]

    hostile, harmless = run("a", HOSTILE), run("b", HARMLESS)
    assert [page.elements for page in hostile] == [page.elements for page in harmless]
    assert len(hostile) == 3
    assert [page.handlers for page in hostile] == [page.handlers for page in harmless]
