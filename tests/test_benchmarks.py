"""The accuracy benchmark runs over a small gold folder of every shape, with a file missing and rows malformed."""

from __future__ import annotations

import gzip
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ACCURACY = Path(__file__).parents[1] / "benchmarks" / "accuracy.py"
MISSING = "boilerplate_partial.jsonl.gz"

Row = dict[str, Any]

SOUND = "The café by the harbour opened again after the storm, and its owners thanked their neighbours."
STORY = "The council of Lower Mill voted for a second bridge, which will be built of oak before the winter."
FOOTER = "All rights reserved"
ALERT = "*** sent by the night desk ***"


def written(raw: str, iso: str, kind: str, lang: str | None = "en", **more: Any) -> Row:
    told = {"has_year": True, "self_contained": True, "machine_format": False, "context": "", "id": raw, "source": "mill"}
    return {**told, "raw": raw, "iso": iso, "kind": kind, "lang": lang, **more}


def line(text: str, label: str, weak: bool = False) -> Row:
    return {"text": text, "label": label} | ({"weak": True} if weak else {})


def page(number: int, **more: Any) -> Row:
    lines = [line("Lower Mill", "title"), line(STORY, "content"), line(f"{FOOTER}.", "boilerplate"), line("Next", "boilerplate", True)]
    return {"id": f"mill/{number}", "lang": "en", "site": "mill.example", "page_type": "article", "lines": lines, **more}


def pair(a: str, b: str, same: bool, source: str, unit: str, **more: Any) -> Row:
    return {"id": a, "source": source, "unit": unit, "a": a, "b": b, "near_dup": same, "lang": "en", **more}


GOLD: dict[str, list[Any]] = {
    "mojibake.jsonl.gz": [
        {"original": SOUND.encode().decode("cp1252"), "is_bad": True, "kind": "constructed: cp1252", "fixed": SOUND},
        {"original": SOUND, "is_bad": False, "kind": "negative", "fixed": None},
        {"original": None, "is_bad": True, "kind": "of the wrong type", "fixed": None},
    ],
    "clean_articles.jsonl.gz": [
        {
            "id": str(i),
            "source": "mill",
            "lang": "en",
            "title": f"Bridge {i}",
            "text": f"{STORY} {i}",
            "published": None,
            "crawl_date": None,
        }
        for i in range(3)
    ],
    "dates.jsonl.gz": [
        written("2024-05-17T10:00:00+00:00", "2024-05-17", "meta", machine_format=True),
        written("Friday, 17 May 2024", "2024-05-17", "time_text"),
        written("3. Mai 2024", "2024-05-03", "visible_line", "de", clean=True),
        written("Posted 3 May 2024 by our desk and read by many", "2024-05-03", "visible_line", "en", clean=False),
        written("4 أكتوبر/تشرين الأول 2021", "2021-10-04", "ar_in_text_bilingual", "ar"),
        written("last Friday", "2024-05-17", "library_test", None, self_contained=False),
        written("5 May 2024", "the fifth of May", "time_text"),
        '{"raw": "6 May 2024", "iso',
        ["no", "object"],
    ],
    "dates_natural_defects.jsonl": [
        {
            "id": "1",
            "lang": "en",
            "raw": "Monday, 17 May 2024",
            "defect": "weekday",
            "context": "It opened on Monday, 17 May 2024, they said.",
        }
    ],
    "boilerplate_lines.jsonl.gz": [page(1), page(2, site=None), page(3, lines=[line(STORY, "content"), "no line", {"label": "content"}])],
    "seed_page.jsonl": [page(0)],
    "repeated_lines_labelled.jsonl": [
        {"id": "rep/1", "corpus": "mill_2024", "lang": "en", "text": ALERT, "records": 6, "label": "boilerplate"},
        {"id": "rep/2", "corpus": "mill_2024", "lang": "en", "text": STORY, "records": 2, "label": "content_repeated"},
    ],
    "raw_scraped/mill_2024.jsonl.gz": [
        {"source": "mill", "title": f"Bridge {i}", "content": f"{STORY if i < 2 else SOUND} {i}\n{STORY if i < 2 else SOUND}\n{ALERT}"}
        for i in range(6)
    ],
    "near_dups.jsonl.gz": [
        pair("Council votes for bridge", "Council votes for bridge!", True, "headlines", "headline"),
        pair("Council votes for bridge", "Storm closes the harbour", False, "headlines", "headline"),
        pair(STORY, STORY.upper(), True, "articles", "article", a_title="Bridge", b_title="Oak"),
        pair(STORY, SOUND, False, "articles", "article", a_title=None, b_title="Harbour"),
    ],
}


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    for name, rows in GOLD.items():
        path = tmp_path / "gold" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "".join((row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows)
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return tmp_path / "gold"


@pytest.mark.slow
def test_every_file_is_scored_and_what_is_missing_is_named(gold: Path, tmp_path: Path) -> None:
    pytest.importorskip("dateparser")
    pytest.importorskip("ftfy")
    out = tmp_path / "figures.json"
    command = [sys.executable, str(ACCURACY), "--gold", str(gold), "--json", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(out.read_text("utf-8"))
    notes = told.pop("notes")

    assert f"{MISSING} is missing: not scored" in notes
    assert f"{MISSING} is missing" in done.stdout
    assert [note for note in notes if "missing" in note] == [f"{MISSING} is missing: not scored"]
    assert "mojibake.jsonl.gz: malformed and left out: 1 rows" in notes
    assert "dates.jsonl.gz: malformed and left out: 2 rows" in notes
    assert all(isinstance(value, int | float) for value in told.values())

    expected = {
        "mojibake/recall/all": 1, "mojibake/recall/all.rows": 1, "mojibake/false_alarms/all": 0,
        "clean/boilerplate/fail": 0, "clean/encoding/fail": 0,
        "dates/exact/all": 1, "dates/exact/all.rows": 5, "dates/wrong/all": 0, "dates/exact/machine.dateparser": 1,
        "dates/exact/Arabic/bilingual": 1, "dates/exact/short line/de.rows": 1, "dates/exact/long or glued line.rows": 1,
        "dates/natural/all": 1, "dates/planted/weekday": 1, "dates/planted/second_month": 1, "dates/contradiction_alarms": 0,
        "lines/recall/all": 1, "lines/recall/strong": 1, "lines/content_lost/all": 0, "lines/content_lost/all.rows": 3,
        "lines/recall/all.c4_like": 1, "lines/pages_hit/all": 0,
        "seed_page/recall/all": 1,
        "repeated/boilerplate_found": 1, "repeated/content_falsely": 0, "repeated_alone/boilerplate_found": 0,
        "pairs/headlines/recall": 1, "pairs/headlines/precision": 1, "pairs/headlines/auc.jaccard": 1,
        "pairs/articles/recall": 1, "pairs/articles/recall.same_text": 1, "pairs/articles/recall.same_headline": 0,
    }  # fmt: skip
    assert {name: told.get(name) for name in expected} == expected
    assert told["dates/per_second"] > told["dates/per_second.dateparser"] > 0
    assert not [name for name in told if name.startswith("partial/")]


def test_tables_of_two_sizes_are_resolved_and_compared(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    command = [sys.executable, str(ACCURACY.with_name("scale.py")), "--lines", "0.05", "0.2", "--json", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(out.read_text("utf-8"))
    small, large = told["sizes"]
    assert (small["lines"], large["headlines"]) == (50_000, 40_000)
    assert 0 < small["repeated_lines"] < large["repeated_lines"]
    assert told["exponents"][0]["tables_mb"] == pytest.approx(1, abs=0.1)
    assert 0 < large["allocated_mb"] < told["limit_mb"]


def test_a_ratio_that_drops_by_more_than_a_third_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ACCURACY.parent))
    peers = importlib.import_module("peers")
    speeds = {"corpusgate": 60.0, "orjson": 300.0, "ftfy is_bad": 6.0, "great_expectations 300": 90.0}
    monkeypatch.setattr(peers, "RATIOS", tmp_path / "ratios.json")
    monkeypatch.setattr(peers, "QUICK_MB", 0)
    monkeypatch.setattr(peers, "run", lambda name, *_: {"mb_per_s": speeds[name]})
    assert peers.quick(accept=True) == 0
    speeds["corpusgate"] = 41.0
    assert peers.quick(accept=False) == 0
    speeds["orjson"] = 320.0
    assert peers.quick(accept=False) == 1
    assert "suite to orjson" in capsys.readouterr().out.split("dropped")[0].splitlines()[-1]
    monkeypatch.setattr(peers, "run", lambda *_: {"missing": "orjson"})
    assert peers.quick(accept=False) == 4


@pytest.mark.parametrize("name", ["ftfy is_bad", "ftfy fix_text", "great_expectations 50", "orjson", "corpusgate"])
def test_a_peer_does_its_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    pytest.importorskip("ftfy")
    monkeypatch.syspath_prepend(str(ACCURACY.parent))
    peers = importlib.import_module("peers")
    path = importlib.import_module("speed_corpus").build(tmp_path / "some.jsonl", 400_000)
    told = peers.run(name, path, 1.0, Path(sys.executable))
    assert told["records"] > 50, told
    assert told["mb_per_s"] > 0


def test_a_peer_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ACCURACY.parent))
    peers = importlib.import_module("peers")
    path = importlib.import_module("speed_corpus").build(tmp_path / "some.jsonl", 10_000)
    told = peers.run("dolma", path, 1.0, Path(sys.executable))
    assert "dolma" in told["missing"]


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory of processes is told by Linux")
def test_runs_of_two_sizes_are_measured_with_their_processes(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    command = [sys.executable, str(ACCURACY.with_name("cores.py")), "--gb", "0.001", "0.002", "--jobs", "1", "--json", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    told = json.loads(out.read_text("utf-8"))
    small, large = told["runs"]
    assert 2 * small["bytes"] == pytest.approx(large["bytes"], rel=0.02)
    assert all(100 < run["allocated_mb"] <= run["memory_mb"] < 1500 and run["cpu_seconds"] > 0 for run in told["runs"])
    assert told["exponents"][0]["memory_mb"] == pytest.approx(0, abs=0.3)
