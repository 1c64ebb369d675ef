"""Joining, splitting, turning and tiling: the laws hold for each, in NumPy's words."""

import itertools

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.testing import laws
from autograd_core.testing.values import values


def numbers(*shape, place=0):
    pool = values(place=place)
    return np.random.default_rng(place).permutation(pool)[: int(np.prod(shape))].reshape(shape)[()]


X, Y, CUBE = numbers(3, 4), numbers(3, 4, place=1), numbers(2, 3, 2)
LINE, OTHER, NUMBER, EMPTY = numbers(4), numbers(3, place=1), numbers(), np.zeros((0, 3))


def windows(x, size, step):
    return np.stack([x[:, i : i + size] for i in range(0, x.shape[1] - size + 1, step)], axis=1)


def blocks(*parts):
    parts = [np.atleast_2d(part) for part in parts]
    out = np.zeros(np.sum([part.shape for part in parts], axis=0), np.result_type(*parts))
    row = column = 0
    for part in parts:
        out[row : row + part.shape[0], column : column + part.shape[1]] = part
        row, column = row + part.shape[0], column + part.shape[1]
    return out


CASES = {
    "hstack": (lambda *xs: ag.hstack(xs), lambda *xs: np.hstack(xs), (X, Y)),
    "hstack of lines": (lambda *xs: ag.hstack(xs), lambda *xs: np.hstack(xs), (LINE, NUMBER)),
    "vstack": (lambda *xs: ag.vstack(xs), lambda *xs: np.vstack(xs), (LINE, X)),
    "dstack": (lambda *xs: ag.dstack(xs), lambda *xs: np.dstack(xs), (X, Y)),
    "column_stack": (lambda *xs: ag.column_stack(xs), lambda *xs: np.column_stack(xs), (OTHER, X)),
    "cat": (lambda *xs: ag.cat(xs, dim=-1), lambda *xs: np.concatenate(xs, -1), (X, Y[:, :0], Y)),
    "block_diag": (ag.block_diag, blocks, (X, LINE, NUMBER)),
    "chunk": (lambda x: ag.chunk(x, 3, 1), lambda x: (x[:, :2], x[:, 2:]), (X,)),
    "split": (lambda x: ag.split(x, [1, 3], 1), lambda x: (x[:, :1], x[:, 1:]), (X,)),
    "split into equal lengths": (lambda x: ag.split(x, 2), lambda x: (x[:2], x[2:]), (X,)),
    "tensor_split": (lambda x: ag.tensor_split(x, 3, 1), lambda x: tuple(np.array_split(x, 3, 1)), (X,)),
    "tensor_split at": (lambda x: ag.tensor_split(x, (1, 3), 1), lambda x: tuple(np.split(x, (1, 3), 1)), (X,)),
    "hsplit": (lambda x: ag.hsplit(x, 2), lambda x: tuple(np.hsplit(x, 2)), (X,)),
    "vsplit": (lambda x: ag.vsplit(x, [1]), lambda x: tuple(np.vsplit(x, [1])), (X,)),
    "dsplit": (lambda x: ag.dsplit(x, 2), lambda x: tuple(np.dsplit(x, 2)), (CUBE,)),
    "unbind": (lambda x: ag.unbind(x, 1), lambda x: tuple(np.moveaxis(x, 1, 0)), (CUBE,)),
    "narrow": (lambda x: ag.narrow(x, 1, -3, 2), lambda x: x[:, 1:3], (X,)),
    "select": (lambda x: ag.select(x, 1, -1), lambda x: x[:, -1], (X,)),
    "flip": (lambda x: ag.flip(x, (0, -1)), lambda x: np.flip(x, (0, -1)), (CUBE,)),
    "fliplr": (ag.fliplr, np.fliplr, (X,)),
    "flipud": (ag.flipud, np.flipud, (X,)),
    "roll": (lambda x: ag.roll(x, (1, -2), (0, 1)), lambda x: np.roll(x, (1, -2), (0, 1)), (X,)),
    "roll, flattened": (lambda x: ag.roll(x, 5), lambda x: np.roll(x, 5), (X,)),
    **{
        f"rot90, {k} times": (lambda x, k=k: ag.rot90(x, k, (1, 2)), lambda x, k=k: np.rot90(x, k, (1, 2)), (CUBE,))
        for k in range(-1, 5)
    },
    "movedim": (
        lambda x: ag.movedim(x, (0, 2), (-1, 0)),
        lambda x: np.moveaxis(x, (0, 2), (-1, 0)),
        (CUBE,),
    ),
    "repeat": (
        lambda x: x.repeat(2, 1, 3) if isinstance(x, ag.Tensor) else None,
        lambda x: np.tile(x, (2, 1, 3)),
        (X,),
    ),
    "tile": (lambda x: ag.tile(x, (2,)), lambda x: np.tile(x, (2,)), (X,)),
    "repeat_interleave": (lambda x: ag.repeat_interleave(x, 2, 1), lambda x: np.repeat(x, 2, 1), (X,)),
    "repeat_interleave by counts": (
        lambda x: ag.repeat_interleave(x, ag.tensor([0, 2, 1]), 0),
        lambda x: np.repeat(x, [0, 2, 1], 0),
        (X,),
    ),
    "repeat_interleave, flattened": (lambda x: ag.repeat_interleave(x, 2), lambda x: np.repeat(x, 2), (X,)),
    "unflatten": (lambda x: ag.unflatten(x, 1, (2, -1)), lambda x: x.reshape(3, 2, 2), (X,)),
    "expand": (
        lambda x: x.expand(2, -1, 4) if isinstance(x, ag.Tensor) else None,
        lambda x: np.broadcast_to(x, (2, 3, 4)),
        (OTHER[:, None],),
    ),
    "meshgrid": (
        lambda x, y: ag.meshgrid(x, y, indexing="xy"),
        lambda x, y: tuple(np.meshgrid(x, y)),
        (LINE, OTHER),
    ),
    "cartesian_prod": (
        ag.cartesian_prod,
        lambda x, y: np.array(list(itertools.product(x, y)), x.dtype),
        (LINE, OTHER),
    ),
    "combinations": (
        lambda x: ag.combinations(x, 3),
        lambda x: np.array(list(itertools.combinations(x, 3)), x.dtype),
        (LINE,),
    ),
    "combinations with repeats": (
        lambda x: ag.combinations(x, 2, with_replacement=True),
        lambda x: np.array(list(itertools.combinations_with_replacement(x, 2)), x.dtype),
        (LINE,),
    ),
    "atleast_3d": (ag.atleast_3d, np.atleast_3d, (X,)),
    "atleast_2d": (ag.atleast_2d, np.atleast_2d, (NUMBER,)),
    "diag": (lambda x: ag.diag(x, 1), lambda x: np.diag(x, 1), (LINE,)),
    "diagonal": (lambda x: ag.diagonal(x, -1, 0, 2), lambda x: np.diagonal(x, -1, 0, 2), (CUBE,)),
    "diag_embed": (
        lambda x: ag.diag_embed(x, 1),
        lambda x: np.stack([np.diag(row, 1) for row in x]),
        (X,),
    ),
    "diagflat": (lambda x: ag.diagflat(x, -1), lambda x: np.diagflat(x, -1), (X,)),
    "tril": (lambda x: ag.tril(x, -1), lambda x: np.tril(x, -1), (CUBE,)),
    "triu": (lambda x: ag.triu(x, 1), lambda x: np.triu(x, 1), (X,)),
    "trace": (ag.trace, np.trace, (X,)),
    "unfold": (
        lambda x: x.unfold(1, 2, 2) if isinstance(x, ag.Tensor) else None,
        lambda x: windows(x, 2, 2),
        (X,),
    ),
    "as_strided": (
        lambda x: ag.as_strided(x, (3, 2), (1, 2), 1),
        lambda x: np.array([[x.reshape(-1)[1 + i + 2 * j] for j in range(2)] for i in range(3)], x.dtype),
        (X,),
    ),
    "flatten": (lambda x: ag.flatten(x, 1), lambda x: x.reshape(2, 6), (CUBE,)),
    "of nothing": (lambda x: ag.flip(ag.cat([x, x]), 0), lambda x: np.concatenate([x, x]), (EMPTY,)),
    "broadcast_tensors": (ag.broadcast_tensors, lambda x, y: tuple(np.broadcast_arrays(x, y)), (OTHER[:, None], LINE)),
}


@pytest.mark.parametrize("name", CASES)
def test_the_laws_hold(name):
    function, reference, inputs = CASES[name]
    # PyTorch refuses a grid of several dtypes; and each of several results keeps its own
    own = name in ("meshgrid", "cartesian_prod", "broadcast_tensors")
    chosen = [law for law in laws.LAWS if law is not laws.keeps_dtypes or not own]
    laws.check(function, [(inputs, {})], reference=reference, laws=chosen)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: ag.hstack([ag.ones(2, 3), ag.ones(3, 3)]), ValueError, ["(2, 3)", "(3, 3)"]),
        (lambda: ag.cat([]), ValueError, ["at least one"]),
        (lambda: ag.stack([ag.ones(2), ag.ones(3)]), ValueError, ["(2,)", "(3,)"]),
        (lambda: ag.chunk(ag.ones(4), 0), ValueError, ["chunk", "0"]),
        (lambda: ag.split(ag.ones(4), [1, 2]), ValueError, ["4"]),
        (lambda: ag.hsplit(ag.ones(3), 2), ValueError, ["hsplit", "3", "2"]),
        (lambda: ag.unbind(ag.tensor(1.0)), (ValueError, IndexError), ["unbind"]),
        (lambda: ag.movedim(ag.ones(2, 3), (0, 0), (0, 1)), ValueError, []),
        (lambda: ag.unflatten(ag.ones(4), 0, (3, 2)), ValueError, ["unflatten"]),
        (lambda: ag.meshgrid(ag.ones(2, 2)), ValueError, ["meshgrid", "(2, 2)"]),
        (lambda: ag.diag(ag.ones(2, 2, 2)), ValueError, ["diag"]),
        (lambda: ag.trace(ag.ones(2)), ValueError, ["trace"]),
        (lambda: ag.ones(4).unfold(0, 5, 1), ValueError, ["unfold"]),
        (lambda: ag.as_strided(ag.ones(4), (3,), (2,)), ValueError, ["as_strided", "4"]),
        (lambda: ag.ones(2, 3).expand(4, 3), ValueError, ["(2, 3)", "(4, 3)"]),
        (lambda: ag.ones(2, 3).repeat(2), ValueError, ["repeat"]),
        (lambda: ag.flip(ag.ones(2), 1), IndexError, ["1"]),
        (lambda: ag.roll(ag.ones(2, 2), (1, 2), 0), ValueError, ["roll"]),
    ],
)
def test_errors_name_what_was_seen(call, error, words):
    with pytest.raises(error) as caught:
        call()
    for word in words:
        assert word in str(caught.value)
