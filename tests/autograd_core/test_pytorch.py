"""The same programs, run here and in PyTorch, give the same values, gradients and refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.peers

A = np.array([[0.5, -1.5, 2.0], [1.0, 0.25, -0.75]])
B = np.array([[1.5, 0.5, -1.0], [-0.5, 2.0, 1.25]])
V = np.array([0.3, -0.6, 1.2])


def leaves(library, *arrays):
    return [library.tensor(array, requires_grad=True) for array in arrays]


def array(value):
    return np.asarray(value.detach().numpy() if hasattr(value, "detach") else value)


def scalar(library, outputs):
    """One number out of all results, with different weights."""
    total = 0.0
    for i, y in enumerate(outputs):
        total = total + (y * (y + 1.0 + i)).sum()
    return total


# Programs: of the library (for its functions) and two leaves (2, 3) and one (3,).
PROGRAMS = {
    "arithmetic": lambda lib, a, b, v: a * b - a / (b * b + 1) + 2 / (v + 3) - 3 * v,
    "powers": lambda lib, a, b, v: a**2 + b**3 + (v * v + 1) ** 0.5 + (a * a + 1) ** -1 + 2**v,
    "tensor powers": lambda lib, a, b, v: (a * a + 0.5) ** b,
    "floor and remainder": lambda lib, a, b, v: (a.detach() // 0.7) + a % 0.7 + lib.floor(v),
    "remainder by a tensor": lambda lib, a, b, v: a % (b * b + 0.3),
    "functions": lambda lib, a, b, v: lib.exp(a) + lib.sin(b) * lib.cos(a) + lib.tanh(v) + lib.sigmoid(a) + lib.relu(b),
    "more functions": lambda lib, a, b, v: (
        lib.log(a * a + 1) + lib.sqrt(b * b + 1) + lib.log1p(v * v) + lib.expm1(a) + lib.tan(v)
    ),
    "kinks": lambda lib, a, b, v: lib.relu(a - a) + lib.abs(a - a) + lib.sign(b) * v,
    "maximum": lambda lib, a, b, v: lib.maximum(a, b) + lib.minimum(a, v) + lib.maximum(a, a * 1.0),
    "clamp": lambda lib, a, b, v: lib.clamp(a, -1.0, 1.0) + lib.clamp(b, min=0.5) + v.clamp(max=0.3),
    "where": lambda lib, a, b, v: lib.where(a > b, a * v, b),
    "sums": lambda lib, a, b, v: a.sum(0) + b.sum(dim=0) + a.sum(1, keepdim=True) + a.sum() + v.sum(),
    "means": lambda lib, a, b, v: a.mean(0) * b.mean(dim=1, keepdim=True) + a.mean(),
    "spreads": lambda lib, a, b, v: (
        a.var() + b.std(0) + a.var(1, keepdim=True) + v.std(unbiased=False) + b.var(0, correction=0)
    ),
    "products": lambda lib, a, b, v: a.prod(0) + b.prod(1, keepdim=True) + v.prod(),
    "extremes": lambda lib, a, b, v: (
        a.max() + b.min() + a.max(1).values.sum() + b.min(0)[0] + a.amax(0) + b.amin((0, 1))
    ),
    "ties": lambda lib, a, b, v: (a * 0 + 1).amax(1).sum() * v + (a * 0).max(1).values.sum() + (b * 0 + 2).max(),
    "soft": lambda lib, a, b, v: lib.softmax(a, 1) + lib.log_softmax(b, 0) + lib.logsumexp(a, 1, True) + v.softmax(0),
    "matmul": lambda lib, a, b, v: (a @ b.T) @ a + a @ v[:, None] + (v @ v) + (a.T @ b) @ v,
    "shapes": lambda lib, a, b, v: (
        a.reshape(3, 2).T + b.permute(1, 0).flatten().view(2, 3) + a.transpose(0, 1).reshape(-1).reshape(2, 3)
    ),
    "axes": lambda lib, a, b, v: a.unsqueeze(1).squeeze(1) + v.expand(2, 3) + b.swapaxes(0, 1).swapaxes(0, 1),
    "joins": lambda lib, a, b, v: (
        lib.cat([a, b, a], 0)[1:3] + lib.stack([a, b], 1)[:, 0] + lib.cat([a, b], dim=1)[:, 2:5]
    ),
    "splits": lambda lib, a, b, v: a.split(2, dim=1)[0].sum() * b.split([1, 2], 1)[1].sum() + v.split(2)[1],
    "basic indices": lambda lib, a, b, v: a[0] * b[1] + a[:, 1:2] * v[::2].sum() + a[..., -1].sum() + b[None][0],
    "lists": lambda lib, a, b, v: a[[0, 1, 1]].sum(0) + b[:, [2, 0, 2]] + v[[1, 1, 1]],
    "pairs of lists": lambda lib, a, b, v: a[[0, 1, 0], [2, 2, 2]] * v,
    "masks": lambda lib, a, b, v: a[a > 0].sum() * v + b[b < 1].prod(),
    "both dtypes": lambda lib, a, b, v: a.float() * v + b.float().sum(),
    "detach": lambda lib, a, b, v: a.detach() * a + b * (v * b).detach(),
}


def assigned(lib, a, b, v):
    y = a * 1
    y[0] = v * 2
    y[:, 1] = b[:, 0] * y[:, 2].clone()  # PyTorch loses what an alias of y would be
    y[1, 2] += v[0] * b[0, 1]
    return y


def masked(lib, a, b, v):
    y = b * 1
    y[a > 0] = 0.5
    y[0, 0] = a.sum()
    return y * y


def added(lib, a, b, v):
    y = a * v
    y += b
    y *= 2
    y -= v
    y /= 3
    return y


PROGRAMS |= {"assignment": assigned, "masked assignment": masked, "in place": added}


def run(library, program):
    variables = leaves(library, A, B, V)
    result = program(library, *variables)
    outputs = list(result) if isinstance(result, (tuple, list)) else [result]
    scalar(library, outputs).backward()
    return [array(y) for y in outputs], [None if x.grad is None else array(x.grad) for x in variables]


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_give_the_same_values_and_gradients(name):
    for ours, theirs in zip(run(ag, PROGRAMS[name]), run(torch, PROGRAMS[name]), strict=True):
        for found, expected in zip(ours, theirs, strict=True):
            if expected is None:
                assert found is None
                continue
            assert found.shape == expected.shape
            assert found.dtype == expected.dtype
            np.testing.assert_allclose(
                found, expected, rtol=1e-6 if found.dtype == np.float32 or name == "both dtypes" else 1e-12, atol=1e-13
            )


SMOOTH = [name for name in PROGRAMS if name not in ("both dtypes", "kinks", "detach", "floor and remainder", "ties")]


@pytest.mark.parametrize("name", SMOOTH)
def test_programs_give_the_same_second_derivatives(name):
    def second(library, grad):
        a, b, v = leaves(library, A, B, V)
        result = PROGRAMS[name](library, a, b, v)
        first = grad(scalar(library, [result]), [a, b, v], create_graph=True, allow_unused=True)
        used = [g for g in first if g is not None and g.requires_grad]
        total = sum((g * g).sum() for g in used)
        return [None if g is None else array(g) for g in grad(total, [a, b, v], allow_unused=True)]

    for found, expected in zip(second(ag, ag.grad), second(torch, torch.autograd.grad), strict=True):
        found = np.zeros(()) if found is None else found
        np.testing.assert_allclose(found, 0 if expected is None else expected, rtol=1e-10, atol=1e-12)


UNARY = ["exp", "sin", "cos", "tanh", "sigmoid", "relu", "abs", "square", "neg"]
BINARY = ["add", "sub", "mul", "maximum", "minimum"]
EXPRESSIONS = st.recursive(
    st.sampled_from("abv"),
    lambda deeper: st.tuples(st.sampled_from(UNARY), deeper) | st.tuples(st.sampled_from(BINARY), deeper, deeper),
    max_leaves=12,
)


@given(EXPRESSIONS)
def test_any_expression_gives_the_same_gradients(expression):
    def evaluate(library, part, variables):
        if isinstance(part, str):
            return variables[part]
        name, *inputs = part
        value = getattr(library, name)(*(evaluate(library, each, variables) for each in inputs))
        return library.tanh(value) if name in ("exp", "square", "mul") else value  # keeps numbers small

    found = []
    for library in (ag, torch):
        variables = dict(zip("abv", leaves(library, A, B, V), strict=True))
        result = evaluate(library, expression, variables)
        result.sum().backward()
        found.append([array(result), *(array(x.grad) if x.grad is not None else None for x in variables.values())])
    for ours, theirs in zip(*found, strict=True):
        assert (ours is None) == (theirs is None)
        if ours is not None:
            np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("library", [ag, torch], ids=["ours", "torch"])
def test_what_backward_refuses(library):
    (x,) = leaves(library, A)
    total = (x * x).sum()
    total.backward()
    for refused in (total, x * x, x.detach().sum()):  # a second time, of many elements, of a constant
        with pytest.raises(RuntimeError):
            refused.backward()


@pytest.mark.parametrize("library", [ag, torch], ids=["ours", "torch"])
class TestSharedMeaning:
    """One assertion for both libraries."""

    def test_accumulate_and_zero(self, library):
        (x,) = leaves(library, V)
        for count in (1, 2):
            (x * x).sum().backward()
            np.testing.assert_allclose(array(x.grad), 2 * V * count)
        x.grad.zero_()
        (x * 2).sum().backward()
        assert x.grad.tolist() == [2.0, 2.0, 2.0]

    def test_retain_graph_and_inputs(self, library):
        x, y = leaves(library, V, V)
        z = (x * y).sum()
        z.backward(retain_graph=True, inputs=[x])
        assert y.grad is None
        z.backward()
        np.testing.assert_allclose(array(x.grad), 2 * V)

    def test_retain_grad_is_leaf_grad_fn(self, library):
        (x,) = leaves(library, V)
        y = x * 2
        y.retain_grad()
        (y * y).sum().backward()
        np.testing.assert_allclose(array(y.grad), 4 * V)
        assert (x.is_leaf, y.is_leaf, y.retains_grad, x.retains_grad) == (True, False, True, False)
        assert x.grad_fn is None
        assert y.grad_fn is not None

    def test_hooks(self, library):
        (x,) = leaves(library, V)
        y = x * 2
        handle = y.register_hook(lambda g: g * 10)
        x.register_hook(lambda g: None)
        y.sum().backward(retain_graph=True)
        assert x.grad.tolist() == [20.0, 20.0, 20.0]
        handle.remove()
        y.sum().backward()
        assert x.grad.tolist() == [22.0, 22.0, 22.0]

    def test_modes(self, library):
        (x,) = leaves(library, V)
        with library.no_grad():
            assert not (x * 2).requires_grad
            with library.enable_grad():
                assert (x * 2).requires_grad
            with library.set_grad_enabled(True):
                assert library.is_grad_enabled()
            assert not library.is_grad_enabled()

    def test_in_place_on_a_leaf(self, library):
        (x,) = leaves(library, V)
        with pytest.raises(RuntimeError):
            x += 1
        with pytest.raises(RuntimeError):
            x[0] = 1.0
        with library.no_grad():
            x += 1
        assert x.is_leaf
        np.testing.assert_allclose(array(x), V + 1)

    def test_dtypes(self, library):
        assert library.tensor(1.0).dtype == library.float32
        assert library.tensor(1).dtype == library.int64
        assert library.tensor(True).dtype == library.bool
        assert (library.tensor([1.0]) * library.tensor([2])).dtype == library.float32
        assert (library.tensor([1]) * 2.5).dtype == library.float32
        assert (library.tensor([1]) / library.tensor([2])).dtype == library.float32
        assert (library.tensor([1.0]) + library.tensor([1.0], dtype=library.float64)).dtype == library.float64
        assert library.tensor([1, 2]).sum().dtype == library.int64
        assert library.tensor([True, True]).sum().item() == 2

    def test_only_floats_require_grad(self, library):
        with pytest.raises((RuntimeError, TypeError)):
            library.tensor([1], requires_grad=True)

    def test_numpy_refuses_what_requires_grad(self, library):
        (x,) = leaves(library, V)
        with pytest.raises(RuntimeError, match="detach"):
            x.numpy()
        with pytest.raises(RuntimeError, match="detach"):
            np.asarray(x)
        np.testing.assert_array_equal(x.detach().numpy(), V)

    def test_deepcopy(self, library):
        import copy

        (x,) = leaves(library, V)
        twin = copy.deepcopy(x)
        assert twin.requires_grad
        assert twin.is_leaf
        with pytest.raises(RuntimeError):
            copy.deepcopy(x * 2)

    def test_grad_of_grad(self, library):
        grad = ag.grad if library is ag else torch.autograd.grad
        (x,) = leaves(library, V)
        (g,) = grad((x**3).sum(), x, create_graph=True)
        (h,) = grad(g.sum(), x)
        np.testing.assert_allclose(array(h), 6 * V)
        assert grad((x * 2).sum(), leaves(library, A), allow_unused=True) == (None,)
        with pytest.raises(RuntimeError):
            grad((x * 2).sum(), leaves(library, A))

    def test_gradient_argument(self, library):
        (x,) = leaves(library, V)
        (x * x).backward(gradient=library.tensor([1.0, 0.0, 10.0], dtype=library.float64))
        np.testing.assert_allclose(array(x.grad), 2 * V * [1, 0, 10])
        with pytest.raises((RuntimeError, ValueError)):
            (x * x).backward(gradient=library.ones(4))
