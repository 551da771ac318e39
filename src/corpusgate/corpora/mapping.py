"""Which column of the user's holds which field: as mapped, or recognised by well-known names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpusgate.corpora.columns import has_path
from corpusgate.corpora.datasets import HOLDERS, columns_of_dialect
from corpusgate.errors import Problem, nearest
from corpusgate.records import FIELDS

#: Names seen in public corpora and crawlers' output (Schema.org, Open Graph, news-please, trafilatura, datatrove, …).
WELL_KNOWN: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "record_id", "doc_id", "docid", "document_id", "article_id", "uuid", "guid"),
    "source": ("source", "site", "domain", "outlet", "publisher", "newspaper", "hostname", "site_name", "sitename", "source_domain"),
    "url": ("url", "link", "uri", "source_url", "page_url", "permalink", "canonical_url"),
    "headline": ("headline", "title", "article_title", "heading"),
    "text": (
        "text", "content", "body", "article", "article_body", "articlebody", "maintext", "main_text",
        "full_text", "fulltext", "raw_content", "raw_text", "article_text", "paragraphs", "story",
    ),
    "published": (
        "published", "date", "published_time", "date_published", "datepublished", "publish_date", "published_date", "pub_date",
        "pubdate", "published_at", "publication_date", "date_publish", "datetime", "article_date",
    ),
    "modified": ("modified", "updated", "date_modified", "datemodified", "modified_time", "updated_at", "last_modified", "date_modify"),
    "crawled": (
        "crawled", "crawl_date", "date_extracted", "date_download", "crawled_at", "scraped_at", "date_crawled", "retrieved",
        "retrieved_at", "scrape_date", "fetched_at", "warc_date", "date_scraped",
    ),
    "language": ("language", "lang", "locale", "language_code"),
}  # fmt: skip


#: Columns named in an error message, and code points of each: a file without a header has its first record there.
_NAMED, _LONGEST = 20, 40


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a file, which of the mapped ones are among them or lie inside them, and what lies inside `HOLDERS`."""

    names: tuple[str, ...]
    mapped: frozenset[str]
    inner: tuple[str, ...] = ()


def shape(samples: Iterable[Mapping[str, Any]], mapped: Mapping[str, str]) -> Shape:
    """What some records show of their columns."""
    names: dict[str, None] = {}
    inner: dict[str, None] = {}
    there = set()
    for record in samples:
        names |= dict.fromkeys(record)
        inner |= {f"{name}.{key}": None for name in HOLDERS if isinstance(within := record.get(name), Mapping) for key in within}
        there |= {column for column in mapped.values() if column not in there and has_path(record, column)}
    return Shape(tuple(names), frozenset(there), tuple(inner))


def map_fields(samples: Sequence[Mapping[str, Any]], mapped: Mapping[str, str], where: str) -> dict[str, str]:
    """Settle the columns of one table: mapped ones must exist in the sample, the others are recognised by name.

    Raises:
        Problem: a mapped field or column is not known, or neither headline nor text can be told.
    """
    found = shape(samples, mapped)
    demand(mapped, [found] if samples else [], where)
    fields = recognise(found, mapped) if samples else dict(mapped)
    if samples and not is_told(fields):
        raise Problem(where, untold(found), "Map one in corpus.yaml or the suite, as in  fields: {text: my_column}")
    return fields


def demand(mapped: Mapping[str, str], shapes: Sequence[Shape], where: str) -> None:
    """Hold a mapping to what there is.

    Raises:
        Problem: a field is not one of a record, or a column is in no file.
    """
    for field, column in mapped.items():
        if field not in FIELDS:
            raise Problem(f"{where}: fields.{field}", f"'{field}' is not a field of a record", nearest(field, FIELDS))
        if shapes and not any(column in found.mapped for found in shapes):
            names = dict.fromkeys(name for found in shapes for name in found.names)
            raise Problem(f"{where}: fields.{field}", f"there is no column '{column}'", nearest(column, names))


def recognise(found: Shape, mapped: Mapping[str, str]) -> dict[str, str]:
    """The columns of one file: as mapped where it has them, else as its kind of dataset has them, else by well-known names."""
    fields = {field: column for field, column in mapped.items() if column in found.mapped}
    dialect = columns_of_dialect(found.names, found.inner)
    fields |= {field: column for field, column in dialect.items() if column is not None and field not in fields}
    lower = {name.strip().lower(): name for name in reversed(found.names)}
    within = {path.split(".", 1)[1].strip().lower(): path for path in reversed(found.inner)}
    for field in FIELDS:
        if field not in fields and field not in dialect:
            # A url may serve as the id too; any other column holds one thing.
            taken = {column for other, column in fields.items() if other != "id"}
            # What a record holds goes before what is told of it; whether that has an id of its own says nothing of the record.
            places = (lower, within) if field not in ("id", "text") else (lower,)
            candidates = (place[known] for place in places for known in WELL_KNOWN[field] if known in place)
            name = next((column for column in candidates if column not in taken), None)
            if name is not None:
                fields[field] = name
    return {field: fields[field] for field in FIELDS if field in fields}


def is_told(fields: Mapping[str, str]) -> bool:
    """Whether there is anything to check."""
    return not {"headline", "text"}.isdisjoint(fields)


def untold(found: Shape) -> str:
    """What is wrong with a file of which nothing can be checked."""
    if not found.names:
        return "there is no column"
    names = [f"'{name if len(name) <= _LONGEST else name[:_LONGEST] + '...'}'" for name in found.names[:_NAMED]]
    more = f" and {len(found.names) - _NAMED} more" if len(found.names) > _NAMED else ""
    return f"no column is known to hold the text or the headline; the columns are {', '.join(names)}{more}"
