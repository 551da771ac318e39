"""Machine instructions that numba does not offer by itself: eight bytes in one load, copying as the
C library does it, and how many bits are set."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

#: Bytes that must be readable behind whatever `load8` is used on.
PADDING = 16

_LOW = np.uint64(0x0101010101010101)
_HIGH = np.uint64(0x8080808080808080)


@intrinsic
def load8(typing_context: Any, array: Any, index: Any) -> Any:
    """`load8(array, index)`: the eight bytes of a uint8 array from an index on as uint64, the first one lowest.

    Nothing is checked: the caller knows that all eight can be read.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=arguments[0]).data
        place = builder.gep(data, [arguments[1]])
        wide = builder.bitcast(place, ir.IntType(64).as_pointer())
        loaded = builder.load(wide)
        loaded.align = 1
        return loaded

    return types.uint64(array, types.intp), generate


@intrinsic
def byte(typing_context: Any, array: Any, index: Any) -> Any:
    """`byte(array, index)`: one element of a uint8 array as an integer, for an index known not to be negative."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=arguments[0]).data
        return builder.zext(builder.load(builder.gep(data, [arguments[1]])), ir.IntType(64))

    return types.int64(array, types.intp), generate


@intrinsic
def copy(typing_context: Any, target: Any, at: Any, source: Any, start: Any, length: Any) -> Any:
    """`copy(target, at, source, start, length)`: copy bytes between uint8 arrays that do not overlap, unchecked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        into, place, of, begin, size = arguments
        out = builder.gep(cgutils.create_struct_proxy(signature.args[0])(context, builder, value=into).data, [place])
        data = builder.gep(cgutils.create_struct_proxy(signature.args[2])(context, builder, value=of).data, [begin])
        cgutils.raw_memcpy(builder, out, data, size, 1)
        return context.get_dummy_value()

    return types.void(target, types.intp, source, types.intp, types.intp), generate


@intrinsic
def ones(typing_context: Any, value: Any) -> Any:
    """`ones(value)`: how many bits of a uint64 are set."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@njit(cache=True, nogil=True, inline="always")
def blanks(eight: np.uint64) -> np.uint64:
    """The top bit of each byte below 0x21; above the lowest such byte there may be more than there are.

    After Mycroft's test for a zero byte (Warren, Hacker's Delight, section 6-1).
    """
    return (eight - _LOW * np.uint64(0x21)) & ~eight & _HIGH
