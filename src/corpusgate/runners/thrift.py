"""Thrift's compact protocol, as far as footers of Parquet files need it: any struct to plain values and back.

A struct is a list of `Field`s in their order; what a field means is the caller's business.
(https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)


@dataclass(slots=True)
class Field:
    """A field of a struct: its number, its type and its value. The value of a list is the type of its elements and they."""

    number: int
    kind: int
    value: Any


def read_struct(data: bytes, at: int = 0) -> tuple[list[Field], int]:
    """A struct, and the byte after it.

    Raises:
        ValueError: it is none.
        IndexError: it breaks off.
    """
    fields, number = [], 0
    while header := data[at]:
        at += 1
        kind = header & 0x0F
        if header >> 4:
            number += header >> 4
        else:
            number, at = _read_int(data, at)
        value, at = (kind == TRUE, at) if kind in (TRUE, FALSE) else _read(data, at, kind)
        fields.append(Field(number, kind, value))
    return fields, at + 1


def _read(data: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in (I16, I32, I64):
        return _read_int(data, at)
    if kind == BINARY:
        size, at = _read_varint(data, at)
        return data[at : at + size], at + size
    if kind == STRUCT:
        return read_struct(data, at)
    if kind in (LIST, SET):
        size, element = data[at] >> 4, data[at] & 0x0F
        at += 1
        if size == 15:
            size, at = _read_varint(data, at)
        values = []
        for _ in range(size):
            value, at = (data[at], at + 1) if element in (TRUE, FALSE) else _read(data, at, element)
            values.append(value)
        return (element, values), at
    if kind == DOUBLE:
        return data[at : at + 8], at + 8
    if kind == BYTE:
        return data[at], at + 1
    raise ValueError(f"type {kind} does not occur in footers")


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _read_int(data: bytes, at: int) -> tuple[int, int]:
    value, at = _read_varint(data, at)
    return (value >> 1) ^ -(value & 1), at


def write_struct(fields: list[Field], out: bytearray) -> None:
    """Append a struct."""
    last = 0
    for field in fields:
        kind = field.kind if field.kind not in (TRUE, FALSE) else TRUE if field.value else FALSE
        step = field.number - last
        if 0 < step < 16:
            out.append(step << 4 | kind)
        else:
            out.append(kind)
            _write_int(field.number, out)
        last = field.number
        if kind not in (TRUE, FALSE):
            _write(kind, field.value, out)
    out.append(0)


def _write(kind: int, value: Any, out: bytearray) -> None:
    if kind in (I16, I32, I64):
        _write_int(value, out)
    elif kind == BINARY:
        _write_varint(len(value), out)
        out += value
    elif kind == STRUCT:
        write_struct(value, out)
    elif kind in (LIST, SET):
        element, values = value
        out.append(min(len(values), 15) << 4 | element)
        if len(values) >= 15:
            _write_varint(len(values), out)
        for single in values:
            _write(BYTE if element in (TRUE, FALSE) else element, single, out)
    elif kind == DOUBLE:
        out += value
    elif kind == BYTE:
        out.append(value)
    else:
        raise ValueError(f"type {kind} does not occur in footers")


def _write_varint(value: int, out: bytearray) -> None:
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def _write_int(value: int, out: bytearray) -> None:
    _write_varint(value << 1 if value >= 0 else (-value << 1) - 1, out)
