"""Machine instructions that numba does not offer by itself: eight bytes in one load, 64 bytes compared at once, copying as
the C library does it, products of 128 bits, and how many bits are set."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

#: For loops that make no arrays. numba would count references to each array that such a function is given, twenty nanoseconds at
#: every call; it has no public name for leaving that out.
lean = njit(cache=True, nogil=True, _nrt=False)

#: Bytes that must be readable behind whatever `load8` and its like are used on.
PADDING = 64

_SIXTY_FOUR = ir.VectorType(ir.IntType(8), 64)


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


@intrinsic
def zeros(typing_context: Any, value: Any) -> Any:
    """`zeros(value)`: how many bits of a uint64 are 0 below its lowest bit that is set; 64 where none is."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), generate


@intrinsic
def prefetch(typing_context: Any, array: Any, index: Any) -> Any:
    """`prefetch(array, index)`: have an element brought near, which will be read soon."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=arguments[0]).data
        place = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(8).as_pointer())
        flag = ir.IntType(32)
        fetch = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [place.type, flag, flag, flag]), "llvm.prefetch.p0i8"
        )
        builder.call(fetch, [place, ir.Constant(flag, 0), ir.Constant(flag, 3), ir.Constant(flag, 1)])
        return context.get_dummy_value()

    return types.void(array, index), generate


def _wide(context: Any, builder: Any, array: Any, value: Any, index: Any) -> Any:
    """Where 64 bytes of an array begin, as one vector."""
    data = cgutils.create_struct_proxy(array)(context, builder, value=value).data
    return builder.bitcast(builder.gep(data, [index]), _SIXTY_FOUR.as_pointer())


def _bits(array: Any, compare: Any) -> Any:
    """What is common to comparisons of 64 bytes: a bit for each, the first one in the lowest bit, unchecked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        loaded = builder.load(_wide(context, builder, signature.args[0], arguments[0], arguments[1]))
        loaded.align = 1
        return builder.bitcast(compare(builder, loaded, *arguments[2:]), ir.IntType(64))

    return generate


def _splat(builder: Any, value: Any) -> Any:
    one = builder.insert_element(
        ir.Constant(_SIXTY_FOUR, ir.Undefined), builder.trunc(value, ir.IntType(8)), ir.Constant(ir.IntType(32), 0)
    )
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), 64), [0] * 64))


@intrinsic
def same64(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """`same64(array, index, value)`: which of 64 bytes from an index on have a value."""
    compare = _bits(array, lambda builder, bytes_, value: builder.icmp_unsigned("==", bytes_, _splat(builder, value)))
    return types.uint64(array, types.intp, types.intp), compare


@intrinsic
def least64(typing_context: Any, array: Any, index: Any, value: Any) -> Any:
    """`least64(array, index, value)`: which of 64 bytes from an index on have a value or a greater one."""
    compare = _bits(array, lambda builder, bytes_, value: builder.icmp_unsigned(">=", bytes_, _splat(builder, value)))
    return types.uint64(array, types.intp, types.intp), compare


@intrinsic
def leads64(typing_context: Any, array: Any, index: Any) -> Any:
    """`leads64(array, index)`: which of 64 bytes of UTF-8 from an index on begin a code point."""
    compare = _bits(array, lambda builder, bytes_: builder.icmp_signed(">=", bytes_, ir.Constant(_SIXTY_FOUR, [-64] * 64)))
    return types.uint64(array, types.intp), compare


@intrinsic
def copy64(typing_context: Any, target: Any, at: Any, source: Any, start: Any) -> Any:
    """`copy64(target, at, source, start)`: copy 64 bytes between uint8 arrays that do not overlap, unchecked."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        into, place, of, begin = arguments
        loaded = builder.load(_wide(context, builder, signature.args[2], of, begin))
        loaded.align = 1
        builder.store(loaded, _wide(context, builder, signature.args[0], into, place)).align = 1
        return context.get_dummy_value()

    return types.void(target, types.intp, source, types.intp), generate


@intrinsic
def product(typing_context: Any, left: Any, right: Any) -> Any:
    """`product(left, right)`: the halves of the product of two uint64 in 128 bits, one xor the other; it mixes all bits at once."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        double = ir.IntType(128)
        whole = builder.mul(*(builder.zext(argument, double) for argument in arguments))
        high = builder.trunc(builder.lshr(whole, ir.Constant(double, 64)), ir.IntType(64))
        return builder.xor(builder.trunc(whole, ir.IntType(64)), high)

    return types.uint64(types.uint64, types.uint64), generate


@intrinsic
def add_bytes(typing_context: Any, total: Any, array: Any, index: Any) -> Any:
    """`add_bytes(total, array, index)`: add 64 bytes of a uint8 array, from an index on, to the first 64 numbers of a uint16 array."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        sums, source, index = arguments
        wide = ir.VectorType(ir.IntType(16), 64)
        place = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=sums).data
        place = builder.bitcast(place, wide.as_pointer())
        loaded = builder.load(_wide(context, builder, signature.args[1], source, index))
        before = builder.load(place)
        loaded.align, before.align = 1, 2
        builder.store(builder.add(before, builder.zext(loaded, wide)), place).align = 2
        return context.get_dummy_value()

    return types.void(total, array, types.intp), generate
