"""What each peer is given to do, in a process of its own: run by peers.py as `python peer_tasks.py NAME CORPUS BUDGET`.

Prints one JSON object: `seconds` of CPU for `bytes` of text in `records`, or `missing` where the peer is not installed. Reading,
imports and warming up are not counted for peers, which is kinder to them than to corpusgate, whose reading and writing are.
Peers that look at records one by one stop when the budget of seconds is spent; the others get a number of records that the
budget should do.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

Record = dict[str, str]


@dataclass(frozen=True)
class Done:
    """CPU seconds that some records took, bytes of their headlines and texts."""

    seconds: float
    records: int
    bytes: int


@dataclass(frozen=True)
class Peer:
    """A peer.

    Attributes:
        package: its distribution.
        does: what it is given to do here.
        lacks: what of the suite's work it does not do.
        work: does it: corpus and seconds that it may take.
    """

    package: str
    does: str
    lacks: str
    work: Callable[[Path, float], Done]


def rows(path: Path) -> Iterator[Record]:
    """The records of a corpus."""
    with path.open("rb") as file:
        for line in file:
            row = json.loads(line)
            yield {name: row.get(name) or "" for name in ("id", "source", "headline", "text", "published", "crawled")}


def size(row: Record) -> int:
    """Bytes of headline and text."""
    return len(row["headline"].encode("utf-8", "replace")) + len(row["text"].encode("utf-8", "replace"))


def one_by_one(prepare: Callable[[], Callable[[Record], object]]) -> Callable[[Path, float], Done]:
    """A task that takes records one by one until the budget is spent."""

    def work(path: Path, budget: float) -> Done:
        function = prepare()
        records, done, taken, seconds = rows(path), 0, 0, 0.0
        function(next(rows(path)))
        for row in records:
            begun = time.process_time()
            function(row)
            seconds += time.process_time() - begun
            done, taken = done + 1, taken + size(row)
            if seconds > budget:
                break
        return Done(seconds, done, taken)

    return work


def at_once(a_second: int, prepare: Callable[[Sequence[Record]], Callable[[], object]]) -> Callable[[Path, float], Done]:
    """A task over many records, of which it is expected to do so many a second."""

    def work(path: Path, budget: float) -> Done:
        chosen = [row for row, _ in zip(rows(path), range(int(a_second * budget)), strict=False)]
        # Warmed up by other records, and measured once: some keep in mind what they found.
        prepare(chosen[: len(chosen) // 10 + 50])()
        task = prepare(chosen)
        begun = time.process_time()
        task()
        return Done(time.process_time() - begun, len(chosen), sum(map(size, chosen)))

    return work


def corpusgate_suite(path: Path, _: float) -> Done:
    import speed

    speed.measure(path)
    return Done(min(speed.measure(path)[0] for _ in range(3)), sum(1 for _ in rows(path)), sum(map(size, rows(path))))


def orjson_lines(path: Path, _: float) -> Done:
    import speed

    return Done(min(speed.parse(path) for _ in range(5)), sum(1 for _ in rows(path)), sum(map(size, rows(path))))


def ftfy_is_bad() -> Callable[[Record], object]:
    from ftfy.badness import is_bad

    return lambda row: is_bad(row["text"])


def ftfy_fix() -> Callable[[Record], object]:
    import ftfy

    return lambda row: ftfy.fix_text(row["text"])


def phrases(count: int) -> str:
    """So many phrases of furniture as one regular expression without regard to case; peers know none of their own."""
    import re

    known = json.loads(os.environ["PEER_PHRASES"])
    # Spread over the lists, which are sorted by language.
    chosen = known[:: max(len(known) // count, 1)][:count]
    return "(?i)" + "|".join(re.escape(phrase) for phrase in chosen)


#: What mojibake is told by in a rule that people write themselves.
MOJIBAKE = "\u00c3[\u0080-\u00bf]|\u00e2\u20ac|\u00d0[\u0080-\u00bf]|\u00d8[\u0080-\u00bf]|\ufffd"
ISO_DAY = r"^\d{4}-\d\d-\d\d"


def frame(records: Sequence[Record]) -> Any:
    import pandas as pd

    # What a lone surrogate became stays; pandas refuses the surrogate itself.
    return pd.DataFrame([{name: value.encode("utf-8", "replace").decode() for name, value in row.items()} for row in records])


def great_expectations(count: int) -> Callable[[Sequence[Record]], Callable[[], object]]:
    def prepare(records: Sequence[Record]) -> Callable[[], object]:
        import great_expectations as gx
        from great_expectations import expectations as gxe

        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        asset = context.data_sources.add_pandas("records").add_dataframe_asset("records")
        batch = asset.add_batch_definition_whole_dataframe("all").get_batch(batch_parameters={"dataframe": frame(records)})
        suite = gx.ExpectationSuite(
            "news",
            expectations=[
                gxe.ExpectColumnValuesToNotMatchRegex(column="text", regex=phrases(count)),
                gxe.ExpectColumnValuesToNotMatchRegex(column="text", regex=MOJIBAKE),
                gxe.ExpectCompoundColumnsToBeUnique(column_list=["source", "headline"]),
                gxe.ExpectColumnValuesToMatchRegex(column="published", regex=ISO_DAY),
            ],
        )

        def validate() -> None:
            result = batch.validate(suite, result_format="BOOLEAN_ONLY")
            assert not any(one.exception_info.get("raised_exception") for one in result.results)

        return validate

    return prepare


def pandera(records: Sequence[Record]) -> Callable[[], object]:
    import pandera.pandas as pa

    expression, data = phrases(50), frame(records)
    schema = pa.DataFrameSchema(
        {
            "text": pa.Column(checks=[pa.Check(lambda s: ~s.str.contains(expression)), pa.Check(lambda s: ~s.str.contains(MOJIBAKE))]),
            "published": pa.Column(checks=[pa.Check(lambda s: s.str.contains(ISO_DAY))]),
        },
        unique=["source", "headline"],
    )

    def validate() -> None:
        try:
            schema.validate(data, lazy=True)
        except pa.errors.SchemaErrors:
            return
        raise AssertionError("nothing was found")

    return validate


def pointblank(records: Sequence[Record]) -> Callable[[], object]:
    import pointblank as pb
    import polars as pl

    data = pl.DataFrame(list(records))
    plan = (
        pb.Validate(data)
        .col_vals_expr(~pl.col("text").str.contains(phrases(50)))
        .col_vals_expr(~pl.col("text").str.contains(MOJIBAKE))
        .rows_distinct(columns_subset=["source", "headline"])
        .col_vals_regex(columns="published", pattern=ISO_DAY)
    )

    def validate() -> None:
        import copy

        done = copy.deepcopy(plan).interrogate()
        assert not done.all_passed()

    return validate


def five_grams(text: str) -> Iterable[str]:
    words = text.split()
    return (" ".join(words[i : i + 5]) for i in range(max(len(words) - 4, 1)))


def datasketch_minhash() -> Callable[[Record], object]:
    from datasketch import MinHash

    def sign(row: Record) -> object:
        signature = MinHash(num_perm=128)
        signature.update_batch([gram.encode("utf-8", "replace") for gram in set(five_grams(row["text"]))])
        return signature.digest()

    return sign


def rensa_minhash() -> Callable[[Record], object]:
    from rensa import RMinHash

    def sign(row: Record) -> object:
        signature = RMinHash(num_perm=128, seed=42)
        signature.update(list(set(five_grams(row["text"]))))
        return signature.digest()

    return sign


def datatrove_filters() -> Callable[[Record], object]:
    from datatrove.data import Document
    from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter

    filters = [GopherRepetitionFilter(), GopherQualityFilter(), C4QualityFilter(filter_no_terminal_punct=False), FineWebQualityFilter()]
    return lambda row: [one.filter(Document(text=row["text"], id=row["id"])) for one in filters]


def dolma_taggers() -> Callable[[Record], object]:
    from dolma.core.data_types import Document
    from dolma.taggers.gopher import GopherTagger

    tagger = GopherTagger()
    return lambda row: tagger.predict(Document(id=row["id"], source=row["source"], text=row["text"]))


_REST = "whether, not where or how often: stops at the first phrase of a text"
PEERS = {
    "corpusgate": Peer("corpusgate", "the whole news suite: reads, measures, writes signals and findings", "", corpusgate_suite),
    "orjson": Peer("orjson", "parses each line", "everything: it is the bar that reading sets", orjson_lines),
    "ftfy is_bad": Peer("ftfy", "says whether a text is mojibake", "all but mojibake; no places", one_by_one(ftfy_is_bad)),
    "ftfy fix_text": Peer("ftfy", "repairs mojibake, entities, odd characters", "all but encoding", one_by_one(ftfy_fix)),
    "great_expectations 50": Peer(
        "great-expectations", "4 expectations on raw text: 50 phrases, mojibake, unique headline, day", _REST,
        at_once(3000, great_expectations(50)),
    ),
    "great_expectations 300": Peer(
        "great-expectations", "the same with 300 phrases", _REST, at_once(600, great_expectations(300)),
    ),
    "pandera": Peer("pandera", "the same with 50 phrases", _REST, at_once(5000, pandera)),
    "pointblank": Peer("pointblank", "the same with 50 phrases, on polars", _REST, at_once(5000, pointblank)),
    "datasketch": Peer("datasketch", "signs words of five, 128 permutations", "all but near-duplicates", one_by_one(datasketch_minhash)),
    "rensa": Peer("rensa", "signs words of five, 128 permutations", "all but near-duplicates", one_by_one(rensa_minhash)),
    "datatrove": Peer(
        "datatrove", "four quality filters, English tokenizer on all languages", "no encoding, headlines or dates; no places",
        one_by_one(datatrove_filters),
    ),
    "dolma": Peer("dolma", "Gopher's tagger", "no encoding, headlines or dates", one_by_one(dolma_taggers)),
}  # fmt: skip


def main() -> None:
    name, path, budget = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    peer = PEERS[name]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    try:
        done = peer.work(path, budget)
    except ImportError as error:
        print(json.dumps({"missing": str(error)}))
        return
    told = {"seconds": done.seconds, "records": done.records, "bytes": done.bytes, "version": version(peer.package)}
    print("\n" + json.dumps(told | {"day": date.today().isoformat()}))


if __name__ == "__main__":
    main()
