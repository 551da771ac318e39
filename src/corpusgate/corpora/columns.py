"""Values of columns as the text of fields, whatever type they come in, and the columns that every record has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpusgate.records import FIELDS, LONE_SURROGATE


def has_path(record: Mapping[str, Any], path: str) -> bool:
    """Whether a sampled record has a column, by its full name or by a dotted path into nested values."""
    if path in record:
        return True
    head, _, tail = path.partition(".")
    inner = record.get(head)
    return bool(tail) and isinstance(inner, Mapping) and has_path(inner, tail)


def look_up(record: Mapping[str, Any], path: str) -> Any:
    """The value at a name, or else at a dotted path; None where it is not there."""
    if record.get(path) is not None:
        return record[path]
    head, _, tail = path.partition(".")
    inner = record.get(head)
    return look_up(inner, tail) if tail and isinstance(inner, Mapping) else None


def as_text(value: Any) -> str | None:
    """A value as a field's text: lists become lines, numbers are written out, lone surrogates are replaced."""
    if isinstance(value, str):
        return without_surrogates(value)
    if value is None or is_gap(value):
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list | tuple):
        return "\n".join(_items(value))
    if isinstance(value, Mapping):
        try:
            return without_surrogates(json.dumps(value, ensure_ascii=False, default=str))
        except (RecursionError, TypeError, ValueError):
            # Nested too deeply, in a circle, or with keys that are no names.
            return "{\N{HORIZONTAL ELLIPSIS}}"
    return str(value)


def is_gap(value: Any) -> bool:
    """Whether a value stands for none: NaN, NaT, pandas.NA (not equal to themselves, or refusing to say)."""
    return bool(value != value) if isinstance(value, float) else type(value).__name__ in ("NaTType", "NAType")


def _items(value: Sequence[Any]) -> Iterator[str]:
    """The texts in a list, lists within lists and all: however deep, without recursion."""
    open_lists = [iter(value)]
    while open_lists:
        item = next(open_lists[-1], open_lists)
        if item is open_lists:
            open_lists.pop()
        elif isinstance(item, list | tuple):
            open_lists.append(iter(item))
        elif (text := as_text(item)) is not None:
            yield text


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
    if pa.types.is_dictionary(kind):
        return columns_as_text(array.dictionary_decode())
    if pa.types.is_string(kind):
        return array
    if pa.types.is_floating(kind):
        # What is no number is no value: data frames write gaps so.
        return pc.if_else(pc.is_nan(array), pa.scalar(None, pa.string()), array.cast(pa.string()))
    if (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and pa.types.is_string(kind.value_type) and not array.flatten().null_count:
        return pc.binary_join(array, "\n").cast(pa.string())
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _times(array)
    try:
        if not (pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
            return array.cast(pa.string())
        return pa.array([as_text(value) for value in array.to_pylist()], pa.string())
    except (pa.ArrowException, ValueError, OverflowError):
        return pa.array([_one(value) for value in array], pa.string())


def _one(value: pa.Scalar) -> str | None:
    """A value of which Python may know no like."""
    try:
        return as_text(value.as_py())
    except (pa.ArrowException, ValueError, OverflowError):
        return str(value.cast(pa.int64()).as_py()) if pa.types.is_temporal(value.type) else "\N{REPLACEMENT CHARACTER}"


def _times(array: pa.Array) -> pa.Array:
    """Times and days in ISO form. A zone turns into an offset, which strict readers of dates understand.

    Times that Python cannot hold, after the year 9999 for one, and those of unknown zones are written in UTC.
    """
    try:
        separator = (" ",) if pa.types.is_timestamp(array.type) else ()
        narrowed = array.cast(pa.timestamp("us", tz=array.type.tz), safe=array.type.unit != "ns") if separator else array
        return pa.array([None if value is None else value.isoformat(*separator) for value in narrowed.to_pylist()], pa.string())
    except (pa.ArrowException, ValueError, OverflowError, KeyError):
        # A zone that is not known is a KeyError.
        is_day = pa.types.is_date(array.type)
        unit = "D" if pa.types.is_date32(array.type) else "ms" if is_day else array.type.unit
        numbers = array.cast(pa.int32()).cast(pa.int64()) if unit == "D" else array.cast(pa.int64())
        times = numbers.fill_null(0).to_numpy().astype(f"datetime64[{unit}]")
        texts = np.char.replace(np.datetime_as_string(times.astype("datetime64[D]") if is_day else times), "T", " ")
        offset = "" if is_day or array.type.tz is None else "+00:00"
        return pa.array([text + offset for text in texts.tolist()], pa.string(), mask=np.asarray(numbers.is_null()))


_HOST = r"(?i)^[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?:www\.)?(?P<host>[^/:?#]+)"


class Columns(dict[str, pa.Array]):
    """Columns by name, some of which are made when they are first asked for."""

    def later(self, name: str, make: Callable[[], pa.Array]) -> None:
        """Put off a column."""
        self.pop(name, None)
        self._made_by = {**getattr(self, "_made_by", {}), name: make}

    def __missing__(self, name: str) -> pa.Array:
        self[name] = column = self._made_by[name]()
        return column


def complete(name: str, columns: Mapping[str, pa.Array], size: int, ids: Callable[[], Sequence[str]]) -> dict[str, pa.Array]:
    """All fields of `records.FIELDS` for some records: what is not mapped is null, id and source are always there.

    Args:
        name: the corpus's name, which stands in for a source where neither a column nor the url tells one.
        columns: the mapped fields as string arrays.
        size: how many records there are.
        ids: gives `file:line` or the like, one a record, for those without an id of their own.
    """
    out = {field: columns.get(field, pa.nulls(size, pa.string())) for field in FIELDS}
    out["id"], out["source"] = _solid(out["id"]), _solid(out["source"])
    if out["id"].null_count:
        out["id"] = pc.coalesce(out["id"], pa.array(ids(), pa.string()))
    if out["source"].null_count and "url" in columns:
        hosts = pc.struct_field(pc.extract_regex(out["url"], _HOST), "host")
        out["source"] = pc.coalesce(out["source"], pc.utf8_lower(_solid(hosts)))
    out["source"] = pc.coalesce(out["source"], pa.scalar(name))
    return out


def _solid(array: pa.Array) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(array)
    return pc.if_else(pc.equal(pc.binary_length(trimmed), 0), pa.scalar(None, pa.string()), trimmed)
