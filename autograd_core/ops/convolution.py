"""Convolution in any number of dimensions, and its two transposes.

Between an input x, a weight w and a result y there is one form that is linear in each of the three, Σ y·(x ∗ w).
Its gradients are the three rows here, so each is made of the other two, to any order.

Each is a matrix product over tiles: T neighbouring results of the last axis are computed together from the elements
they see, by a banded matrix that holds the weight T times, each time one stride further. T = 1 is the plain matrix of
windows; a larger T copies less and multiplies some zeros, which pays for few channels.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..rules import Function, custom

Shape = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]

BLOCK = 1 << 17
"""Elements of the matrix of tiles that are made at a time, so that they stay in the cache."""


def result_length(length: int, size: int, stride: int, padding: tuple[int, int], dilation: int) -> int:
    """How many windows lie on an axis."""
    return (length + sum(padding) - dilation * (size - 1) - 1) // stride + 1


class Tiles:
    """How a convolution is cut into tiles, all computed by one banded matrix.

    Args:
        x: the shape of the input, (N, C, *S).
        w: the shape of the weight, (O, C / groups, *K).
        stride: the step between windows, for each axis.
        padding: zeros before and after, for each axis; negative ones cut off.
        dilation: the step between the elements of a window, for each axis.
        groups: how many independent convolutions lie side by side in the channels.
        adding: whether what tiles see is to be added up, not read.
    """

    def __init__(
        self, x: Shape, w: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int, adding: bool = False
    ) -> None:
        self.batch, self.groups = x[0], groups
        self.sizes, self.stride, self.dilation = w[2:], stride, dilation
        self.inner, self.outer = w[1], w[0] // groups
        self.results = tuple(map(result_length, x[2:], self.sizes, stride, padding, dilation))
        self.shape = (x[0], w[0], *self.results)
        total = max(self.results[-1], 1)
        tiles = sorted({-(-total // count) for count in range(1, total + 1)})
        self.cost, self.tile = min((self._cost(tile, adding), tile) for tile in tiles)
        self.piece = self._piece(self.tile)
        self.count = -(-self.results[-1] // self.tile)
        self.span = self._span(self.tile)
        self.step = dilation[-1] if self.tile == 1 else 1
        needed = (self.count * self.tile - 1) * stride[-1] + dilation[-1] * (self.sizes[-1] - 1) + 1
        low, high = padding[-1]
        self.padding = (*padding[:-1], (low, max(high, needed - x[-1] - low)))
        self.padded = tuple(n + sum(pads) for n, pads in zip(x[2:], self.padding, strict=True))
        self.cost *= groups * x[0] * math.prod(self.results[:-1])
        self.rows = (x[0], *self.results[:-1], self.count)
        self.length = math.prod(self.sizes[:-1]) * self.span * self.inner

    def _span(self, tile: int) -> int:
        """How many elements of the last axis a tile reads."""
        if tile == 1:
            return self.sizes[-1]
        return (tile - 1) * self.stride[-1] + self.dilation[-1] * (self.sizes[-1] - 1) + 1

    def _cost(self, tile: int, adding: bool) -> int:
        """The estimated cost of a row of results, in units of one multiplication.

        Measured: reading an element costs as much as 12 multiplications, adding one as much as 36, and each stretch
        of memory as much as 200.
        """
        span, total, lines = self._span(tile), max(self.results[-1], 1), math.prod(self.sizes[:-1])
        element, pieces = (36, -(-span // self._piece(tile))) if adding else (12, 1)
        return -(-total // tile) * lines * (span * self.inner * (tile * self.outer + element) + 200 * pieces)

    def _piece(self, tile: int) -> int:
        """How many elements of the last axis no two tiles share."""
        return 1 if tile == 1 else tile * self.stride[-1]

    def blocks(self) -> Iterator[tuple[slice, slice]]:
        """Stretches of the first two axes of rows whose tiles fit into the cache."""
        first, second = self.rows[:2]
        each = math.prod(self.rows[2:]) * self.length * self.groups
        if each * second <= BLOCK:
            some = max(1, BLOCK // max(each * second, 1))
            for start in range(0, first, some):
                yield slice(start, start + some), slice(None)
            return
        some = max(1, BLOCK // max(each, 1))
        for image in range(first):
            for start in range(0, second, some):
                yield slice(image, image + 1), slice(start, start + some)

    def lines(self, x: Any, dtype: Any) -> Any:
        """The padded input, group by group with channels last, (G, N, *S, C / G)."""
        x = _channels_last(x, self.groups)
        if not any(low or high for low, high in self.padding):
            return contiguous(x, dtype)
        out = np.zeros((self.groups, self.batch, *self.padded, self.inner), dtype)
        to, of = _inside(self.padding, x.shape[2:-1])
        fill(out[to], x[of])
        return out

    def windows(self, lines: Any) -> Any:
        """A view of what each tile reads, (G, *rows, *K, span, C / G); where tiles overlap it shows elements twice."""
        own = lines.strides
        strides = [step * n for step, n in zip(own[2:-1], self.stride, strict=True)]
        taps = [step * n for step, n in zip(own[2:-1], (*self.dilation[:-1], self.step), strict=True)]
        strides[-1] *= self.tile
        return _view(
            lines,
            (self.groups, *self.rows, *self.sizes[:-1], self.span, self.inner),
            (*own[:2], *strides, *taps, own[-1]),
        )

    def matrices(self, lines: Any) -> Iterator[tuple[tuple[slice, slice], Any]]:
        """The matrix of tiles, (G, tiles, length), block by block, in memory that is used again if it is a copy."""
        windows = self.windows(lines)
        buffer = np.empty(0, lines.dtype)
        for block in self.blocks():
            matrix = windows[:, *block]
            if not matrix.flags.c_contiguous:
                if buffer.size < matrix.size:
                    buffer = np.empty(matrix.size, lines.dtype)
                part, matrix = matrix, buffer[: matrix.size].reshape(matrix.shape)
                np.copyto(matrix, part)
            yield block, matrix.reshape(self.groups, -1, self.length)

    def band(self, w: Any, dtype: Any) -> Any:
        """The banded matrix, (G, length, T·O / G)."""
        band = np.zeros((self.groups, *self.sizes[:-1], self.span, self.inner, self.tile, self.outer), dtype)
        parts = w.reshape(self.groups, self.outer, self.inner, *self.sizes)
        self._diagonals(band)[...] = parts.transpose(0, *range(3, parts.ndim), 2, 1)[..., None, :]
        return band.reshape(self.groups, self.length, -1)

    def weight(self, band: Any) -> Any:
        """The sum of what stands in a banded matrix at the places of each weight."""
        shape = (self.groups, *self.sizes[:-1], self.span, self.inner, self.tile, self.outer)
        total = self._diagonals(band.reshape(shape)).sum(axis=-2)
        n = len(self.sizes)
        return total.transpose(0, n + 2, n + 1, *range(1, n + 1)).reshape(-1, self.inner, *self.sizes)

    def _diagonals(self, band: Any) -> Any:
        """A view of where each weight stands in the band, (G, *K, C / G, T, O / G)."""
        own = band.strides
        last = own[-4]
        tap = last if self.tile == 1 else last * self.dilation[-1]
        return _view(
            band,
            (self.groups, *self.sizes, self.inner, self.tile, self.outer),
            (*own[:-4], tap, own[-3], own[-2] + last * self.stride[-1], own[-1]),
        )

    def joined(self, tiles: Any) -> Any:
        """The results of all tiles as (N, O, *results)."""
        y = tiles.reshape(self.groups, *self.rows[:-1], self.count * self.tile, self.outer)
        return _channels_first(y[..., : self.results[-1], :])

    def cut(self, y: Any, dtype: Any) -> Any:
        """Results as the tiles they are computed by, (G, *rows, T·O / G): the transpose of :meth:`joined`."""
        y = _channels_last(y, self.groups)
        over = self.count * self.tile - self.results[-1]
        if over:
            out = np.zeros((*y.shape[:-2], y.shape[-2] + over, self.outer), dtype)
            fill(out[..., : self.results[-1], :], y)
        else:
            out = contiguous(y, dtype)
        return out.reshape(self.groups, *self.rows, self.tile * self.outer)


tiles_of = functools.lru_cache(256)(Tiles)  # making them takes as long as a small convolution


def _view(array: Any, shape: Shape, strides: Shape) -> Any:
    """The memory of a contiguous array seen with other strides: what as_strided gives, several times as fast."""
    return np.ndarray(shape, array.dtype, array, 0, strides)


def _channels_last(x: Any, groups: int) -> Any:
    """A view of (N, C, *S) as (G, N, *S, C / G)."""
    x = x.reshape(x.shape[0], groups, x.shape[1] // groups, *x.shape[2:])
    return x.transpose(1, 0, *range(3, x.ndim), 2)


def _channels_first(x: Any) -> Any:
    """(G, N, *S, C / G) as (N, C, *S)."""
    x = x.transpose(1, 0, x.ndim - 1, *range(2, x.ndim - 1))
    return x.reshape(x.shape[0], x.shape[1] * x.shape[2], *x.shape[3:])


def contiguous(x: Any, dtype: Any) -> Any:
    """An array whose last axis was another before, row by row in memory."""
    if x.flags.c_contiguous and x.dtype == dtype:
        return x
    out = np.empty(x.shape, dtype)
    fill(out, x)
    return out


def fill(out: Any, x: Any) -> None:
    """Copy x, a few channels at a time if they lie far apart in memory: many rows at once do not fit the cache."""
    channels = x.shape[-1]
    if x.strides[-1] == x.itemsize:
        out[...] = x
        return
    some = 1 if channels <= 8 else 8
    for start in range(0, channels, some):
        out[..., start : start + some] = x[..., start : start + some]


def _inside(padding: Pads, lengths: Shape) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    """Where in a padded array the array lies, and which part of it: negative padding cuts off."""
    to, of = [slice(None)] * 2, [slice(None)] * 2
    for (low, high), length in zip(padding, lengths, strict=True):
        to.append(slice(max(low, 0), length + low + min(high, 0)))
        of.append(slice(max(-low, 0), length + min(high, 0)))
    return tuple(to), tuple(of)


def _convolve(x: Any, w: Any, b: Any, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> Any:
    return _multiplied(tiles_of(x.shape, w.shape, stride, padding, dilation, groups), x, w, b)


def _multiplied(tiles: Tiles, x: Any, w: Any, b: Any = None) -> Any:
    """The results of all tiles, plus b for each channel."""
    dtype = np.result_type(x, w) if b is None else np.result_type(x, w, b)
    if 0 in (*tiles.shape, w.size):
        y = np.zeros(tiles.shape, dtype)
        return y if b is None else y + b.reshape((-1,) + (1,) * len(tiles.results))
    band, out = tiles.band(w, dtype), np.empty((tiles.groups, *tiles.rows, tiles.tile * tiles.outer), dtype)
    offset = None if b is None else np.tile(b.reshape(tiles.groups, 1, tiles.outer), tiles.tile)
    for block, matrix in tiles.matrices(tiles.lines(x, dtype)):
        part = out[:, *block].reshape(tiles.groups, -1, band.shape[-1])
        np.matmul(matrix, band, out=part)
        if offset is not None:
            part += offset
    return tiles.joined(out)


def _for_weight(x: Any, g: Any, size: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> Any:
    shape = (g.shape[1], x.shape[1] // groups, *size)
    tiles, dtype = tiles_of(x.shape, shape, stride, padding, dilation, groups), np.result_type(x, g)
    total = np.zeros((groups, tiles.length, tiles.tile * tiles.outer), dtype)
    if 0 in (g.size, total.size):
        return np.zeros(shape, dtype)
    parts = tiles.cut(g, dtype)
    for block, matrix in tiles.matrices(tiles.lines(x, dtype)):
        total += np.matmul(np.swapaxes(matrix, -1, -2), parts[:, *block].reshape(groups, -1, total.shape[-1]))
    return tiles.weight(total)


def _for_input(g: Any, w: Any, length: Shape, stride: Shape, padding: Pads, dilation: Shape, groups: int) -> Any:
    shape = (g.shape[0], w.shape[1] * groups, *length)
    tiles = tiles_of(shape, w.shape, stride, padding, dilation, groups, adding=True)
    if max(stride) == 1:
        flipped = _flipped(w, groups)
        reach = [d * (k - 1) for d, k in zip(dilation, tiles.sizes, strict=True)]
        pads = tuple((r - low, r - high) for r, (low, high) in zip(reach, padding, strict=True))
        other = tiles_of(g.shape, flipped.shape, stride, pads, dilation, groups)
        if other.cost < tiles.cost:
            return _multiplied(other, g, flipped)
    return _added(tiles, g, w, shape)


def _flipped(w: Any, groups: int) -> Any:
    """The weight back to front, from results to inputs: with stride 1 the input's gradient is a convolution with it."""
    parts = w.reshape(groups, -1, *w.shape[1:])
    return np.flip(parts, tuple(range(3, parts.ndim))).swapaxes(1, 2).reshape(-1, parts.shape[1], *w.shape[2:])


def _added(tiles: Tiles, g: Any, w: Any, shape: Shape) -> Any:
    """What each result gives to the elements it was computed from, added up."""
    dtype = np.result_type(g, w)
    if 0 in (g.size, w.size, *shape):
        return np.zeros(shape, dtype)
    groups, band = tiles.groups, np.swapaxes(tiles.band(w, dtype), -1, -2)
    parts = tiles.cut(g, dtype)
    lines = np.zeros((groups, shape[0], *tiles.padded, tiles.inner), dtype)
    windows = tiles.windows(lines)
    for block in tiles.blocks():
        seen = windows[:, *block]
        part = np.matmul(parts[:, *block].reshape(groups, -1, band.shape[-2]), band)
        _add_windows(seen, part.reshape(seen.shape), tiles)
    to, of = _inside(tiles.padding, shape[2:])
    if all(low >= 0 and high >= 0 for low, high in tiles.padding):
        return _channels_first(lines[to])
    out = np.zeros((groups, shape[0], *shape[2:], tiles.inner), dtype)
    out[of] = lines[to]
    return _channels_first(out)


def _add_windows(seen: Any, part: Any, tiles: Tiles) -> None:
    """Add to a view that shows elements several times, each time a piece that shows them once."""
    for tap in np.ndindex(*tiles.sizes[:-1]):
        for start in range(0, tiles.span, tiles.piece):
            place = (..., *tap, slice(start, start + tiles.piece), slice(None))
            seen[place] += part[place]


_OPTIONS = {"stride": "s", "padding": "p", "dilation": "d", "groups": "G"}


def _to_input(g: Any, y: Any, x: Any, w: Any, *b: Any, **geometry: Any) -> Any:
    return convolve_input.op.on(g, w, length=x.shape[2:], **geometry)


def _to_weight(g: Any, y: Any, x: Any, w: Any, *b: Any, **geometry: Any) -> Any:
    return convolve_weight.op.on(x, g, size=w.shape[2:], **geometry)


def _to_bias(g: Any, y: Any, x: Any, w: Any, b: Any, **geometry: Any) -> Any:
    """The sum for each channel; in two steps, since NumPy adds long stretches of memory much faster."""
    return np.sum(np.sum(g, axis=(0, *range(2, g.ndim - 1))), axis=-1)


convolve: Function = custom(
    lambda x, w, **geometry: _convolve(x, w, None, **geometry),
    (_to_input, _to_weight),
    (
        lambda t, y, x, w, **geometry: convolve.op.on(t, w, **geometry),
        lambda t, y, x, w, **geometry: convolve.op.on(x, t, **geometry),
    ),
    name="convolve",
    symbol="∗",
    options=_OPTIONS,
)
# The same plus a number for each channel, added while the results are in the cache.
convolve_biased: Function = custom(
    _convolve,
    (_to_input, _to_weight, _to_bias),
    (
        lambda t, y, x, w, b, **geometry: convolve.op.on(t, w, **geometry),
        lambda t, y, x, w, b, **geometry: convolve.op.on(x, t, **geometry),
        lambda t, y, x, w, b, **geometry: np.broadcast_to(np.reshape(t, (-1,) + (1,) * (y.ndim - 2)), y.shape),
    ),
    name="convolve_biased",
    symbol="∗+b",
    options=_OPTIONS,
)
convolve_input: Function = custom(
    _for_input,
    (
        lambda u, y, g, w, length, **geometry: convolve.op.on(u, w, **geometry),
        lambda u, y, g, w, length, **geometry: convolve_weight.op.on(u, g, size=w.shape[2:], **geometry),
    ),
    (
        lambda t, y, g, w, **geometry: convolve_input.op.on(t, w, **geometry),
        lambda t, y, g, w, **geometry: convolve_input.op.on(g, t, **geometry),
    ),
    name="convolve_input",
    symbol="∗ᵀ",
    options={"length": "length", **_OPTIONS},
)
convolve_weight: Function = custom(
    _for_weight,
    (
        lambda u, y, x, g, size, **geometry: convolve_input.op.on(g, u, length=x.shape[2:], **geometry),
        lambda u, y, x, g, size, **geometry: convolve.op.on(x, u, **geometry),
    ),
    (
        lambda t, y, x, g, **geometry: convolve_weight.op.on(t, g, **geometry),
        lambda t, y, x, g, **geometry: convolve_weight.op.on(x, t, **geometry),
    ),
    name="convolve_weight",
    symbol="∗ʷ",
    options={"size": "size", **_OPTIONS},
)
