"""Which column of the user's holds which field: as mapped, or recognised by well-known names."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from corpusgate.errors import Problem, nearest
from corpusgate.records import FIELDS, LONE_SURROGATE

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


def has_path(record: Mapping[str, Any], path: str) -> bool:
    """Whether a sampled record has a column, by its full name or by a dotted path into nested values."""
    if path in record:
        return True
    head, _, tail = path.partition(".")
    inner = record.get(head)
    return bool(tail) and isinstance(inner, Mapping) and has_path(inner, tail)


def look_up(record: Mapping[str, Any], path: str) -> Any:
    """The value at a name or dotted path; None where it is not there."""
    if path in record:
        return record[path]
    head, _, tail = path.partition(".")
    inner = record.get(head)
    return look_up(inner, tail) if tail and isinstance(inner, Mapping) else None


def map_fields(samples: Sequence[Mapping[str, Any]], mapped: Mapping[str, str], where: str) -> dict[str, str]:
    """Settle the columns: mapped ones must exist in the sample, the others are recognised by name.

    Raises:
        Problem: a mapped field or column is not known, or neither headline nor text can be told.
    """
    names = dict.fromkeys(name for record in samples for name in record)
    fields = {}
    for field, column in mapped.items():
        if field not in FIELDS:
            raise Problem(f"{where}: fields.{field}", f"'{field}' is not a field of a record", nearest(field, FIELDS))
        if samples and not any(has_path(record, column) for record in samples):
            raise Problem(
                f"{where}: fields.{field}", f"column '{column}' is in none of the first {len(samples):,} records", nearest(column, names)
            )
        fields[field] = column
    lower = {name.lower(): name for name in reversed(list(names))}
    for field in FIELDS:
        if field not in fields:
            # A url may serve as the id too; any other column holds one thing.
            taken = {column for other, column in fields.items() if other != "id"}
            found = next((lower[known] for known in WELL_KNOWN[field] if known in lower and lower[known] not in taken), None)
            if found is not None:
                fields[field] = found
    if samples and not {"headline", "text"} & set(fields):
        raise Problem(
            where,
            "no column is known to hold the text or the headline; the columns are " + ", ".join(f"'{name}'" for name in names),
            "Map one in corpus.yaml or the suite, as in  fields: {text: my_column}",
        )
    return {field: fields[field] for field in FIELDS if field in fields}


def as_text(value: Any) -> str | None:
    """A value as a field's text: lists become lines, numbers are written out, lone surrogates are replaced."""
    if value is None:
        return None
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list | tuple):
        return "\n".join(text for item in value if (text := as_text(item)) is not None)
    if isinstance(value, Mapping):
        return without_surrogates(json.dumps(value, ensure_ascii=False))
    return str(value)


def without_surrogates(text: str) -> str:
    """Put `LONE_SURROGATE` for each lone surrogate, which no UTF-8 can hold; offsets stay as they are."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join(LONE_SURROGATE if 0xD800 <= ord(character) < 0xE000 else character for character in text)
    return text


def columns_as_text(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """An Arrow column of any type as strings: lists become lines, times are written in ISO form."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
        if isinstance(array, pa.ChunkedArray):
            array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
    kind = array.type
    if pa.types.is_string(kind):
        return array
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        if pa.types.is_string(kind.value_type):
            return pc.binary_join(array, "\n").cast(pa.string())
        return pa.array([as_text(value) for value in array.to_pylist()], pa.string())
    if pa.types.is_timestamp(kind):
        # A zone turns into an offset, which strict readers of dates understand.
        return pa.array([None if value is None else value.isoformat(" ") for value in _datetimes(array)], pa.string())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = (value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in array.to_pylist())
        return pa.array([as_text(value) for value in values], pa.string())
    return array.cast(pa.string())


def _datetimes(array: pa.Array) -> list[Any]:
    return array.cast(pa.timestamp("us", tz=array.type.tz), safe=False).to_pylist()  # type: ignore[no-any-return]


_HOST = r"(?i)^[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?:www\.)?(?P<host>[^/:?#]+)"


def complete(name: str, columns: Mapping[str, pa.Array], ids: Sequence[str]) -> dict[str, pa.Array]:
    """All fields of `records.FIELDS` for some records: what is not mapped is null, id and source are always there.

    Args:
        name: the corpus's name, which stands in for a source where neither a column nor the url tells one.
        columns: the mapped fields as string arrays.
        ids: `file:line` or the like, one a record, for those without an id of their own.
    """
    size = len(ids)
    out = {field: columns.get(field, pa.nulls(size, pa.string())) for field in FIELDS}
    out["id"], out["source"] = _solid(out["id"]), _solid(out["source"])
    if out["id"].null_count:
        out["id"] = pc.coalesce(out["id"], pa.array(ids, pa.string()))
    if out["source"].null_count and "url" in columns:
        hosts = pc.struct_field(pc.extract_regex(out["url"], _HOST), "host")
        out["source"] = pc.coalesce(out["source"], pc.utf8_lower(_solid(hosts)))
    out["source"] = pc.coalesce(out["source"], pa.scalar(name))
    return out


def _solid(array: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(array)
    return pc.if_else(pc.equal(pc.binary_length(trimmed), 0), pa.scalar(None, pa.string()), trimmed)
