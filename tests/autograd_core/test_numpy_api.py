"""NumPy's functions on Tensors: each one is taken and right, or refused by name."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import overrides

import autograd_core as ag
from autograd_core.numpy_api import QUESTIONS
from autograd_core.public import NUMPY

UFUNCS = sorted(overrides.get_overridable_numpy_ufuncs(), key=lambda f: f.__name__)
FUNCTIONS = sorted(overrides.get_overridable_numpy_array_functions(), key=lambda f: f"{f.__module__}.{f.__name__}")
A = np.array([[0.5, 1.5, 2.5], [3.5, 4.5, 0.25]])
B = np.array([[2.0, 0.5, 1.0], [1.0, 3.0, 2.0]])


def leaf(array: np.ndarray = A) -> ag.Tensor:
    return ag.tensor(array, requires_grad=True)


@pytest.mark.parametrize("ufunc", UFUNCS, ids=lambda f: f.__name__)
def test_every_ufunc_is_taken_or_refused_by_name(ufunc: np.ufunc) -> None:
    arrays = (A, B)[: ufunc.nin]
    if ufunc not in NUMPY:
        with pytest.raises(TypeError, match=ufunc.__name__) as caught:
            ufunc(*[leaf()] * ufunc.nin)
        assert "autograd_core" in str(caught.value)  # what to use instead
        return
    if ufunc.__name__ in ("bitwise_and", "bitwise_or", "bitwise_xor", "invert"):
        arrays = tuple(array > 1 for array in arrays)
    elif ufunc in (np.left_shift, np.right_shift):
        arrays = tuple(array.astype(np.int64) for array in arrays)
    elif ufunc is np.ldexp:
        arrays = (A, B.astype(np.int64))
    elif ufunc in (np.arcsin, np.arccos, np.arctanh):
        arrays = (A / 5,)
    elif ufunc is np.arccosh:
        arrays = (A + 1,)
    elif ufunc is np.matmul or ufunc is getattr(np, "matvec", None):
        arrays = (A, B.T if ufunc is np.matmul else B[0])
    elif ufunc is getattr(np, "vecmat", None):
        arrays = (A[:, 0], B)
    result = ufunc(*[ag.tensor(array) for array in arrays])
    assert isinstance(result, ag.Tensor)
    np.testing.assert_allclose(result.numpy(), ufunc(*arrays), rtol=1e-15)


CALLS = {
    np.sum: lambda x: np.sum(x, axis=0),
    np.mean: lambda x: np.mean(x, axis=1, keepdims=True),
    np.prod: lambda x: np.prod(x, axis=-1),
    np.max: lambda x: np.max(x, axis=0),
    np.min: lambda x: np.min(x),
    np.var: lambda x: np.var(x, axis=0),
    np.std: lambda x: np.std(x, axis=1, ddof=1),
    np.amax: lambda x: np.amax(x, axis=1),
    np.amin: lambda x: np.amin(x, axis=(0, 1)),
    np.argmax: lambda x: np.argmax(x, axis=1),
    np.argmin: lambda x: np.argmin(x),
    np.any: lambda x: np.any(x > 4, axis=0),
    np.all: lambda x: np.all(x > 0.3, axis=1),
    np.reshape: lambda x: np.reshape(x, (3, 2)),
    np.transpose: lambda x: np.transpose(x, (1, 0)),
    np.swapaxes: lambda x: np.swapaxes(x, 0, 1),
    np.broadcast_to: lambda x: np.broadcast_to(x, (2, 2, 3)),
    np.expand_dims: lambda x: np.expand_dims(x, (0, 2)),
    np.squeeze: lambda x: np.squeeze(x[:1], axis=0),
    np.ravel: lambda x: np.ravel(x),
    np.copy: lambda x: np.copy(x),
    np.concatenate: lambda x: np.concatenate([x, x], axis=1),
    np.stack: lambda x: np.stack((x, x), axis=-1),
    np.split: lambda x: np.split(x, 3, axis=1)[1],
    np.array_split: lambda x: np.array_split(x, 2, axis=1)[0],
    np.where: lambda x: np.where(x > 1, x, 0.0),
    np.clip: lambda x: np.clip(x, 1.0, 3.0),
    np.zeros_like: lambda x: np.zeros_like(x),
    np.empty_like: lambda x: np.empty_like(x) * 0,
    np.ones_like: lambda x: np.ones_like(x),
    np.full_like: lambda x: np.full_like(x, 7.0),
    np.isposinf: lambda x: np.isposinf(x * np.where(A > 3, np.inf, 1.0)),
    np.isneginf: lambda x: np.isneginf(x),
    np.isreal: lambda x: np.isreal(x),
    np.isclose: lambda x: np.isclose(x, B * 2, rtol=0.2),
    np.take_along_axis: lambda x: np.take_along_axis(x, np.argsort(A, axis=1), axis=1),
    np.take: lambda x: (np.take(x, [5, 0, -1]), np.take(x, [[2, 0]], axis=1)),
    np.hstack: lambda x: np.hstack((x, x[:, :1])),
    np.vstack: lambda x: np.vstack([x, x[0]]),
    np.dstack: lambda x: np.dstack([x, x]),
    np.column_stack: lambda x: np.column_stack([x[0], x[1]]),
    np.flip: lambda x: (np.flip(x), np.flip(x, axis=(0, 1))),
    np.flipud: lambda x: np.flipud(x),
    np.fliplr: lambda x: np.fliplr(x),
    np.roll: lambda x: (np.roll(x, 2), np.roll(x, shift=(1, -1), axis=(0, 1))),
    np.rot90: lambda x: np.rot90(x, k=3),
    np.moveaxis: lambda x: np.moveaxis(x, 0, -1),
    np.tile: lambda x: np.tile(x, (2, 1, 2)),
    np.repeat: lambda x: (np.repeat(x, 2), np.repeat(x, [1, 0, 3], axis=1)),
    np.meshgrid: lambda x: (*np.meshgrid(x[0], x[1]), *np.meshgrid(x[0], x[1], indexing="ij")),
    np.sinc: lambda x: np.sinc(x),
    np.tril: lambda x: np.tril(x, -1),
    np.triu: lambda x: np.triu(x, k=1),
    np.diagonal: lambda x: np.diagonal(x, offset=1),
    np.diag: lambda x: (np.diag(x), np.diag(x[0], k=-1)),
    np.diagflat: lambda x: np.diagflat(x, 1),
    np.trace: lambda x: np.trace(x, offset=1),
    np.einsum: lambda x: (np.einsum("ij,kj->ik", x, B), np.einsum("ij->j", x, optimize=True)),
    np.tensordot: lambda x: (np.tensordot(x, B), np.tensordot(x, B, axes=([1], [1]))),
    np.inner: lambda x: np.inner(x, B),
    np.kron: lambda x: np.kron(x, B),
    np.dot: lambda x: (np.dot(x, B.T), np.dot(x, 2.0), np.dot(x[0], B[0])),
    np.vdot: lambda x: np.vdot(x, B),
    np.outer: lambda x: np.outer(x, B),
    np.linalg.vecdot: lambda x: np.linalg.vecdot(x, B, axis=0),
    np.cross: lambda x: np.cross(x, B),
    np.linalg.cross: lambda x: np.linalg.cross(x, B),
    np.linalg.matmul: lambda x: np.linalg.matmul(x, B.T),
    np.linalg.outer: lambda x: np.linalg.outer(x[0], B[1]),
    np.i0: lambda x: np.i0(x),
    np.fix: lambda x: np.fix(x),
    np.round: lambda x: (np.round(x), np.round(x, decimals=1)),
    np.around: lambda x: np.around(x, 1),
    np.nan_to_num: lambda x: np.nan_to_num(x, nan=2.0),
    np.linalg.norm: lambda x: (np.linalg.norm(x), np.linalg.norm(x, 1), np.linalg.norm(x, axis=0, keepdims=True)),
    np.cumsum: lambda x: (np.cumsum(x), np.cumsum(x, axis=1)),
    np.cumprod: lambda x: (np.cumprod(x), np.cumprod(x, axis=0)),
    np.diff: lambda x: (np.diff(x), np.diff(x, n=1, axis=0)),
    np.sort: lambda x: (np.sort(x), np.sort(x, axis=0), np.sort(x, axis=None)),
    np.argsort: lambda x: (np.argsort(x), np.argsort(x, axis=0)),
    np.searchsorted: lambda x: np.searchsorted(x[0], B[0], side="right"),
    np.bincount: lambda x: np.bincount(ag.tensor([1, 1, 3]) if isinstance(x, ag.Tensor) else [1, 1, 3], minlength=5),
    np.nonzero: lambda x: np.nonzero(x > 1),
    np.argwhere: lambda x: np.argwhere(x > 1),
    np.median: lambda x: (np.median(x), np.median(x, axis=0), np.median(x, axis=1, keepdims=True)),
    np.quantile: lambda x: (np.quantile(x, 0.3), np.quantile(x, [0.25, 0.5], axis=1)),
    np.nansum: lambda x: np.nansum(x * np.array([1.0, np.nan, 2.0]), axis=0),
    np.nanmean: lambda x: np.nanmean(x * np.array([1.0, np.nan, 2.0]), axis=1),
    np.count_nonzero: lambda x: (np.count_nonzero(x > 1), np.count_nonzero(x > 1, axis=0)),
}
NAN = np.array([[0.5, np.nan, 2.5], [3.5, 4.5, 0.25]])
CALLS |= {
    np.median: lambda x: (np.median(x), np.median(x, axis=(0, 1), keepdims=True), np.median(x[None], axis=(0, 2))),
    np.nanmedian: lambda x: (np.nanmedian(x * NAN), np.nanmedian(x * NAN, axis=1)),
    np.quantile: lambda x: (np.quantile(x, 0.3, axis=(1, 0)), np.quantile(x, [0.2, 0.7], axis=0, method="lower")),
    np.nanquantile: lambda x: np.nanquantile(x * NAN, [0.2, 0.7], axis=(0, 1), keepdims=True),
    np.var: lambda x: (np.var(x, axis=0), np.var(x, axis=0, dtype=np.float32).astype(np.float64), np.var(x, ddof=1)),
    np.count_nonzero: lambda x: (np.count_nonzero(x), np.count_nonzero(x, axis=0, keepdims=True)),
    np.real: lambda x: np.real(x),
    np.broadcast_arrays: lambda x: np.broadcast_arrays(x, B[0], 2.0),
    np.atleast_1d: lambda x: np.atleast_1d(x[0, 0], x[0], x),
    np.atleast_2d: lambda x: np.atleast_2d(x[0, 0], x[0], x),
    np.atleast_3d: lambda x: np.atleast_3d(x[0, 0], x[0], x),
    np.hsplit: lambda x: np.hsplit(x, 3),
    np.vsplit: lambda x: np.vsplit(x, [1]),
    np.dsplit: lambda x: np.dsplit(x[:, :, None], 1),
    np.isin: lambda x: (np.isin(x, [0.5, 1.5]), np.isin(x, [0.5], invert=True)),
    np.unique: lambda x: (*np.unique(x, return_counts=True, return_inverse=True), np.unique(x, axis=0)),
}
M = np.linalg
CALLS |= {  # x[:, :2] is a square matrix
    np.vander: lambda x: (np.vander(x[0]), np.vander(x[0], 2, increasing=True)),
    np.matrix_transpose: lambda x: np.matrix_transpose(x),
    M.matrix_transpose: lambda x: M.matrix_transpose(x),
    M.trace: lambda x: M.trace(x, offset=1),
    M.diagonal: lambda x: M.diagonal(x, offset=1),
    M.tensordot: lambda x: M.tensordot(x, B, axes=((1,), (1,))),
    M.multi_dot: lambda x: M.multi_dot([x, B.T, x]),
    M.matrix_power: lambda x: M.matrix_power(x[:, :2], 3),
    M.vector_norm: lambda x: M.vector_norm(x, axis=0, ord=3),
    M.matrix_norm: lambda x: (M.matrix_norm(x), M.matrix_norm(x, keepdims=True, ord=1)),
    M.matrix_rank: lambda x: (M.matrix_rank(x), M.matrix_rank(x, 2.0), M.matrix_rank(x, rtol=0.5)),
    M.cond: lambda x: (M.cond(x), M.cond(x[:, :2], 1)),
    M.det: lambda x: M.det(x[:, :2]),
    M.slogdet: lambda x: M.slogdet(x[:, :2]),
    M.inv: lambda x: M.inv(x[:, :2]),
    M.pinv: lambda x: (M.pinv(x), M.pinv(x, 0.5), M.pinv(x[:, :2] + x[:, :2].T, hermitian=True)),
    M.solve: lambda x: (M.solve(x[:, :2], B), M.solve(x[:, :2], B[:, 0])),
    M.lstsq: lambda x: (*M.lstsq(x[:, :1], B)[:2], M.lstsq(x, B)[3]),
    M.tensorinv: lambda x: M.tensorinv(x[:, :2], ind=1),
    M.tensorsolve: lambda x: (M.tensorsolve(x[:, :2], B[0, :2]), M.tensorsolve(x[:, :2], B[0, :2], (0,))),
    M.cholesky: lambda x: (M.cholesky(x @ x.T), M.cholesky(x @ x.T, upper=True)),
    M.qr: lambda x: (*M.qr(x), M.qr(x.T, "r"), M.qr(x.T, mode="complete")[1]),
    M.eigh: lambda x: M.eigh(x @ x.T),
    M.eigvalsh: lambda x: M.eigvalsh(x @ x.T, "U"),
    M.svd: lambda x: (*M.svd(x, False), M.svd(x, compute_uv=False)),
    M.svdvals: lambda x: M.svdvals(x),
}
if hasattr(np, "trapezoid"):
    CALLS[np.trapezoid] = lambda x: (np.trapezoid(x), np.trapezoid(x, dx=0.5, axis=0), np.trapezoid(x, B[0]))
if hasattr(np, "astype"):
    CALLS[np.astype] = lambda x: np.astype(x, np.float32)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{f.__module__}.{f.__name__}")
def test_every_function_is_taken_or_refused_by_name(function: object) -> None:
    if function in CALLS:
        found, expected = CALLS[function](leaf()), CALLS[function](A)
        pairs = [(found, expected)] if isinstance(found, ag.Tensor) else list(zip(found, expected, strict=True))
        for ours, theirs in pairs:
            assert isinstance(ours, ag.Tensor)
            assert ours.shape == np.shape(theirs)
            np.testing.assert_allclose(ours.detach().numpy(), theirs, rtol=1e-14)
    elif function in QUESTIONS:
        assert function not in NUMPY  # NumPy answers these itself: test_questions_about_a_tensor_are_answered
    else:
        t = leaf()
        with pytest.raises(TypeError) as caught:
            t.__array_function__(function, (ag.Tensor,), (t,), {})
        assert function.__name__ in str(caught.value)  # type: ignore[attr-defined]
        assert "autograd_core" in str(caught.value)


def test_everything_taken_is_called_here() -> None:
    taken = {function for function in NUMPY if not isinstance(function, np.ufunc)}
    assert taken == set(CALLS)


@pytest.mark.parametrize("function", [np.fft.fft, np.partition, np.convolve], ids=lambda f: f.__name__)
def test_a_refused_function_is_refused_when_called_by_users(function: object) -> None:
    with pytest.raises(TypeError, match=function.__name__):  # type: ignore[attr-defined]
        function(leaf(), 1)  # type: ignore[operator]


def test_gradients_flow_through_numpy_calls() -> None:
    x = leaf()
    y = np.sum(np.where(x > 1, np.sin(x) * B, np.exp(x)), axis=0)
    assert isinstance(y, ag.Tensor)
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.where(A > 1, np.cos(A) * B, np.exp(A)), rtol=1e-12)


def test_arrays_and_numpy_scalars_on_the_left() -> None:
    x = leaf()
    for y, expected in (
        (B * x, B * A),
        (B - x, B - A),
        (B / x, B / A),
        (np.float64(2) * x, 2 * A),
        (np.float64(2) ** x, 2**A),
        (B.T @ x, B.T @ A),
        (np.int64(3) + x, 3 + A),
    ):
        assert isinstance(y, ag.Tensor)
        assert y.requires_grad
        np.testing.assert_allclose(y.detach().numpy(), expected, rtol=1e-15)
    assert isinstance(x < B, ag.Tensor)


@pytest.mark.parametrize(
    ("ufunc", "axis"),
    [(u, a) for u in (np.add, np.multiply, np.maximum, np.minimum) for a in (0, 1, None, (0, 1))],
)
def test_reduce_of_a_ufunc(ufunc: np.ufunc, axis: object) -> None:
    result = ufunc.reduce(leaf(), axis=axis)
    assert isinstance(result, ag.Tensor)
    np.testing.assert_allclose(result.detach().numpy(), ufunc.reduce(A, axis=axis))
    np.testing.assert_allclose(ufunc.reduce(leaf()).detach().numpy(), ufunc.reduce(A))  # the first axis by default


def test_outer_of_a_ufunc() -> None:
    a, b = leaf(A[0]), leaf(B[:, :2])
    result = np.subtract.outer(a, b)
    np.testing.assert_allclose(result.detach().numpy(), np.subtract.outer(A[0], B[:, :2]))
    result.sum().backward()
    np.testing.assert_allclose(a.grad.numpy(), [4, 4, 4])
    np.testing.assert_allclose(b.grad.numpy(), -3 * np.ones((2, 2)))


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda t: np.add.accumulate(t), ["add.accumulate"]),
        (lambda t: np.add.reduceat(t, [0, 1]), ["add.reduceat"]),
        (lambda t: np.add.at(t, [0], 1.0), ["add.at"]),
        (lambda t: np.sin(t, where=A > 1), ["sin", "where"]),
        (lambda t: np.sin(t, dtype=np.float32), ["sin", "dtype"]),
        (lambda t: np.sum(t, initial=3.0), ["sum", "initial"]),
        (lambda t: np.sum(t, where=A > 1), ["sum", "where"]),
        (lambda t: np.add.reduce(t, initial=3.0), ["add.reduce", "initial"]),
        (lambda t: np.sin(A, out=t), ["sin"]),
        (lambda t: np.sin(t, out=np.empty((2, 3))), ["sin"]),
        (lambda t: np.sum(t, axis=0, out=np.empty(3)), ["sum", "out"]),
        (lambda t: np.reshape(t, (3, 2), order="F"), ["reshape", "order"]),
        (lambda t: np.concatenate([t, t], dtype=np.float32), ["concatenate", "dtype"]),
        (lambda t: np.modf(t), ["modf"]),
    ],
)
def test_options_without_a_rule_are_refused_by_name(call: object, names: list[str]) -> None:
    with pytest.raises(TypeError) as caught:
        call(leaf())  # type: ignore[operator]
    for name in names:
        assert name in str(caught.value)


def test_positional_arguments_mean_what_they_mean_to_numpy() -> None:
    assert np.sum(ag.tensor(A), 0, np.float32).dtype == np.float32
    assert np.sum(ag.tensor(A), 0, None, None, True).shape == (1, 3)
    assert np.sum(a=ag.tensor(A), axis=1).shape == (2,)
    np.testing.assert_allclose(np.var(ag.tensor(A), None, None, None, 1).numpy(), np.var(A, ddof=1))
    np.testing.assert_allclose(np.clip(ag.tensor(A), None, 2.0).numpy(), np.clip(A, None, 2.0))
    np.testing.assert_allclose(np.clip(ag.tensor(A), min=1.0).numpy(), np.clip(A, 1.0, None))


def test_split_is_numpys() -> None:
    for arguments in ((3, 1), ([1, 2], 1), ([0, 5], 0), ([], 0), ([-1], 1)):
        for ours, theirs in zip(np.split(ag.tensor(A), *arguments), np.split(A, *arguments), strict=True):
            np.testing.assert_array_equal(ours.numpy(), theirs)
    with pytest.raises(ValueError, match="equal sections"):
        np.split(ag.tensor(A), 2, axis=1)
    for ours, theirs in zip(np.array_split(ag.tensor(A), 2, 1), np.array_split(A, 2, 1), strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs)


def test_squeeze_refuses_a_longer_axis_as_numpy_does() -> None:
    with pytest.raises(ValueError, match="length 1"):
        np.squeeze(leaf(), axis=0)


def test_questions_about_a_tensor_are_answered() -> None:
    t = leaf()
    assert np.shape(t) == (2, 3)
    assert np.ndim(t) == 2
    assert np.size(t) == 6
    assert np.allclose(t, A)
    assert np.array_equal(t, A)
    assert not np.array_equal(t, B)


def test_an_array_of_a_tensor_that_requires_grad_is_refused_with_the_fix() -> None:
    for convert in (np.asarray, np.array, lambda t: np.array([t, t]), lambda t: np.asarray(t, dtype=object)):
        with pytest.raises(RuntimeError, match=r"detach\(\)\.numpy\(\)"):
            convert(leaf())


def test_no_object_arrays() -> None:
    with_grad, without = ag.tensor(1.0, requires_grad=True), ag.tensor(1.0)
    assert np.asarray([without, without]).dtype == np.float32
    assert np.array([ag.tensor(A), ag.tensor(B)]).shape == (2, 2, 3)
    with pytest.raises(RuntimeError, match="detach"):
        np.array([with_grad, 1.0])
    for data in ([with_grad, with_grad], (without,), [[without]]):
        with pytest.raises(TypeError, match="stack"):
            ag.tensor(data)


def test_in_place_into_an_array() -> None:
    array = A.copy()
    array += ag.tensor(B)
    np.testing.assert_array_equal(array, A + B)
    with pytest.raises(TypeError, match="gradient would be lost"):
        array += leaf(B)
    np.testing.assert_array_equal(array, A + B)  # nothing half done


def test_what_is_not_numeric_is_refused() -> None:
    with pytest.raises(TypeError, match="str"):
        np.add(leaf(), "a")
