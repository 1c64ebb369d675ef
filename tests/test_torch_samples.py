"""Every function that PyTorch has too gives PyTorch's results on PyTorch's own sample inputs.

PyTorch ships, for each of its operators, the sample inputs that its own tests use: all options, empty and 0-d
tensors, broadcasting, edge cases; and calls that must raise. Each is run here and there, and the results, the
gradients and the gradients of the gradients are compared.

Also a program: ``python tests/test_torch_samples.py [-v] [NAME ...]`` prints what differs.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import sys
import traceback
import warnings
from typing import Any

import numpy as np
import pytest

import autograd_core as ag
import nn

AVAILABLE = importlib.util.find_spec("torch") and importlib.util.find_spec("expecttest")
pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(not AVAILABLE, reason="needs the extra peers: torch and expecttest"),
]

DTYPES = ("float64", "float32", "int64", "bool")
BUILT_IN = (ValueError, TypeError, IndexError, RuntimeError, NotImplementedError, KeyError)

# What is ours to have: PyTorch's names, as its list of operators spells them.
NAMES: dict[str, str] = {
    "elementwise": """
        abs acos acosh add addcdiv addcmul asin asinh atan atan2 atanh ceil clamp clamp_min clamp_max copysign
        cos cosh deg2rad digamma div floor_divide erf erfc erfinv exp exp2 expm1 float_power floor fmax fmin
        fmod frac heaviside hypot i0 isclose isfinite isinf isnan isneginf isposinf isreal ldexp lerp lgamma log
        log10 log1p log2 logaddexp logaddexp2 logit masked_fill maximum minimum mul mvlgamma nan_to_num neg
        nextafter polygamma positive pow rad2deg reciprocal remainder round rsqrt rsub sigmoid sgn sign signbit
        sin sinc sinh sqrt square sub tan tanh true_divide trunc where xlogy special.entr special.erfcx
        special.log_ndtr special.ndtr special.ndtri special.xlog1py special.i0e special.i1 special.i1e
        special.zeta special.polygamma eq ne lt le gt ge equal allclose logical_and logical_or logical_xor
        logical_not bitwise_and bitwise_or bitwise_xor bitwise_not bitwise_left_shift bitwise_right_shift
        __radd__ __rdiv__ __rmul__ __rsub__ __rmod__ __rpow__ __rand__ __ror__ __rxor__ __rmatmul__
    """,
    "reductions": """
        all any sum nansum mean nanmean prod max min amax amin aminmax argmax argmin median nanmedian mode
        quantile nanquantile var std var_mean std_mean norm linalg.vector_norm linalg.matrix_norm linalg.norm
        logsumexp logcumsumexp cumsum cumprod cummax cummin count_nonzero dist cdist nn.functional.pdist
        trapezoid trapz cumulative_trapezoid diff softmax log_softmax
    """,
    "shape": """
        broadcast_to broadcast_tensors cat stack hstack vstack dstack column_stack chunk split split_with_sizes
        tensor_split hsplit vsplit dsplit unbind narrow select index_select index_add index_copy index_fill
        index_put take take_along_dim gather scatter scatter_add scatter_reduce masked_select masked_scatter
        __getitem__ expand expand_as repeat tile repeat_interleave roll rot90 flip fliplr flipud movedim permute
        transpose t T mT reshape reshape_as view view_as ravel flatten unflatten squeeze unsqueeze unfold
        as_strided diag diagonal diag_embed diagflat diagonal_scatter select_scatter slice_scatter tril triu
        triu_indices tril_indices meshgrid cartesian_prod combinations block_diag atleast_1d atleast_2d
        atleast_3d sort argsort msort topk kthvalue searchsorted bucketize unique unique_consecutive histc
        bincount nonzero argwhere trace clone contiguous float double int bool long short half to real arange
        linspace put
    """,
    "linalg": """
        matmul mm mv bmm dot inner outer vdot addmm addmv addbmm baddbmm addr linalg.multi_dot matrix_exp
        linalg.matrix_power tensordot einsum kron cross linalg.cross linalg.inv linalg.solve linalg.det
        linalg.slogdet logdet cholesky linalg.cholesky linalg.qr qr linalg.eigh linalg.eigvalsh linalg.svd svd
        linalg.svdvals linalg.pinv pinverse linalg.lstsq linalg.cond linalg.solve_triangular linalg.vander
        linalg.matrix_rank linalg.diagonal linalg.vecdot
    """,
    "nn.functional": """
        conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d max_pool1d max_pool2d max_pool3d
        avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d adaptive_avg_pool3d
        adaptive_max_pool1d adaptive_max_pool2d adaptive_max_pool3d max_unpool1d max_unpool2d max_unpool3d
        unfold pad interpolate grid_sample pixel_shuffle pixel_unshuffle channel_shuffle batch_norm layer_norm
        group_norm instance_norm local_response_norm rms_norm normalize linear bilinear embedding embedding_bag
        one_hot scaled_dot_product_attention relu relu6 leaky_relu prelu elu selu celu gelu silu mish softplus
        softsign hardtanh hardsigmoid hardswish logsigmoid softmin glu threshold softshrink hardshrink
        tanhshrink cosine_similarity pairwise_distance mse_loss l1_loss smooth_l1_loss huber_loss cross_entropy
        nll_loss binary_cross_entropy binary_cross_entropy_with_logits kl_div hinge_embedding_loss
        margin_ranking_loss triplet_margin_loss triplet_margin_with_distance_loss cosine_embedding_loss
        multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss soft_margin_loss poisson_nll_loss
        gaussian_nll_loss ctc_loss upsample_bilinear upsample_nearest
    """,
}
ALL = [
    f"nn.functional.{name}" if family == "nn.functional" else name
    for family, names in NAMES.items()
    for name in names.split()
]

# What PyTorch describes as a method although there is a function of this name, or what has another name here.
METHODS = {
    "where": "where",
    "__rdiv__": "__rtruediv__",
    "polygamma": "polygamma",
    "special.polygamma": "polygamma",
}

# Where we differ on purpose: "name" or "name/dtype" → what the problem's text has in it, and why.
DIFFERENT: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("sort/bool", "argsort/bool", "topk/int64", "kthvalue/int64", "mode/int64", "mode/bool"),
        ("", "equal elements keep their order here; PyTorch's order of them is arbitrary"),
    ),
    "nextafter": ("", "its result never requires grad here; PyTorch's does, and fails when it is asked for"),
    "__rpow__/int64": ("", "integers to negative powers are refused here as by NumPy"),
    "as_strided": ("of partial_views", "arrays are values here: a view's stride counts in its own elements"),
    "narrow": ("error input 8", "True counts as 1 here, as it does to Python"),
    "mean": ("error input 0", "the mean of integers is a float here as in NumPy; PyTorch refuses it"),
    **dict.fromkeys(
        ("addmv/int64", "addbmm/int64", "baddbmm/int64"),
        ("needs whole factors", "fractions times integers are refused; PyTorch drops the fraction"),
    ),
    "addr/bool": ("dtype bool expected", "booleans times numbers are integers here"),
    **dict.fromkeys(
        ("linalg.eigvalsh", "linalg.pinv"),
        ("gradient", "without symmetry the gradient goes to the triangle that is read; PyTorch spreads it over both"),
    ),
    "linalg.eigh": ("'UPLO': 'U'", "as eigvalsh; and eigenvectors are determined up to signs"),
    **dict.fromkeys(
        ("linalg.svd", "svd"),
        ("result[", "singular vectors are determined up to signs, and LAPACKs choose differently"),
    ),
    "linalg.norm": ("second derivative", "at 0 the second derivative of a norm is 0 here, NaN in PyTorch"),
    **dict.fromkeys(
        ("nn.functional.max_unpool1d", "nn.functional.max_unpool2d", "nn.functional.max_unpool3d"),
        ("gradient", "an element that another is put over has the gradient 0; PyTorch gives it the other's"),
    ),
    "nn.functional.layer_norm/float32": (
        "-0.00024414",
        "one number less its mean is 0; PyTorch's gradient is rounding",
    ),
    "nn.functional.scaled_dot_product_attention/float64": ("derivative for aten::", "PyTorch has no second one of it"),
    "nn.functional.scaled_dot_product_attention": ("'dropout_p': 0.5", "what is dropped is random"),
    "nn.functional.ctc_loss": ("gradient", "the derivative itself; PyTorch's adds eˣ, lost behind log_softmax"),
    "logcumsumexp/float32": ("gradient", "at 10⁴ float32 has three digits of a difference; both are as far off"),
}


def unexcused(name: str, dtype: str, problems: list[str]) -> list[str]:
    """The problems that are not differences on purpose."""
    excuses = [DIFFERENT[key][0] for key in (name, f"{name}/{dtype}") if key in DIFFERENT]
    return [problem for problem in problems if not any(excuse in problem for excuse in excuses)]


def infos() -> dict[str, list[Any]]:
    """PyTorch's description of each operator, by name; some have several variants."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.testing._internal.common_methods_invocations import op_db
    found: dict[str, list[Any]] = {}
    for info in op_db:
        found.setdefault(info.name, []).append(info)
    return found


# What the samples call in another form than users do: PyTorch wraps its own function there too.
WRAPPED = {
    "einsum": lambda tensors, equation: ag.einsum(equation, *tensors),
    "linalg.pinv/singular": lambda a, b: ag.linalg.pinv(a @ b.mT),
    "linalg.lstsq/grad_oriented": lambda a, b, driver=None: ag.linalg.lstsq(a, b, driver=driver)[:2],
    "nn.functional.embedding": lambda weight, index, **options: nn.functional.embedding(index, weight, **options),
    "nn.functional.embedding_bag": lambda weight, index, *rest, **options: nn.functional.embedding_bag(
        index, weight, *rest, **options
    ),
}


def ours(name: str, variant: str = "") -> Any:
    """Our function of PyTorch's name, or None."""
    for key in (f"{name}/{variant}", name):
        if key in WRAPPED:
            return WRAPPED[key]
    if name.startswith("nn.functional."):
        return getattr(nn.functional, name.removeprefix("nn.functional."), None)
    if name in METHODS:
        return getattr(ag.Tensor, METHODS[name])
    place: Any = ag
    for part in name.split("."):
        place = getattr(place, part, None)
    if callable(place) and not isinstance(place, type):  # ag.float is a dtype
        return place
    found = getattr(ag.Tensor, name, None)
    return found.fget if isinstance(found, property) else found


def translated(value: Any) -> Any:
    """A PyTorch argument as ours."""
    import torch

    if isinstance(value, torch.Tensor):
        if value.device.type != "cpu" or value.is_complex() or value.layout != torch.strided:
            raise NotImplementedError("only real, dense tensors on the CPU exist here")
        array = value.detach().numpy(force=True).copy()
        return ag.tensor(array, requires_grad=value.requires_grad)
    if isinstance(value, torch.dtype):
        return torch.empty(0, dtype=value).numpy().dtype
    if isinstance(value, torch.memory_format | torch.layout | torch.device):
        return None
    if isinstance(value, torch.nn.PairwiseDistance):
        return nn.functional.pairwise_distance
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(translated, value))
    if isinstance(value, list | tuple):
        return (list if type(value) is list else tuple)(map(translated, value))
    if isinstance(value, dict):
        return {
            key: translated(item) for key, item in value.items() if key not in ("device", "layout", "memory_format")
        }
    return value


def tensors(value: Any) -> list[Any]:
    """The tensors among nested arguments or results, theirs or ours, in order."""
    import torch

    if isinstance(value, torch.Tensor | ag.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return list(itertools.chain.from_iterable(map(tensors, value)))
    return [] if value is None or callable(value) else [value]


def array_of(value: Any) -> Any:
    import torch

    return (
        value.detach().numpy(force=True)
        if isinstance(value, torch.Tensor)
        else np.asarray(getattr(value, "array", value))
    )


def compare(found: Any, right: Any, what: str, dtype: str) -> None:
    """AssertionError unless two lists of results are the same up to rounding."""
    found, right = tensors(found), tensors(right)
    assert len(found) == len(right), f"{what}: {len(right)} results expected, found {len(found)}"
    for i, (a, b) in enumerate(zip(found, right, strict=True)):
        a, b = array_of(a), array_of(b)
        assert a.shape == b.shape, f"{what}[{i}]: shape {b.shape} expected, found {a.shape}"
        assert a.dtype == b.dtype, f"{what}[{i}]: dtype {b.dtype} expected, found {a.dtype}"
        if a.dtype.kind != "f":
            assert np.array_equal(a, b), f"{what}[{i}]: expected {b!r}, found {a!r}"
            continue
        rtol = 2e-4 if "float32" in (dtype, str(a.dtype)) else 1e-7
        size = float(np.max(np.abs(b), where=np.isfinite(b), initial=1.0))
        close = np.isclose(a, b, rtol=rtol, atol=rtol * size / 10, equal_nan=True)
        assert close.all(), f"{what}[{i}]: expected {b[~close][:6]}, found {a[~close][:6]} (of shape {b.shape})"


def pull(outputs: list[Any], inputs: list[Any], weights: list[Any], grad: Any, lift: Any, create_graph: bool) -> Any:
    """The gradients of the inputs, given those of the outputs, in either library."""
    pairs = [(y, lift(w)) for y, w in zip(outputs, weights, strict=True) if y.requires_grad]
    if not pairs:
        return [None] * len(inputs)
    ys, ws = zip(*pairs, strict=True)
    return grad(ys, inputs, ws, create_graph=create_graph, allow_unused=True)


def filled(grads: Any, inputs: list[Any]) -> list[Any]:
    return [np.zeros(tuple(x.shape), array_of(x).dtype) if g is None else g for g, x in zip(grads, inputs, strict=True)]


def check_sample(function: Any, info: Any, sample: Any, dtype: str) -> None:
    """One call, here and there; then gradients and second derivatives if PyTorch has them."""
    import torch

    theirs = (sample.input, *sample.args)
    own, options = translated(theirs), translated(sample.kwargs)
    right = info.op(*theirs, **sample.kwargs)
    found = function(*own, **options)
    compare(found, right, "result", dtype)
    if dtype not in ("float64", "float32") or not info.supports_autograd:
        return
    process = sample.output_process_fn_grad
    mine = [y for y in tensors(process(found)) if isinstance(y, ag.Tensor) and y.requires_grad]
    yours = [y for y in tensors(process(right)) if isinstance(y, torch.Tensor) and y.requires_grad]
    assert len(mine) == len(yours), f"results that require grad: {len(yours)} expected, found {len(mine)}"
    xs = [x for x in tensors((own, options)) if isinstance(x, ag.Tensor) and x.requires_grad]
    ts = [t for t in tensors((theirs, sample.kwargs)) if isinstance(t, torch.Tensor) and t.requires_grad]
    if not yours or not ts:
        return
    rng = np.random.default_rng(0)
    weights = [np.asarray(rng.uniform(0.5, 1.5, tuple(y.shape))).astype(array_of(y).dtype) for y in yours]
    lift_t, lift_x = torch.from_numpy, ag.tensor
    second = info.supports_gradgrad and dtype == "float64"
    g_right = pull(yours, ts, weights, torch.autograd.grad, lift_t, second)
    g_found = pull(mine, xs, weights, ag.grad, lift_x, second)
    compare(filled(g_found, xs), filled(g_right, ts), "gradient", dtype)
    if not second:
        return
    again = [np.asarray(rng.uniform(0.5, 1.5, tuple(t.shape))) for t in ts]
    keep = [i for i, g in enumerate(g_right) if g is not None and g.requires_grad]
    if not keep:
        return
    gg_right = pull([g_right[i] for i in keep], ts, [again[i] for i in keep], torch.autograd.grad, lift_t, False)
    zero = [g_found[i] for i in keep if g_found[i] is not None and g_found[i].requires_grad]
    some = [again[i] for i in keep if g_found[i] is not None and g_found[i].requires_grad]
    gg_found = pull(zero, xs, some, ag.grad, lift_x, False) if zero else [None] * len(xs)
    compare(filled(gg_found, xs), filled(gg_right, ts), "second derivative", dtype)


def check_error(function: Any, error: Any) -> None:
    """A call that PyTorch refuses is refused here, with a built-in exception."""
    sample = error.sample_input
    try:
        arguments, options = translated((sample.input, *sample.args)), translated(sample.kwargs)
    except Exception:  # an argument that can't exist here, such as a complex or a sparse tensor
        return
    try:
        result = function(*arguments, **options)
    except BUILT_IN:
        return
    raise AssertionError(f"no error, found {result!r:.200}; PyTorch says {error.error_regex!r:.200}")


def differences(name: str, dtype: str, all_infos: dict[str, list[Any]], verbose: bool = False) -> list[str]:
    """What differs for one operator and dtype, a line each."""
    import torch

    problems = []
    for info in all_infos[name]:
        function = ours(name, info.variant_test_name)
        if function is None:
            return ["missing"]
        torch_dtype = getattr(torch, dtype)
        if torch_dtype not in info.supported_dtypes("cpu"):
            continue
        torch.manual_seed(0)
        grads = info.supports_autograd and dtype.startswith("float")
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            samples = list(info.sample_inputs("cpu", torch_dtype, requires_grad=grads))
            for i, sample in enumerate(samples):
                try:
                    check_sample(function, info, sample, dtype)
                except Exception as error:
                    shown = f"{sample.input!s:.200} {sample.args!s:.200} {sample.kwargs}".replace("\n", " ")
                    which = f"sample {i}/{len(samples)} of {info.variant_test_name or 'it'}"
                    what = f"{type(error).__name__}: {error!s:.500}"
                    problems.append(f"{which}: {what}\n      called with {shown:.450}")
                    if verbose:
                        traceback.print_exc()
            if dtype == "float64" and info.error_inputs_func is not None:
                for i, error_input in enumerate(info.error_inputs("cpu")):
                    if not error_input.error_regex:  # they refuse plain numbers where tensors are meant
                        continue
                    try:
                        check_error(function, error_input)
                    except Exception as error:
                        problems.append(f"error input {i}: {error!s:.400}")
    return problems


@pytest.fixture(scope="module")
def all_infos():
    return infos()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ALL)
def test_samples(name, dtype, all_infos):
    problems = unexcused(name, dtype, differences(name, dtype, all_infos))
    assert not problems, f"{len(problems)} differ:\n" + "\n".join(problems[:10])


def _family(name: str) -> list[str]:
    """The names of a family, or the name itself."""
    return [one for one in ALL if one.startswith("nn.")] if name == "nn.functional" else NAMES.get(name, name).split()


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare functions with PyTorch's on PyTorch's sample inputs.")
    parser.add_argument(
        "names", nargs="*", help="such as cumsum, linalg.qr, nn.functional.conv2d, or a family; all by default"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="print tracebacks and every difference")
    parser.add_argument("--dtype", action="append", choices=DTYPES)
    options = parser.parse_args()
    known = infos()
    for name in itertools.chain.from_iterable(_family(name) for name in options.names) if options.names else ALL:
        if name not in known:
            print(f"{name}: PyTorch has no samples for it")
            continue
        for dtype in options.dtype or DTYPES:
            problems = unexcused(name, dtype, differences(name, dtype, known, options.verbose))
            print(f"{name} {dtype}: {'ok' if not problems else f'{len(problems)} differ'}", flush=True)
            for problem in problems[: None if options.verbose else 4]:
                print("   ", problem)


if __name__ == "__main__":
    sys.exit(main())
