"""Parquet files of one schema put one after the other without decoding: their bytes are copied, their footers made one.

A row group says where its columns lie in the file, and nothing else of it depends on its place; so a copy needs these
places moved, and a footer with all row groups. (https://github.com/apache/parquet-format, parquet.thrift)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from corpusgate.runners.thrift import Field, read_struct, write_struct

_MAGIC = b"PAR1"

#: Bytes copied at a time.
_PIECE = 1 << 20

# Numbers of fields in parquet.thrift.
_SCHEMA, _ROWS, _GROUPS = 2, 3, 4
_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
_CHUNK_OFFSET, _METADATA, _OFFSET_INDEX, _COLUMN_INDEX = 2, 3, 4, 6
_PAGE_OFFSETS = (9, 10, 11, 14)

#: Ordinals of row groups have 16 bits; a file with more groups goes without.
_ORDINALS = 1 << 15


def gather(shares: Sequence[Path], target: Path, largest: int) -> None:
    """Make the shares of a table one file, or a folder if they have more bytes than that: what many machines wrote, one should not copy.

    Raises:
        ValueError: as `concatenate`.
    """
    if sum(path.stat().st_size for path in shares) <= largest:
        concatenate(shares, target)
        return
    target.mkdir()
    for path in shares:
        path.rename(target / path.name)


def files(table: Path) -> list[Path]:
    """The files of a table in order, which may be a file or a folder of them."""
    return sorted(table.glob("*.parquet")) if table.is_dir() else [table]


def concatenate(files: Sequence[Path], target: Path) -> None:
    """Write the row groups of all files to one, in their order.

    Raises:
        ValueError: a file is no Parquet file, or has another schema.
    """
    footer: list[Field] = []
    groups: list[list[Field]] = []
    rows = 0
    with target.open("wb") as out:
        out.write(_MAGIC)
        for path in files:
            with path.open("rb") as file:
                fields, size = _footer(file, path)
                if footer and _value(fields, _SCHEMA) != _value(footer, _SCHEMA):
                    raise ValueError(f"{path} has another schema")
                footer = footer or fields
                rows += _value(fields, _ROWS)
                moved = out.tell() - len(_MAGIC)
                for group in _value(fields, _GROUPS)[1]:
                    _move(group, moved)
                    groups.append(group)
                file.seek(len(_MAGIC))
                _copy(file, out, size - len(_MAGIC))
        for number, group in enumerate(groups):
            if len(groups) > _ORDINALS:
                group[:] = [field for field in group if field.number != _ORDINAL]
            _set(group, _ORDINAL, number)
        _set(footer, _ROWS, rows)
        _set(footer, _GROUPS, (_value(footer, _GROUPS)[0], groups))
        data = bytearray()
        write_struct(footer, data)
        out.write(data + len(data).to_bytes(4, "little") + _MAGIC)


def _footer(file: Any, path: Path) -> tuple[list[Field], int]:
    """The footer, and how many bytes stand before it."""
    end = file.seek(-8, 2)
    tail = file.read(8)
    size = end - int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or size < len(_MAGIC):
        raise ValueError(f"{path} is no Parquet file")
    file.seek(size)
    return read_struct(file.read(end - size))[0], size


def _copy(source: Any, target: Any, left: int) -> None:
    while left > 0 and (data := source.read(min(left, _PIECE))):
        target.write(data)
        left -= len(data)


def _move(group: list[Field], by: int) -> None:
    _add(group, (_GROUP_OFFSET,), by)
    for chunk in _value(group, _COLUMNS)[1]:
        # Old writers set the offset of a chunk, new ones leave it at 0.
        _add(chunk, (_CHUNK_OFFSET, _OFFSET_INDEX, _COLUMN_INDEX), by)
        _add(_value(chunk, _METADATA), _PAGE_OFFSETS, by)


def _add(fields: list[Field], numbers: Iterable[int], by: int) -> None:
    for field in fields:
        if field.number in numbers and field.value:
            field.value += by


def _value(fields: list[Field], number: int) -> Any:
    return next(field.value for field in fields if field.number == number)


def _set(fields: list[Field], number: int, value: Any) -> None:
    for field in fields:
        if field.number == number:
            field.value = value
