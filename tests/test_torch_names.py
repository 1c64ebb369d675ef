"""Every function and method takes its arguments by the names that PyTorch documents, the first one too."""

from __future__ import annotations

import importlib.util
import inspect
import re

import numpy as np
import pytest

import autograd_core as ag
import nn

pytestmark = [pytest.mark.peers, pytest.mark.skipif(not importlib.util.find_spec("torch"), reason="needs torch")]

NAMES = """
    abs acos acosh add addcdiv addcmul addmm all allclose amax amin aminmax any argmax argmin argsort argwhere
    as_strided asin asinh atan atan2 atanh baddbmm bincount bitwise_and bitwise_not bmm broadcast_to bucketize cat
    ceil chunk clamp clip clone column_stack combinations copysign cos cosh count_nonzero cross cummax cummin
    cumprod cumsum deg2rad diag diag_embed diagflat diagonal diagonal_scatter diff digamma dist div dot eq equal erf
    erfc erfinv exp exp2 expm1 flatten flip fliplr flipud float_power floor floor_divide fmax fmin fmod frac gather
    ge gt heaviside histc hypot i0 index_add index_copy index_select inner isclose isfinite isin isinf isnan isreal
    kron kthvalue ldexp le lgamma log log10 log1p log2 logaddexp logaddexp2 logcumsumexp logdet logical_and
    logical_not logical_or logical_xor logit lt masked_select matmul maximum mean median minimum mm mode movedim
    msort mul mv mvlgamma nan_to_num nanmean nanmedian nanquantile nansum narrow ne neg nextafter nonzero outer
    permute polygamma positive pow prod quantile rad2deg ravel reciprocal remainder repeat_interleave reshape roll
    rot90 round rsqrt scatter scatter_add scatter_reduce searchsorted select select_scatter sgn sigmoid sign signbit
    sin sinc sinh slice_scatter softmax sort sqrt square squeeze std std_mean sub sum swapaxes swapdims t take
    take_along_dim tan tanh tensor_split tile topk trace transpose tril triu trunc unbind unflatten unsqueeze var
    var_mean vdot where xlogy linalg.cholesky linalg.cond linalg.det linalg.eigh linalg.inv linalg.lstsq
    linalg.matrix_power linalg.norm linalg.pinv linalg.qr linalg.slogdet linalg.solve linalg.solve_triangular
    linalg.svd linalg.vector_norm special.entr special.erfcx special.expit special.i0e special.log_ndtr
    special.ndtri special.xlog1py special.zeta
"""
NOT_OURS = {"out", "memory_format", "generator", "names", "layout", "pin_memory"}
SAME = {"dim": "axis", "keepdim": "keepdims"}
DOCUMENTED_OTHERWISE = {"searchsorted": {"values"}}  # its argument is called input


def torch_names(name):
    """The argument names in the signatures that PyTorch documents for a function."""
    import torch

    place = torch
    for part in name.split("."):
        place = getattr(place, part)
    short = name.rpartition(".")[2]
    found = set()
    for signature in re.findall(rf"^\s*(?:torch\.)?(?:linalg\.)?{short}\(([^\n]*)\)\s*->", place.__doc__, re.MULTILINE):
        parts = re.split(r",\s*(?![^()\[]*[)\]])", signature)
        found |= {re.split("[=:]", part)[0].strip(" *\\") for part in parts}
    return {x for x in found - NOT_OURS - DOCUMENTED_OTHERWISE.get(name, set()) if x.isidentifier()}


@pytest.mark.parametrize("name", NAMES.split())
def test_arguments_have_pytorchs_names(name):
    place = ag
    for part in name.split("."):
        place = getattr(place, part)
    wanted = torch_names(name)
    assert wanted, "PyTorch documents no signature"
    parameters = set(inspect.signature(place).parameters)
    found = parameters | {theirs for theirs, own in SAME.items() if own in parameters and "axis" in parameters}
    assert wanted <= found


@pytest.mark.parametrize(
    ("call", "right"),
    [
        (lambda x: ag.exp(input=x), np.exp),
        (lambda x: ag.sum(input=x, dim=1, keepdim=True), lambda a: a.sum(1, keepdims=True)),
        (lambda x: ag.maximum(input=x, other=1.0), lambda a: np.maximum(a, 1)),
        (lambda x: x.pow(exponent=2), np.square),
        (lambda x: ag.where(condition=x > 2, input=x, other=0.0), lambda a: np.where(a > 2, a, 0)),
        (lambda x: ag.lt(input=x, other=2.0), lambda a: a < 2),
        (lambda x: ag.split(tensor=x, split_size_or_sections=1)[1], lambda a: a[1:]),
        (lambda x: x.split(split_size=1)[1], lambda a: a[1:]),
        (lambda x: ag.reshape(input=x, shape=(3, 2)), lambda a: a.reshape(3, 2)),
        (lambda x: x.permute(dims=(1, 0)), np.transpose),
        (lambda x: ag.swapdims(x, dim0=0, dim1=1), np.transpose),
        (lambda x: np.swapaxes(x, axis1=0, axis2=1), np.transpose),
        (lambda x: x.unfold(dimension=1, size=3, step=1), lambda a: a[:, None]),
        (lambda x: x.requires_grad_().numpy(force=True), np.asarray),
        (lambda x: nn.functional.relu(input=x), np.asarray),
        (lambda x: ag.quantile(x, 0.3, axis=1, keepdims=True), lambda a: np.quantile(a, 0.3, axis=1, keepdims=True)),
        (lambda x: x.nanquantile(0.5, axis=0), lambda a: np.quantile(a, 0.5, axis=0)),
        (lambda x: x.norm(1, axis=0, keepdims=True), lambda a: np.abs(a).sum(0, keepdims=True)),
        (lambda x: ag.linalg.vector_norm(x, 1, axis=0), lambda a: np.abs(a).sum(0)),
        (lambda x: ag.trapezoid(x, axis=0), lambda a: (a[0] + a[1]) / 2),
        (lambda x: ag.select_scatter(x, ag.zeros(3).double(), axis=0, index=1), lambda a: a * [[1], [0]]),
    ],
)
def test_calls_by_name(call, right):
    array = np.arange(1.0, 7.0).reshape(2, 3)
    np.testing.assert_array_equal(np.asarray(call(ag.tensor(array))), right(array))


def test_a_function_of_two_takes_no_third_to_write_into():
    """A NumPy ufunc would take a third array as its output."""
    a, out = ag.tensor([True, False]), ag.tensor([True, True])
    for call in (lambda: ag.logical_and(a, a, out), lambda: ag.isnan(ag.tensor([1.0, 2.0]), out)):
        with pytest.raises(TypeError):
            call()
    assert out.tolist() == [True, True]
