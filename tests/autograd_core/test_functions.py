"""The public functions that compose operations obey the laws too, in every form they can be called in."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.rules import POSITIVE, REAL
from autograd_core.testing import cases, check_grads, laws
from autograd_core.testing.values import values


def numbers(*shape, place=0, domain=REAL):
    """Different numbers without regularity."""
    pool = values(domain, place=place)
    return np.random.default_rng(place).permutation(pool)[: int(np.prod(shape))].reshape(shape)[()]


def each(xs, params):
    """Every input with every set of keyword arguments."""
    return [((x,), p) for x in xs for p in params]


def run(function, reference, arguments):
    laws.check(function, arguments, reference=reference)


AXES = [
    {},
    {"axis": 0},
    {"axis": -1},
    {"axis": (0, 1)},
    {"axis": (-1, 0), "keepdims": True},
    {"axis": (), "keepdims": True},
]
EMPTY = [((np.zeros((2, 0)),), {"axis": 0}), ((np.zeros((2, 0, 3)),), {"axis": (0, 2)})]
OF_NOTHING = [
    ((np.zeros(0),), {}),
    ((np.zeros((2, 0)),), {"axis": 1}),
    ((np.zeros((2, 0)),), {"axis": -1, "keepdims": True}),
]
REDUCTIONS = {
    "sum": (ag.sum, np.sum, EMPTY + OF_NOTHING),
    "mean": (ag.mean, np.mean, EMPTY),
    "prod": (ag.prod, np.prod, EMPTY + OF_NOTHING),
    "amax": (ag.amax, np.max, EMPTY),
    "amin": (ag.amin, np.min, EMPTY),
    "max": (ag.max, np.max, EMPTY),
    "min": (ag.min, np.min, EMPTY),
    "var": (lambda x, **p: ag.var(x, unbiased=False, **p), np.var, EMPTY),
    "std": (lambda x, **p: ag.std(x, unbiased=False, **p), np.std, EMPTY),
    "logsumexp": (ag.logsumexp, lambda x, **p: np.log(np.sum(np.exp(x), **p)), EMPTY),
}


@pytest.mark.parametrize("name", REDUCTIONS)
def test_reductions(name):
    function, reference, extra = REDUCTIONS[name]
    axes = AXES[:-1] if name in ("std", "var") else AXES  # a spread of single numbers is constant, or a kink
    run(function, reference, [*each([numbers(2, 3), numbers(2, 2, 2)], axes), ((numbers(3),), {"axis": 0}), *extra])
    if name not in ("std", "var"):
        run(function, reference, [((numbers(),), {}), ((numbers(1),), {"axis": 0, "keepdims": True})])


@pytest.mark.parametrize("name", ["sum", "mean", "prod", "amax", "amin", "var", "std", "logsumexp"])
def test_reductions_take_pytorchs_names(name):
    reference = REDUCTIONS[name][1]
    x = ag.tensor(numbers(2, 3))
    for form in (getattr(ag, name), getattr(ag.Tensor, name)):
        ours = form(x, dim=1, keepdim=True)
        theirs = reference(x.numpy(), axis=1, keepdims=True, **({"ddof": 1} if name in ("var", "std") else {}))
        np.testing.assert_allclose(ours.numpy(), theirs)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8])
def test_products_of_any_length(count):
    run(ag.prod, np.prod, [((numbers(count),), {}), ((numbers(count, 2),), {"axis": 0})])


@pytest.mark.parametrize("zeros", [(1,), (0, 3), (0, 1, 2, 3, 4)])
def test_products_with_zeros(zeros):
    x = numbers(5)
    x[list(zeros)] = 0
    run(ag.prod, np.prod, [((x,), {}), ((x.reshape(1, 5),), {"axis": 1})])


@pytest.mark.parametrize("form", ["var", "std"])
def test_spreads_with_corrections(form):
    function, theirs = getattr(ag, form), getattr(np, form)
    x = numbers(4, 3)
    for correction in (0, 1, 2, 0.5):
        run(
            lambda x, c=correction: function(x, axis=0, correction=c),
            lambda x, c=correction: theirs(x, axis=0, ddof=c),
            [((x,), {})],
        )
    run(lambda x: function(x), lambda x: theirs(x, ddof=1), [((x,), {})])
    run(lambda x: function(x, 1, True, True), lambda x: theirs(x, axis=1, ddof=1, keepdims=True), [((x,), {})])


def test_a_spread_of_equal_numbers_is_flat():
    x = ag.tensor([[2.0, 2.0, 2.0], [1.0, 2.0, 3.0]], dtype=np.float64, requires_grad=True)
    ag.std(x, axis=1).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), [[0, 0, 0], [-0.5, 0, 0.5]])


def with_index(pick, find):
    return lambda x, dim, keepdim=False: (pick(x, axis=dim, keepdims=keepdim), find(x, axis=dim, keepdims=keepdim))


@pytest.mark.parametrize("name", ["max", "min"])
def test_extremes_along_one_axis_give_indices(name):
    function = getattr(ag, name)
    reference = with_index(getattr(np, name), getattr(np, f"arg{name}"))
    for x in (numbers(3), numbers(2, 3), numbers(2, 2, 3)):
        for dim in range(-x.ndim, x.ndim):
            run(function, reference, [((x,), {"dim": dim}), ((x,), {"dim": dim, "keepdim": True})])


@pytest.mark.parametrize("name", ["max", "min"])
def test_extremes_of_two_tensors(name):
    function = getattr(ag, name)
    pair = (numbers(2, 3), numbers(3, place=1))
    run(lambda x, y: function(x, y), getattr(np, f"{name}imum"), [(pair, {})])


@pytest.mark.parametrize("name", ["max", "min"])
def test_equal_extremes_share_the_gradient_unless_an_index_names_one(name):
    function = getattr(ag, name)
    x = ag.tensor([[1.0, 1.0, 1.0], [0.0, 1.0, 2.0]], requires_grad=True)
    (shared,) = ag.grad(function(x, axis=1).sum(), x)
    np.testing.assert_allclose(shared.numpy()[0], [1 / 3, 1 / 3, 1 / 3], rtol=1e-6)
    (named,) = ag.grad(function(x, 1).values.sum(), x)
    assert named.tolist()[0] == [1, 0, 0]


@pytest.mark.parametrize("name", ["max", "min", "amax", "amin", "argmax", "argmin"])
def test_extremes_of_nothing_are_refused(name):
    with pytest.raises(ValueError, match=r"no elements|empty"):
        getattr(ag, name)(ag.zeros(0))


def softmax(x, axis=-1):
    return np.exp(x) / np.sum(np.exp(x), axis=axis, keepdims=True)


SOFT = {
    "softmax": (ag.softmax, softmax),
    "log_softmax": (ag.log_softmax, lambda x, axis=-1: np.log(softmax(x, axis))),
}


@pytest.mark.parametrize("name", SOFT)
def test_soft_maxima(name):
    function, reference = SOFT[name]
    run(function, reference, each([numbers(2, 3), numbers(2, 2, 3)], [{}, {"axis": 0}, {"axis": -2}]))
    run(
        function,
        reference,
        [((numbers(3),), {}), ((numbers(1),), {}), ((np.zeros((2, 0)),), {}), ((np.zeros((0, 2)),), {})],
    )
    value = {"softmax": 1.0, "log_softmax": 0.0}[name]
    run(function, lambda x: np.full_like(x, value), [((numbers(),), {})])


@pytest.mark.parametrize("shift", [0.0, 1e4, -1e4])
def test_soft_maxima_do_not_overflow(shift):
    x = np.array([[1.0, 2.0, 4.0]]) + shift
    for function in (ag.softmax, ag.log_softmax, ag.logsumexp):
        plain, shifted = function(ag.tensor(x - shift)), function(ag.tensor(x))
        expected = plain.numpy() + (shift if function is ag.logsumexp else 0)
        np.testing.assert_allclose(shifted.numpy(), expected, rtol=1e-9)


def test_soft_maxima_of_infinities():
    x = ag.tensor([[-np.inf, 0.0], [-np.inf, -np.inf]], dtype=np.float64, requires_grad=True)
    y = ag.logsumexp(x, axis=1)
    assert y.tolist() == [0.0, -np.inf]
    y.sum().backward()
    assert x.grad.tolist()[0] == [0.0, 1.0]
    assert ag.softmax(x[0]).tolist() == [0.0, 1.0]
    assert ag.log_softmax(x[0]).tolist() == [-np.inf, 0.0]


POWERS = [0, 1, 2, 3, 5, 8, 2.0, 3.0, 1.0, 0.0, np.int64(3), 70]
INVERSE = [-1, -2, -3, -1.0, -2.0]
FRACTIONS = [0.5, 1.5, -0.5, 2.7, np.float64(0.5), np.float64(3)]


@pytest.mark.parametrize("n", [*POWERS[:-1], *INVERSE], ids=repr)
def test_powers_of_bases_of_either_sign(n):
    x = np.array([-2.0, -0.7, 0.4, 1.0, 3.0])
    run(lambda x: x**n, lambda x: x ** (n if isinstance(n, np.floating) else float(n)), [((x,), {}), ((x[1],), {})])
    run(lambda x: ag.power(x, n), lambda x: x ** (n if isinstance(n, np.floating) else float(n)), [((x,), {})])


def test_high_powers():
    run(lambda x: x**70, lambda x: x**70.0, [((np.array([-1.1, 0.5, 1.05]),), {})])


@pytest.mark.parametrize("n", [n for n in POWERS if n != 70], ids=repr)
def test_powers_of_zero(n):
    check_grads(lambda x: x**n, (np.array([0.0, -0.0, 2.0]),))
    np.testing.assert_array_equal((ag.tensor([0.0, -2.0]) ** n).numpy(), np.array([0.0, -2.0]) ** np.float64(n))


@pytest.mark.parametrize("n", FRACTIONS, ids=repr)
def test_fractional_powers(n):
    x = numbers(2, 2, domain=POSITIVE)
    run(lambda x: x**n, lambda x: x ** (n if isinstance(n, np.floating) else float(n)), [((x,), {}), ((x[0, 0],), {})])


def test_numpy_float_exponents_do_not_widen():
    assert (ag.tensor([2.0]) ** np.float32(2)).dtype == np.float32


@pytest.mark.parametrize("base", [2, 2.0, 0.5, 1, np.float64(3)], ids=repr)
def test_numbers_to_the_power_of_a_tensor(base):
    run(
        lambda x: base**x,
        lambda x: (base if isinstance(base, np.floating) else float(base)) ** x,
        [((numbers(2, 2),), {}), ((numbers(),), {})],
    )


def test_tensors_to_the_power_of_tensors():
    base, exponent = numbers(2, 3, domain=POSITIVE), numbers(3, place=1)
    run(lambda a, b: a**b, np.power, [((base, exponent), {}), ((base[0, 0], exponent), {})])


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.float64])
def test_whole_exponents_in_an_array(dtype):
    base = np.array([-2.0, -0.5, 0.0, 0.0, 0.0, 1.5])
    exponents = np.array([3, 2, 0, 1, 2, 4], dtype)
    check_grads(lambda x: x**exponents, (base,))
    check_grads(lambda x: ag.power(x, ag.tensor(exponents)), (base,))
    np.testing.assert_array_equal(ag.power(ag.tensor(base), exponents).numpy(), base ** exponents.astype(float))


def test_a_zero_base_has_the_limits_as_derivatives():
    a = ag.tensor([0.0, 0.0, 0.0, 0.0], requires_grad=True)
    b = ag.tensor([0.0, 1.0, 2.0, 0.5], requires_grad=True)
    with np.errstate(divide="ignore"):
        ga, gb = ag.grad(ag.sum(a**b), [a, b])
    assert ga.tolist() == [0.0, 1.0, 0.0, np.inf]
    assert gb.tolist() == [0.0, 0.0, 0.0, 0.0]


def test_integers_to_a_negative_power_are_refused():
    with pytest.raises(ValueError, match="negative power"):
        ag.tensor([1, 2]) ** -1
    assert (ag.tensor([1, 2]) ** 2).dtype == np.int64
    assert (ag.tensor([1, 2]) ** 2.0).tolist() == [1.0, 4.0]
    assert (ag.tensor([1, 2]) ** -1.0).tolist() == [1.0, 0.5]


def test_clip_with_numbers():
    x = np.array([-3.0, -0.9, 0.2, 0.8, 2.0])
    for bounds in ({"min": -1.0}, {"max": 0.5}, {"min": -1.0, "max": 0.5}, {"min": -1, "max": 1}):
        run(ag.clip, lambda x, min=None, max=None: np.clip(x, min, max), [((x,), bounds), ((x[0],), bounds)])


def test_clip_with_tensors():
    x, low, high = np.array([-3.0, 0.2, 2.0]), np.array([-1.0, -1.1, -1.2]), np.array([[1.0], [1.5]])
    run(lambda x, low, high: ag.clip(x, low, high), np.clip, [((x, low, high), {})])
    run(lambda x, low: x.clamp(min=low), np.maximum, [((x, low), {})])
    run(lambda x, high: x.clip(max=high), np.minimum, [((x, high), {})])


def test_clip_at_its_bounds_and_beyond():
    x = ag.tensor([-1.0, 1.0, 0.0], requires_grad=True)
    ag.clip(x, -1.0, 1.0).sum().backward()
    assert x.grad.tolist() == [1.0, 1.0, 1.0]
    assert ag.clip(ag.tensor([0.0, 5.0]), 3.0, 1.0).tolist() == [1.0, 1.0]  # as NumPy and PyTorch: the upper bound wins
    assert np.isnan(ag.clip(ag.tensor([np.nan]), 0.0, 1.0).item())
    with pytest.raises(TypeError, match="min, max or both"):
        ag.clip(x)


def test_where_in_every_form():
    c = np.array([[True], [False]])
    x, y = numbers(2, 3), numbers(3, place=1)
    run(
        lambda c, x, y: ag.where(c, x, y),
        np.where,
        [((c, x, y), {}), ((True, x[0, 0], y), {}), ((np.bool_(False), x, y[0]), {})],
    )
    run(lambda x: ag.where(x > 0, x * x, 0.0), lambda x: np.where(x > 0, x * x, 0.0), [((x,), {})])
    run(lambda x: ag.where(x > 0, 1, x), lambda x: np.where(x > 0, 1, x), [((x,), {})])
    run(lambda x: x.where(x > 0, -1.0), lambda x: np.where(x > 0, x, -1.0), [((x,), {})])
    run(lambda c, x, y: ag.where(c, x, y), lambda c, x, y: np.where(c != 0, x, y), [((np.array([[2], [0]]), x, y), {})])


def test_where_hides_the_branch_not_taken():
    x = ag.tensor([0.0, 4.0], requires_grad=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        ag.where(x > 0, ag.sqrt(ag.where(x > 0, x, 1.0)), 0.0).sum().backward()
    assert x.grad.tolist() == [0.0, 0.25]


def test_where_with_the_condition_alone():
    rows, columns = ag.where(ag.tensor([[0.0, 2.0], [3.0, 0.0]]))
    assert (rows.tolist(), columns.tolist()) == ([0, 1], [1, 0])
    with pytest.raises(TypeError):
        ag.where(ag.tensor([True]), ag.tensor([1.0]))


def test_flatten():
    x = numbers(2, 2, 3)
    forms = {(): (12,), (1,): (2, 6), (0, 1): (4, 3), (-2, -1): (2, 6), (1, 1): (2, 2, 3)}
    for args, shape in forms.items():
        run(lambda x, a=args: ag.flatten(x, *a), lambda x, s=shape: x.reshape(s), [((x,), {})])
    run(ag.flatten, np.ravel, [((numbers(),), {}), ((np.zeros((2, 0)),), {}), ((numbers(3),), {})])
    run(ag.ravel, np.ravel, [((x,), {})])
    with pytest.raises(ValueError, match="start_dim not after end_dim"):
        ag.flatten(ag.tensor(x), 2, 1)


def test_squeeze():
    x = numbers(1, 3, 1, 2)
    run(
        ag.squeeze,
        lambda x: np.squeeze(x),
        [((x,), {}), ((numbers(),), {}), ((numbers(1, 1),), {}), ((np.zeros((0, 1)),), {})],
    )
    run(ag.squeeze, np.squeeze, each([x], [{"axis": 0}, {"axis": -2}, {"axis": (0, 2)}, {"axis": ()}]))
    run(lambda x: ag.squeeze(x, dim=1), lambda x: x, [((x,), {})])  # as PyTorch: a longer axis stays


def test_expand_dims():
    x = numbers(2, 3)
    run(
        ag.expand_dims,
        np.expand_dims,
        each([x], [{"axis": 0}, {"axis": -1}, {"axis": 1}, {"axis": (0, 2)}, {"axis": (-1, 0)}]),
    )
    run(ag.expand_dims, np.expand_dims, each([numbers()], [{"axis": 0}, {"axis": (0, 1)}]))
    run(lambda x: x.unsqueeze(dim=1), lambda x: x[:, None], [((x,), {})])


def test_reshape_and_its_kin():
    x = numbers(2, 3)
    for form in (lambda x: x.reshape(3, 2), lambda x: x.view((3, -1)), lambda x: ag.reshape(x, (3, 2))):
        run(form, lambda x: x.reshape(3, 2), [((x,), {})])
    run(lambda x: ag.broadcast_to(x, (2, 2, 3)), lambda x: np.broadcast_to(x, (2, 2, 3)), [((x,), {})])
    run(lambda x: x.expand(2, -1, 3), lambda x: np.broadcast_to(x, (2, 2, 3)), [((x,), {})])
    run(lambda x: x.expand(-1, 4), lambda x: np.broadcast_to(x, (3, 4)), [((numbers(3, 1),), {})])


def test_axes_in_another_order():
    x = numbers(2, 3, 4)[:, :2, :2]
    run(lambda x: x.permute(2, 0, 1), lambda x: x.transpose(2, 0, 1), [((x,), {})])
    run(lambda x: x.permute((-1, 0, 1)), lambda x: x.transpose(2, 0, 1), [((x,), {})])
    run(lambda x: x.transpose(0, 2), lambda x: x.swapaxes(0, 2), [((x,), {})])
    run(lambda x: ag.transpose(x), np.transpose, [((x,), {}), ((x[0],), {}), ((x[0, 0],), {}), ((x[0, 0, 0],), {})])
    run(lambda x: ag.swapaxes(x, 0, -1), lambda x: np.swapaxes(x, 0, -1), [((x,), {})])
    run(lambda x: x.T, lambda x: x.T, [((x[0],), {})])
    run(lambda x: x.mT, lambda x: x.swapaxes(-1, -2), [((x,), {})])


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_concatenate_and_stack(axis, count):
    pieces = tuple(numbers(2, 3, place=i) for i in range(count))
    run(lambda *xs: ag.concatenate(xs, axis=axis), lambda *xs: np.concatenate(xs, axis=axis), [(pieces, {})])
    run(lambda *xs: ag.cat(list(xs), dim=axis), lambda *xs: np.concatenate(xs, axis=axis), [(pieces, {})])
    run(lambda *xs: ag.stack(xs, axis=axis), lambda *xs: np.stack(xs, axis=axis), [(pieces, {})])
    numbers0d = tuple(numbers(place=i) for i in range(count))
    if axis != 1:
        run(lambda *xs: ag.stack(xs, dim=axis), lambda *xs: np.stack(xs, axis=axis), [(numbers0d, {})])


def test_concatenate_uneven_and_repeated():
    x, y = numbers(2, 2), numbers(1, 2, place=1)
    run(lambda x, y: ag.concatenate([x, y, x]), lambda x, y: np.concatenate([x, y, x]), [((x, y), {})])
    run(lambda x, y: ag.concatenate([x, y], axis=None), lambda x, y: np.concatenate([x, y], axis=None), [((x, y), {})])
    run(lambda x: ag.stack([x, x * x]), lambda x: np.stack([x, x * x]), [((x,), {})])
    run(lambda x: ag.concatenate([x, x[:0]]), lambda x: x.copy(), [((x,), {})])


def test_split():
    x = numbers(5, 2)
    cuts = {2: [2, 4], 3: [3], 5: [], 7: [], 1: [1, 2, 3, 4]}
    for size, at in cuts.items():
        run(lambda x, s=size: ag.split(x, s), lambda x, a=at: tuple(np.split(x, a)), [((x,), {})])
    run(lambda x: ag.split(x, [1, 0, 4]), lambda x: tuple(np.split(x, [1, 1])), [((x,), {})])
    run(lambda x: x.split([1, 1], dim=1), lambda x: tuple(np.split(x, 2, axis=1)), [((x,), {})])
    for wrong in (0, -1, [2, 2], [6, -1]):
        with pytest.raises(ValueError, match="split"):
            ag.split(ag.tensor(x), wrong)


def test_only_some_pieces_of_a_split_used():
    x = ag.tensor(numbers(5), requires_grad=True)
    first, _, last = x.split(2)
    (first.sum() * 3 + last.sum()).backward()
    assert x.grad.tolist() == [3, 3, 0, 0, 1]


@pytest.mark.parametrize("shapes", cases.linalg.MATRIX_SHAPES, ids=str)
def test_matmul(shapes):
    pair = numbers(*shapes[0]), numbers(*shapes[1], place=1)
    run(lambda a, b: a @ b, np.matmul, [(pair, {})])


@pytest.mark.parametrize(
    "shapes", [((2, 3), (2, 3)), ((3,), (2,)), ((2, 2, 3), (3, 3, 2)), ((), (2,)), ((2,), ()), ((2, 0), (1, 2))]
)
def test_matmul_of_shapes_that_do_not_fit(shapes):
    with pytest.raises(ValueError, match=r"matmul|shape"):
        ag.matmul(ag.ones(shapes[0]), ag.ones(shapes[1]))


def test_matmul_of_integers():
    product = ag.tensor([[1, 2]]) @ ag.tensor([[3], [4]])
    assert (product.tolist(), product.dtype) == ([[11]], np.int64)
    x = ag.tensor([[1.0, 2.0]], requires_grad=True)
    y = x @ ag.tensor([[3], [4]])
    y.backward(ag.ones(1, 1))
    assert (y.dtype, x.grad.tolist()) == (np.float32, [[3.0, 4.0]])


def test_a_dozen_ways_to_name_the_same_function():
    x = ag.tensor(numbers(2, 3))
    same = [(x.abs, np.abs), (x.neg, np.negative), (x.clone, np.copy), (x.square, np.square), (x.sign, np.sign)]
    for ours, theirs in same:
        np.testing.assert_array_equal(ours().numpy(), theirs(x.numpy()))
    for alias, name in {
        "mul": "multiply",
        "div": "divide",
        "sub": "subtract",
        "pow": "power",
        "neg": "negative",
    }.items():
        assert getattr(ag, alias) is getattr(ag, name)
