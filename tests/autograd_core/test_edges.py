"""What people do to tensors on the edges: freezing, .data, odd input, partly freed graphs."""

from __future__ import annotations

import copy
import math
import sys
import threading
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import backward
from autograd_core.rules import TABLE, custom


def leaf(*data: float, dtype: Any = None) -> ag.Tensor:
    return ag.tensor(list(data), dtype=dtype, requires_grad=True)


def test_backward_to_a_single_input() -> None:
    x, w = leaf(1, 2, dtype=np.float64), leaf(3, 4, dtype=np.float64)
    (x * w).sum().backward(inputs=x)
    assert x.grad.tolist() == [3, 4]
    assert w.grad is None
    with pytest.raises(RuntimeError, match="at least one tensor"):
        (x * w).sum().backward(inputs=[])


def test_freezing_and_unfreezing_keeps_the_leaf() -> None:
    p = leaf(1.0, 2.0)
    p.name = "p"
    loss = (p * p).sum()
    p.requires_grad_(False)
    assert not p.requires_grad
    p.requires_grad_(True)
    loss.backward()
    assert p.grad.tolist() == [2, 4]
    p.requires_grad_(False)
    assert p.grad.tolist() == [2, 4]
    p.grad = None
    assert p.grad is None
    p.grad = ag.ones(2)
    p.requires_grad_(True)
    assert p.grad.tolist() == [1, 1]
    assert p.name == "p"


def test_data_writes_through() -> None:
    p = leaf(1.0, 2.0)
    old = p * p
    p.data[0] = 5.0
    p.data.mul_(2.0)
    p.data += 1.0
    assert p.tolist() == [11, 5]
    assert p.requires_grad
    p.data.fill_(3.0)
    assert p.tolist() == [3, 3]
    old.sum().backward()  # what was recorded keeps the old values
    assert p.grad.tolist() == [2, 4]
    stale = p.data
    p.data = ag.zeros(2)
    with pytest.raises(RuntimeError, match="out of date"):
        stale.add_(1.0)


def test_a_freed_part_matters_only_where_it_is_needed() -> None:
    w, x = leaf(2.0), leaf(3.0)
    h = w * w
    h.sum().backward()
    y = (x * 3 + h).sum()
    assert ag.grad(y, x, retain_graph=True)[0].tolist() == [3]
    with pytest.raises(RuntimeError, match="freed"):
        y.backward()
    assert ag.grad(lambda v: (v * v).sum())(h).tolist() == [8]


def test_a_failed_backward_leaves_gradients_as_they_were() -> None:
    w, x = leaf(2.0), leaf(3.0)
    h = w * w
    h.sum().backward()
    before = w.grad
    with pytest.raises(RuntimeError, match="freed"):
        (x * x + h).sum().backward()
    assert x.grad is None
    assert w.grad is before


def test_pytorchs_grad_by_keyword() -> None:
    x = leaf(3.0)
    (g,) = ag.grad(outputs=(x * x).sum(), inputs=x, create_graph=True)
    assert g.tolist() == [6]
    assert g.requires_grad


def test_structures_are_matched_by_key() -> None:
    def f(d: dict[str, ag.Tensor]) -> ag.Tensor:
        return d["a"] * 10 + d["b"]

    _, change = ag.jvp(f, ({"a": 1.0, "b": 1.0},), ({"b": 0.0, "a": 1.0},))
    assert change.item() == 10
    with pytest.raises(ValueError, match=r"tangents\[0\] must be a dict with the keys \['a', 'b'\], got a list of 2"):
        ag.jvp(f, ({"a": 1.0, "b": 1.0},), ([0.0, 1.0],))
    with pytest.raises(ValueError, match="keys"):
        ag.jvp(f, ({"a": 1.0, "b": 1.0},), ({"a": 0.0, "c": 1.0},))


def test_an_argument_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="each argument once"):
        ag.grad(lambda a, b: a * b, argnums=(0, -2))(1.0, 2.0)


def test_switches_can_be_used_again() -> None:
    for switch in (ag.set_grad_enabled(False), ag.no_grad()):
        for _ in range(2):
            with switch:
                assert not ag.is_grad_enabled()
            assert ag.is_grad_enabled()
    detect = ag.detect_anomaly()
    for _ in range(2):
        with detect, pytest.raises(FloatingPointError):
            ag.log(ag.tensor(-1.0))
    assert ag.exp(ag.tensor(-np.inf)).item() == 0
    with np.errstate(divide="ignore"):
        assert ag.log(ag.tensor(0.0)).item() == -np.inf  # no check any more


def test_a_grad_mode_set_inside_another_switch_stays() -> None:
    with ag.detect_anomaly():
        ag.set_grad_enabled(False)
    assert not ag.is_grad_enabled()
    ag.set_grad_enabled(True)


def test_setitem_of_a_value_with_leading_ones() -> None:
    x, v = ag.zeros(3), ag.tensor([[1.0, 2.0, 3.0]], requires_grad=True)
    x[:] = v
    (x * ag.tensor([1.0, 10.0, 100.0])).sum().backward()
    assert v.grad.tolist() == [[1, 10, 100]]


def test_zeroing_a_computed_tensor_cuts_its_gradient_to_zero() -> None:
    x = leaf(1.0, np.inf)
    y = x * 2
    y.zero_()
    assert y.tolist() == [0, 0]
    y.sum().backward()
    assert x.grad.tolist() == [0, 0]


@pytest.mark.parametrize(
    "bad", [[None, 1.0], [1.0, "2.5"], ["a"], np.array([1j]), np.array(["2020"], "M8[Y]"), [1j], object(), [{}]]
)
@pytest.mark.parametrize("dtype", [None, np.float32])
def test_what_is_not_a_real_number_is_refused(bad: Any, dtype: Any) -> None:
    with pytest.raises(TypeError, match="a tensor holds"):
        ag.tensor(bad, dtype=dtype)
    with pytest.raises(TypeError, match="a tensor holds"):
        leaf(1.0).backward(bad)


def test_numpy_numbers_among_python_numbers_keep_their_dtype() -> None:
    assert ag.tensor([1, np.float64(2.5)]).dtype == np.float64
    assert ag.tensor([np.float64(2.5), 1]).dtype == np.float64
    assert ag.tensor([1, 2.5]).dtype == np.float32
    assert ag.tensor([]).dtype == np.float32


def test_numbers_of_other_kinds() -> None:
    x = leaf(1.0)
    assert (x + Fraction(1, 2)).tolist() == [1.5]
    with pytest.raises(TypeError, match="str"):
        x + "1"
    with pytest.raises(TypeError, match="NoneType"):
        x * None


def test_devices_and_dtypes() -> None:
    t = ag.tensor([1.0])
    assert t.to("cpu") is t
    assert t.to(device="cpu", dtype=np.float64).dtype == np.float64
    assert t.to() is t
    assert t.to(copy=True) is not t
    assert t.to(ag.tensor([1])).dtype == np.int64
    with pytest.raises(ValueError, match="no device 'cuda:0'"):
        t.to("cuda:0")
    with pytest.raises(TypeError, match="dtype complex128"):
        t.to(np.complex128)


def test_half_precision_means_of_many() -> None:
    x = ag.ones(100_000, dtype=np.float16, requires_grad=True)
    y = x.mean()
    y.backward()
    assert y.item() == 1
    np.testing.assert_allclose(x.grad.numpy(), np.float16(1e-5), rtol=1e-2)


def test_random_dtypes() -> None:
    assert ag.rand(20_000, dtype=np.float16).numpy().max() < 1
    for draw in (ag.rand, ag.randn):
        with pytest.raises(TypeError, match="randint"):
            draw(3, dtype=np.int64)


def test_shapes_by_keyword_and_bad_shapes() -> None:
    assert ag.zeros(size=(2, 3)).shape == (2, 3)
    assert ag.randint(high=5, size=(2,)).shape == (2,)
    assert ag.zeros(2, 3).split(np.int64(1))[0].shape == (1, 3)
    with pytest.raises(TypeError, match="a shape holds integers"):
        ag.zeros(2.0)
    with pytest.raises(TypeError, match="an axis is an integer"):
        ag.zeros(2).sum(1.0)
    with pytest.raises(IndexError, match="no axis 5"):
        ag.zeros(2).size(5)
    with pytest.raises(ValueError, match="expand can't drop axes"):
        ag.zeros(2, 3).expand(3)
    with pytest.raises(TypeError, match="both dim0 and dim1"):
        ag.zeros(2, 3).transpose(dim0=0)


def test_copies_of_a_leaf_have_their_gradient() -> None:
    p = leaf(1.0, 2.0)
    (p * p).sum().backward()
    q = copy.deepcopy(p)
    assert q.grad.tolist() == [2, 4]
    q.grad.mul_(0.0)
    assert p.grad.tolist() == [2, 4]


def test_a_hook_must_be_a_function() -> None:
    with pytest.raises(TypeError, match="a hook is a function"):
        leaf(1.0).register_hook(5)


def test_empty_matrix_products() -> None:
    a, b = ag.zeros(2, 3, 0, requires_grad=True), ag.zeros(0, 4, requires_grad=True)
    (a @ b).sum().backward()
    assert a.grad.shape == (2, 3, 0)
    assert b.grad.shape == (0, 4)


def test_numbers_beside_a_single_number_compute_as_numpys() -> None:
    x = ag.tensor(3.0, requires_grad=True)
    with np.errstate(divide="ignore"):
        (x / 0.0).backward()
    assert x.grad.item() == np.inf
    one = leaf(3.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        one.std().backward()  # of a batch of one
    assert np.isnan(one.grad.item())
    y = 2.0 ** ag.tensor(0.5, requires_grad=True)
    y.backward()
    assert y.dtype == np.float32


def test_logsumexp_passes_nan_on() -> None:
    x = leaf(np.nan, 1.0, 2.0)
    x.logsumexp(0).backward()
    assert np.isnan(x.grad.numpy()).all()
    x = leaf(-np.inf, -np.inf)
    x.logsumexp(0).backward()
    assert x.grad.tolist() == [0, 0]


@pytest.mark.parametrize("n", [-1, -2, -3, 0, 1, 2, 3, 0.5, 2.5])
def test_second_derivatives_of_powers(n: float) -> None:
    x = np.array([0.5, 2.0])
    second = ag.hessian(lambda v: (v**n).sum())(x).numpy()
    np.testing.assert_allclose(np.diag(second), n * (n - 1) * x ** (n - 2.0), rtol=1e-12)
    with np.errstate(divide="ignore"):
        at_zero = ag.grad(ag.grad(lambda v: v**-1))(0.0)
    assert at_zero.item() == np.inf


def test_gradients_of_single_numbers_are_numpy_scalars() -> None:
    x = ag.tensor(2.0, requires_grad=True)
    ag.where(ag.tensor(True), x, 0.0).reshape(1).sum().backward()
    assert isinstance(x.grad.array, np.generic)


@pytest.mark.parametrize("named", [False, True])
def test_threads_that_share_a_leaf_lose_no_gradient(named: bool) -> None:
    x = ag.tensor(1.0, dtype=np.float64, requires_grad=True)

    def work() -> None:
        for _ in range(500):
            (x * 2.0).backward(inputs=[x] if named else None)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert x.grad.item() == 4 * 500 * 2


def test_a_small_slice_does_not_keep_a_large_array() -> None:
    y = (ag.ones(100_000, requires_grad=True) * 2.0)[:10]
    assert y.array.base is None


def test_shapes_that_do_not_fit_are_named() -> None:
    for a, b in ((leaf(1.0, 2.0), leaf(1.0, 2.0, 3.0)), (ag.ones(2), ag.ones(3)), (ag.ones(2), np.ones(3))):
        with pytest.raises(ValueError, match=r"add needs shapes that broadcast .*\(2,\) and \(3,\)"):
            a + b
        with pytest.raises(ValueError, match=r"matmul needs .*\(2,\) @ \(3,\)"):
            a @ b
    with pytest.raises(ValueError, match="negative integer powers"):
        ag.tensor([2]) ** ag.tensor([-1])


def test_python_numbers_keep_all_their_digits() -> None:
    assert ag.tensor(0.7000001234, dtype=np.float64).item() == 0.7000001234
    assert ag.tensor([0.1, [0.2]][0], dtype=np.float64).item() == 0.1
    assert ag.tensor([0.1, 0.2], dtype=np.float64).tolist() == [0.1, 0.2]


def test_nested_transforms_hand_out_plain_results() -> None:
    change = ag.jvp(lambda x: x * ag.grad(lambda y: x * y * y)(2.0), (3.0,), (1.0,))[1]
    assert change.numpy() == 24
    pulled = ag.grad(lambda ct: ag.vjp(lambda z: z**3, 2.0)[1](ct)[0])(1.0)
    assert pulled.numpy() == 12


def test_what_the_transforms_are_given_wrongly() -> None:
    with pytest.raises(TypeError, match="returned None"):
        ag.grad(lambda x: None)(1.0)
    with pytest.raises(TypeError, match="argnums is an integer"):
        ag.grad(lambda x: x, argnums="a")(1.0)
    assert ag.grad(lambda a, b: a * b, argnums=np.int64(1))(2.0, 3.0).item() == 2


@pytest.fixture
def own_op() -> Any:
    """Declares ops of a user's own, and takes them out of the table again."""
    before = set(TABLE)
    yield custom
    for name in set(TABLE) - before:
        del TABLE[name]


def test_a_rule_that_symbols_can_not_run_keeps_everything(own_op: Any) -> None:
    def vjp(g: Any, y: Any, x: Any) -> Any:
        return g * np.ones_like(x) if x.ndim == 2 else g * np.where(np.ones_like(x) > 0, x, 1.0)

    op = own_op(lambda x: (x * x).sum() / 2, (vjp,), name="hides_what_it_uses")
    with pytest.raises(RuntimeError, match="values that were not kept"):
        op(ag.tensor(np.full(300, 2.0), requires_grad=True)).backward()

    def loops(g: Any, y: Any, x: Any) -> Any:
        return g * np.ones_like(x) * math.prod(x.shape)

    def branches(g: Any, y: Any, x: Any) -> Any:
        return g * x if (x > 0).all() else -g * x

    for name, rule in (("loops", loops), ("branches", branches)):
        x = ag.tensor(np.full(300, 2.0), requires_grad=True)
        own_op(lambda x: x.sum(), (rule,), name=name)(x).backward()
        assert x.grad.tolist() == [300.0 if name == "loops" else 2.0] * 300
    with pytest.raises(ValueError, match="an op needs a name"):
        own_op(lambda x: x, (loops,))


def test_transforms_inside_a_growing_graph_stay_local(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in nodes looked at: as many for the last step as for an early one."""
    looked_at = []
    whole = backward.reachable

    def counted(*args: Any, **kwargs: Any) -> list[Any]:
        found = whole(*args, **kwargs)
        looked_at.append(len(found))
        return found

    monkeypatch.setattr(backward, "reachable", counted)
    y = ag.tensor(1.0, requires_grad=True)
    for _ in range(50):
        y = ag.grad(lambda v: v * v * 0.5)(y)
    assert y.requires_grad
    assert looked_at[-1] == looked_at[1]
