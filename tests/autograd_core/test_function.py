"""autograd.Function: PyTorch's own operations run here as they are."""

import gc
import weakref

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.autograd import Function
from autograd_core.autograd.function import once_differentiable
from autograd_core.testing import check_grads

X = np.array([[1.0, 2.0], [3.0, -4.0]])


class Exp(Function):
    """Saves its result."""

    @staticmethod
    def forward(ctx, x):
        y = ag.exp(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * y


class Several(Function):
    """A number among the arguments; three results, one without a gradient."""

    @staticmethod
    def forward(ctx, a, k, b):
        ctx.save_for_backward(a, b)
        ctx.k = k
        positive = a > 0
        ctx.mark_non_differentiable(positive)
        return a * b * k, positive, (a + b).sum()

    @staticmethod
    def backward(ctx, g, _, h):
        a, b = ctx.saved_tensors
        return g * b * ctx.k + h, None, g * a * ctx.k + h


class Sine(Function):
    """With setup_context and a rule for forward mode."""

    @staticmethod
    def forward(x):
        return ag.sin(x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx, g):
        return g * ag.cos(ctx.saved_tensors[0])

    @staticmethod
    def jvp(ctx, t):
        return t * ag.cos(ctx.saved_tensors[0])


class Square(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    @once_differentiable
    def backward(ctx, g):
        return 2 * ctx.saved_tensors[0] * g


class Increment(Function):
    @staticmethod
    def forward(ctx, x):
        x.add_(1)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, g):
        return g


def leaf(data):
    return ag.tensor(data, requires_grad=True)


def test_a_saved_result_differentiates_to_third_order():
    check_grads(lambda x: Exp.apply(x * x), (X / 4,), order=3)


def test_several_results():
    check_grads(lambda a, b: Several.apply(a, 3, b)[::2], (X, X + 0.5))
    first, positive, total = Several.apply(leaf(X), 2, leaf(X))
    assert positive.dtype == bool
    assert not positive.requires_grad
    assert first.requires_grad
    assert total.shape == ()


def test_a_rule_for_forward_mode():
    check_grads(Sine.apply, (X,))


def test_once_differentiable_runs_once():
    x = leaf(3.0)
    Square.apply(x).backward()
    assert x.grad.item() == 6.0
    (slope,) = ag.grad(Square.apply(x), [x], create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable was differentiated again"):
        slope.backward()


def test_needs_input_grad():
    seen = []

    class Watch(Function):
        @staticmethod
        def forward(ctx, a, b, c):
            seen.append(ctx.needs_input_grad)
            return a + b

        @staticmethod
        def backward(ctx, g):
            seen.append(ctx.needs_input_grad)
            return g, g, None

    Watch.apply(leaf(1.0), ag.tensor(2.0), "c").backward()
    assert seen == [(True, False, False)] * 2


def test_forward_runs_once_and_backward_once_for_all_inputs():
    calls = []

    class Count(Function):
        @staticmethod
        def forward(ctx, a, b):
            calls.append("forward")
            return a * 1 + b

        @staticmethod
        def backward(ctx, g):
            calls.append("backward")
            return g, g

    a, b = leaf(1.0), leaf(2.0)
    y = Count.apply(a, b)
    g = ag.tensor(1.0)
    y.backward(g, retain_graph=True)
    y.backward(g, retain_graph=True)
    assert calls == ["forward", "backward", "backward"]
    assert (a.grad.item(), b.grad.item()) == (2.0, 2.0)


def test_in_place_results():
    x = leaf([1.0, 2.0])
    h = x * 2
    assert Increment.apply(h) is h
    assert h.tolist() == [3.0, 5.0]
    h.sum().backward()
    assert x.grad.tolist() == [2.0, 2.0]
    with pytest.raises(RuntimeError, match="leaf that requires grad"):
        Increment.apply(x)
    assert x.tolist() == [1.0, 2.0]


def test_forward_can_not_change_an_argument_unnoticed():
    class Sly(Increment):
        @staticmethod
        def forward(ctx, x):
            x.add_(1)
            return x * 1

    h = leaf([1.0]) * 1
    Sly.apply(h)
    assert h.tolist() == [1.0]


def test_materialized_gradients():
    seen = []

    class Pair(Function):
        @staticmethod
        def forward(ctx, x, materialize):
            ctx.set_materialize_grads(materialize)
            return x * 1, x * 2

        @staticmethod
        def backward(ctx, g, h):
            seen.append(h if h is None else h.tolist())
            return g, None

    for materialize in (True, False):
        Pair.apply(leaf([1.0, 2.0]), materialize)[0].sum().backward()
    assert seen == [[0.0, 0.0], None]


def test_a_gradient_of_none_is_none():
    class Half(Function):
        @staticmethod
        def forward(ctx, a, b):
            return a + b

        @staticmethod
        def backward(ctx, g):
            return g, None

    a, b = leaf(1.0), leaf(2.0)
    Half.apply(a, b).backward()
    assert a.grad.item() == 1.0
    assert b.grad is None


def test_nothing_is_recorded_without_need():
    with ag.no_grad():
        assert not Exp.apply(leaf(X)).requires_grad
    assert not Exp.apply(ag.tensor(X)).requires_grad


def returning(grads, result=lambda x, y: x * 1):
    class Broken(Function):
        @staticmethod
        def forward(ctx, x, y):
            return result(x, y)

        @staticmethod
        def backward(ctx, g):
            return grads(g)

    return Broken.apply


@pytest.mark.parametrize(
    ("grads", "message"),
    [
        (lambda g: g, "expected 2, got 1"),
        (lambda g: (g, None, g), "expected 2, got 3"),
        (lambda g: (g, g), "argument 1, which is no Tensor"),
        (lambda g: (ag.zeros(3), None), r"shape \(2,\) a gradient of shape \(3,\)"),
        (lambda g: (g.sum(), None), r"shape \(2,\) a gradient of shape \(\)"),
    ],
)
def test_wrong_gradients_are_named(grads, message):
    with pytest.raises(RuntimeError, match=message):
        returning(grads)(leaf([1.0, 2.0]), 5).sum().backward()


def test_a_wider_gradient_is_summed_and_none_may_trail():
    x = leaf([1.0, 2.0])
    returning(lambda g: (ag.ones(3, 2), None, None))(x, 5).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0]


def test_misuse():
    with pytest.raises(TypeError, match="returns Tensors or None, got ndarray"):
        returning(lambda g: (g.numpy(), None))(leaf([1.0]), 0).sum().backward()
    with pytest.raises(TypeError, match="returns a Tensor"):
        returning(None, lambda x, y: 3)(leaf([1.0]), 0)
    with pytest.raises(RuntimeError, match="has no instances"):
        Exp()
    with pytest.raises(RuntimeError, match="subclassed"):
        Function.apply(1.0)
    with pytest.raises(TypeError, match="save_for_backward keeps Tensors, got int"):
        ag.autograd.function.FunctionCtx(()).save_for_backward(3)


@pytest.mark.parametrize("call", [Exp.apply, lambda x: Several.apply(x, 2, x * 3)[0]])
def test_no_cycle_keeps_a_graph_alive(call):
    gc.collect()
    gc.disable()
    try:
        x = leaf(X)
        y = call(x)
        node = weakref.ref(y.node)
        y.sum().backward(create_graph=True)
        x.grad = None
        del y
        assert node() is None
    finally:
        gc.enable()
