"""grad, vjp, jvp, jacobian, hessian, hvp on plain functions."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag

rng = np.random.default_rng(0)


def test_every_derivative_of_a_power() -> None:
    f: Any = lambda x: x**5  # noqa: E731
    for order, expected in enumerate((5 * 16, 20 * 8, 60 * 4, 120 * 2, 120, 0), start=1):
        f = ag.grad(f)
        assert float(f(np.float64(2.0))) == expected, order


@given(st.floats(-2, 2), st.integers(1, 4))
def test_nested_grad_of_sine_walks_the_circle(x: float, order: int) -> None:
    f: Any = ag.sin
    for _ in range(order):
        f = ag.grad(f)
    expected = (np.sin, np.cos, lambda v: -np.sin(v), lambda v: -np.cos(v))[order % 4](x)
    np.testing.assert_allclose(float(f(np.float64(x))), expected, atol=1e-12)


def test_perturbations_are_not_confused() -> None:
    assert float(ag.grad(lambda x: x * ag.grad(lambda y: x + y)(1.0))(1.0)) == 1.0
    assert float(ag.grad(lambda x: x * ag.grad(lambda y: x * y)(2.0))(3.0)) == 6.0
    inner = lambda x: ag.jvp(lambda y: x * y * y, (x,), (1.0,))[1]  # noqa: E731 - 2x² as a function of x
    assert float(ag.jvp(inner, (3.0,), (1.0,))[1]) == 12.0


def test_all_modes_agree_on_a_small_network() -> None:
    w, b, x = rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal(size=(5, 3))

    def loss(p: dict[str, Any]) -> ag.Tensor:
        return (ag.tanh(x @ p["w"] + p["layers"][0]) ** 2).mean()

    p = {"w": w, "layers": [b, (np.float64(2.0),)]}
    g = ag.grad(loss)(p)
    assert g.keys() == p.keys()
    assert isinstance(g["layers"][1], tuple)
    assert float(g["layers"][1][0]) == 0.0  # not used by the loss
    t = {"w": rng.normal(size=w.shape), "layers": [rng.normal(size=b.shape), (np.float64(1.0),)]}
    value, change = ag.jvp(loss, (p,), (t,))
    inner = (g["w"].numpy() * t["w"]).sum() + (g["layers"][0].numpy() * t["layers"][0]).sum()
    np.testing.assert_allclose(change.numpy(), inner, rtol=1e-12)
    again, pull = ag.vjp(loss, p)
    np.testing.assert_array_equal(again.numpy(), value.numpy())
    (pulled,) = pull(np.float64(2.0))
    np.testing.assert_allclose(pulled["w"].numpy(), 2 * g["w"].numpy(), rtol=1e-12)
    (pulled,) = pull(np.float64(1.0))  # may be called again
    np.testing.assert_allclose(pulled["w"].numpy(), g["w"].numpy(), rtol=1e-12)
    h = ag.hessian(loss)(p)
    np.testing.assert_allclose(h["w"]["w"].numpy(), h["w"]["w"].numpy().transpose(2, 3, 0, 1), rtol=1e-9, atol=1e-15)
    hv = ag.hvp(loss, p, t)
    expected = np.tensordot(h["w"]["w"].numpy(), t["w"]) + np.tensordot(h["w"]["layers"][0].numpy(), t["layers"][0], 1)
    np.testing.assert_allclose(hv["w"].numpy(), expected, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("shape", [(), (1,), (4,), (2, 3), (0,)])
@pytest.mark.parametrize("out", [(), (2,), (5, 2), (0,)])
def test_jacobian_of_a_linear_map_is_the_map(shape: tuple[int, ...], out: tuple[int, ...]) -> None:
    matrix = rng.normal(size=(int(np.prod(out)), int(np.prod(shape))))
    f = lambda x: (matrix @ x.reshape(-1)).reshape(out)  # noqa: E731
    j = ag.jacobian(f)(rng.normal(size=shape))
    assert j.shape == out + shape
    np.testing.assert_array_equal(j.numpy().reshape(matrix.shape), matrix)
    assert j.dtype == np.float64


def test_jacobian_of_several_results_and_arguments() -> None:
    f = lambda a, b: {"sum": a + b, "product": [a * b]}  # noqa: E731
    j = ag.jacobian(f, argnums=(0, 1))(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    np.testing.assert_array_equal(j["sum"][0].numpy(), np.eye(2))
    np.testing.assert_array_equal(j["product"][0][0].numpy(), np.diag([3.0, 4.0]))
    np.testing.assert_array_equal(j["product"][0][1].numpy(), np.diag([1.0, 2.0]))


def test_saddle_of_the_lecture() -> None:  # y = w₂w₁x with x = 1, target 1, at (0, 0)
    cost = lambda w: (1 - w[1] * w[0]) ** 2  # noqa: E731
    start = np.zeros(2)
    np.testing.assert_array_equal(ag.grad(cost)(start).numpy(), [0, 0])
    h = ag.hessian(cost)(start).numpy()
    np.testing.assert_array_equal(h, [[0, -2], [-2, 0]])
    np.testing.assert_allclose(np.linalg.eigvalsh(h), [-2, 2])


def test_jvp_costs_a_few_times_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in calls of rules: one per recorded operation, however many inputs."""
    op = ag.sin.op
    calls = []
    counted = tuple((lambda t, *rest, rule=rule: calls.append(1) or rule(t, *rest)) for rule in op.jvps)
    monkeypatch.setattr(op, "jvps", counted)

    def f(x: ag.Tensor) -> ag.Tensor:
        for _ in range(100):
            x = ag.sin(x)
        return x.sum()

    ag.jvp(f, (np.ones(1000),), (np.ones(1000),))
    assert len(calls) == 100


def test_grad_of_a_closure_over_a_parameter_stays_differentiable() -> None:
    w = ag.tensor([2.0, 3.0], requires_grad=True)
    g = ag.grad(lambda x: (w * x**2).sum())(ag.tensor([1.0, 10.0]))
    (g**2).sum().backward()  # a gradient penalty: Σ(2wx)², so 8wx²
    np.testing.assert_allclose(w.grad.numpy(), [16, 2400])
    with ag.no_grad():
        assert not ag.grad(lambda x: (w * x**2).sum())(ag.tensor([1.0, 10.0])).requires_grad


def test_a_plain_gradient_is_detached_and_freed() -> None:
    value, g = ag.value_and_grad(lambda x: (x * x).sum())(np.ones(3))
    assert not value.requires_grad
    assert not g.requires_grad


def test_transforms_work_under_no_grad() -> None:
    with ag.no_grad():
        assert float(ag.grad(ag.grad(lambda x: x**3))(2.0)) == 12.0
        assert float(ag.hvp(lambda x: x**3, 2.0, 1.0)) == 12.0
        np.testing.assert_array_equal(ag.hessian(lambda x: (x**3).sum())(np.ones(2)).numpy(), 6 * np.eye(2))


def test_argnums_and_keywords() -> None:
    f = lambda a, b, *, scale: (a * b * b).sum() * scale  # noqa: E731
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    np.testing.assert_array_equal(ag.grad(f, argnums=1)(a, b, scale=2.0).numpy(), 4 * a * b)
    np.testing.assert_array_equal(ag.grad(f, argnums=-1)(a, b, scale=2.0).numpy(), 4 * a * b)
    ga, gb = ag.grad(f, argnums=(0, 1))(a, b, scale=2.0)
    np.testing.assert_array_equal(ga.numpy(), 2 * b * b)
    np.testing.assert_array_equal(gb.numpy(), 4 * a * b)
    with pytest.raises(ValueError, match="argnums names positional argument 2"):
        ag.grad(f, argnums=2)(a, b, scale=1.0)


def test_dtypes_follow_the_arguments() -> None:
    assert ag.grad(lambda x: x * x)(3.0).dtype == np.float32
    assert ag.grad(lambda x: x * x)(3).item() == 6.0  # a Python integer counts as a number
    for dtype in (np.float16, np.float32, np.float64):
        x = np.ones(2, dtype)
        f = lambda x: (x * np.ones(2)).sum()  # noqa: E731 - the result is float64
        assert ag.grad(f)(x).dtype == dtype
        assert ag.jacobian(lambda x: x * np.ones(2))(x).dtype == dtype
        assert ag.vjp(f, x)[1](1.0)[0].dtype == dtype
    with pytest.raises(TypeError, match="only floats"):
        ag.grad(lambda x: x.sum())(np.array([1, 2]))


def test_results_that_do_not_depend_on_the_argument() -> None:
    assert float(ag.grad(lambda x: ag.tensor(3.0))(1.0)) == 0.0
    assert float(ag.grad(lambda x: 3.0)(1.0)) == 0.0
    np.testing.assert_array_equal(ag.jacobian(lambda x: np.ones(2))(np.ones(3)).numpy(), np.zeros((2, 3)))
    assert float(ag.jvp(lambda x: ag.tensor(3.0), (1.0,), (1.0,))[1]) == 0.0
    assert ag.vjp(lambda x: ag.tensor(3.0), 1.0)[1](1.0)[0].item() == 0.0


def test_bad_calls_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match=r"one number, got shape \(2,\)"):
        ag.grad(lambda x: x * 2)(np.ones(2))
    with pytest.raises(ValueError, match="one number, got tuple"):
        ag.grad(lambda x: (x, x))(1.0)
    with pytest.raises(ValueError, match=r"shaped like the primals \[\(2,\)\], got \[\(3,\)\]"):
        ag.jvp(lambda x: x, (np.ones(2),), (np.ones(3),))
    with pytest.raises(ValueError, match="the cotangents must be a tuple of 2, got a tuple of 1"):
        ag.vjp(lambda x: (x, x), 1.0)[1]((1.0,))
    with pytest.raises(ValueError, match="output's shape"):
        ag.vjp(lambda x: x, np.ones(2))[1](np.ones(3))
    with pytest.raises(TypeError, match="grad takes a function"):
        ag.grad(3.0)


def test_arguments_are_not_changed_and_not_aliased() -> None:
    x = np.ones(2)

    def f(t: ag.Tensor) -> ag.Tensor:
        t *= 3.0  # the function's own tensor, not the caller's array
        return (t * t).sum()

    np.testing.assert_array_equal(ag.grad(f)(x).numpy(), [18, 18])
    np.testing.assert_array_equal(x, [1, 1])
    outer = ag.tensor([1.0, 1.0], requires_grad=True)
    ag.grad(f)(outer)
    np.testing.assert_array_equal(outer.detach().numpy(), [1, 1])
    assert outer.grad is None


class TestPyTorchsForm:
    def test_several_outputs_and_inputs(self) -> None:
        x, y = ag.tensor([1.0, 2.0], requires_grad=True), ag.tensor([3.0, 4.0], requires_grad=True)
        gx, gy = ag.grad([(x * y).sum(), (x * x).sum()], [x, y])
        np.testing.assert_array_equal(gx.numpy(), [5, 8])
        np.testing.assert_array_equal(gy.numpy(), [1, 2])
        assert x.grad is None
        assert y.grad is None

    def test_grad_outputs_and_an_inner_tensor(self) -> None:
        x = ag.tensor([1.0, 2.0], requires_grad=True)
        y = x * 3
        (gy,) = ag.grad(y * y, y, grad_outputs=ag.tensor([1.0, 10.0]))
        np.testing.assert_array_equal(gy.numpy(), [6, 120])

    def test_create_graph(self) -> None:
        x = ag.tensor(2.0, requires_grad=True)
        (g,) = ag.grad(x**3, inputs=x, create_graph=True)
        (h,) = ag.grad(g, x)
        assert h.item() == 12.0

    def test_retain_graph(self) -> None:
        x = ag.tensor(2.0, requires_grad=True)
        y = x**3
        ag.grad(y, x, retain_graph=True)
        ag.grad(y, x)
        with pytest.raises(RuntimeError, match="retain_graph=True"):
            ag.grad(y, x)

    def test_unused_inputs(self) -> None:
        x, z = ag.tensor(2.0, requires_grad=True), ag.tensor([1.0, 1.0], requires_grad=True)
        with pytest.raises(RuntimeError, match="allow_unused=True"):
            ag.grad(x * x, [x, z])
        assert ag.grad(x * x, [x, z], allow_unused=True)[1] is None
        np.testing.assert_array_equal(ag.grad(x * x, [x, z], materialize_grads=True)[1].numpy(), [0, 0])

    def test_inputs_that_do_not_require_grad(self) -> None:
        x = ag.tensor(2.0, requires_grad=True)
        with pytest.raises(RuntimeError, match="input 1 does not require grad"):
            ag.grad(x * x, [x, ag.tensor(1.0)])

    def test_only_what_leads_to_the_inputs_is_computed(self) -> None:
        seen = []
        x, w = ag.tensor(2.0, requires_grad=True), ag.tensor(3.0, requires_grad=True)
        side = w * 5
        side.register_hook(lambda g: seen.append(g))
        (g,) = ag.grad(x * side, x)
        assert g.item() == 15.0
        assert seen == []


def test_transforms_in_two_threads() -> None:
    found: dict[int, float] = {}

    def work(k: int) -> None:
        for _ in range(200):
            found[k] = float(ag.grad(ag.grad(lambda x: x**k))(2.0))

    threads = [threading.Thread(target=work, args=(k,)) for k in (2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {2: 2.0, 3: 12.0, 4: 48.0}


def test_pytorchs_form_takes_only_inputs():
    x = ag.tensor(3.0, requires_grad=True)
    assert ag.autograd.grad(outputs=x * x, inputs=x, only_inputs=True)[0].item() == 6.0
    with pytest.raises(ValueError, match="backward"):
        ag.grad(x * x, x, only_inputs=False)
