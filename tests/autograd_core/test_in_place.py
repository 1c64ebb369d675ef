"""Arrays are values: in-place syntax rebinds, graphs keep what they recorded, nobody writes into anybody's array."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.testing import check_grads

IN_PLACE = {
    "+=": (lambda t: t.__iadd__(2.0), lambda a: a + 2),
    "-=": (lambda t: t.__isub__(2.0), lambda a: a - 2),
    "*=": (lambda t: t.__imul__(2.0), lambda a: a * 2),
    "/=": (lambda t: t.__itruediv__(2.0), lambda a: a / 2),
    "**=": (lambda t: t.__ipow__(2), lambda a: a**2),
    "//=": (lambda t: t.__ifloordiv__(2.0), lambda a: a // 2),
    "%=": (lambda t: t.__imod__(2.0), lambda a: a % 2),
    "add_": (lambda t: t.add_(2.0), lambda a: a + 2),
    "sub_": (lambda t: t.sub_(2.0), lambda a: a - 2),
    "mul_": (lambda t: t.mul_(2.0), lambda a: a * 2),
    "div_": (lambda t: t.div_(2.0), lambda a: a / 2),
    "pow_": (lambda t: t.pow_(2), lambda a: a**2),
    "neg_": (lambda t: t.neg_(), lambda a: -a),
    "abs_": (lambda t: t.abs_(), np.abs),
    "exp_": (lambda t: t.exp_(), np.exp),
    "sqrt_": (lambda t: t.sqrt_(), np.sqrt),
    "tanh_": (lambda t: t.tanh_(), np.tanh),
    "relu_": (lambda t: t.relu_(), lambda a: np.maximum(a, 0)),
    "clamp_": (lambda t: t.clamp_(0.6, 2.0), lambda a: np.clip(a, 0.6, 2.0)),
    "zero_": (lambda t: t.zero_(), np.zeros_like),
    "fill_": (lambda t: t.fill_(3.0), lambda a: np.full_like(a, 3)),
    "copy_": (lambda t: t.copy_(ag.ones(3)), np.ones_like),
    "[...] =": (lambda t: t.__setitem__(slice(1, None), 5.0) or t, lambda a: np.array([a[0], 5, 5])),
}
DATA = np.array([0.5, 1.0, 3.0])


def leaf(data=DATA):
    return ag.tensor(data, requires_grad=True)


@pytest.mark.parametrize("name", IN_PLACE)
class TestEveryForm:
    def test_gives_the_same_object_with_numpys_values(self, name):
        change, expected = IN_PLACE[name]
        t = ag.tensor(DATA)
        assert change(t) is t
        np.testing.assert_allclose(t.numpy(), expected(DATA), rtol=1e-12)
        assert t.dtype == np.float64

    def test_on_a_leaf_that_requires_grad_it_is_an_error(self, name):
        t = leaf()
        with pytest.raises(RuntimeError, match="no_grad"):
            IN_PLACE[name][0](t)
        np.testing.assert_array_equal(t.detach().numpy(), DATA)
        assert t.is_leaf
        assert t.requires_grad

    def test_on_a_leaf_under_no_grad_it_stays_the_leaf(self, name):
        change, expected = IN_PLACE[name]
        t = leaf()
        (t * t).sum().backward()
        with ag.no_grad():
            change(t)
        assert t.is_leaf
        assert t.requires_grad
        np.testing.assert_allclose(t.detach().numpy(), expected(DATA), rtol=1e-12)
        np.testing.assert_allclose(t.grad.numpy(), 2 * DATA)  # the gradient collected before is still there
        t.grad = None
        (t * 3).sum().backward()
        assert t.grad.tolist() == [3.0, 3.0, 3.0]

    def test_a_recorded_graph_keeps_the_old_values(self, name):
        x = leaf()
        y = x * 1
        z = y * y  # needs y as it is now
        IN_PLACE[name][0](y)
        z.sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), 2 * DATA)

    def test_a_leaf_changed_after_its_use_gives_the_old_gradient(self, name):
        x = leaf()
        z = x * x
        with ag.no_grad():
            IN_PLACE[name][0](x)
        z.sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), 2 * DATA)

    def test_its_own_gradient_is_that_of_the_function(self, name):
        def function(x):
            y = x * 1
            IN_PLACE[name][0](y)
            return y * y

        check_grads(function, (DATA,))

    def test_other_names_of_the_array_do_not_change(self, name):
        t = ag.tensor(DATA)
        detached, view, array = t.detach(), t[:], t.numpy()
        IN_PLACE[name][0](t)
        for other in (detached.numpy(), view.numpy(), array):
            np.testing.assert_array_equal(other, DATA)


class TestRules:
    def test_in_place_can_not_change_the_shape(self):
        t = ag.tensor(1.0)
        with pytest.raises(ValueError, match="shape"):
            t += ag.ones(3)
        assert t.shape == ()

    def test_in_place_can_not_lose_a_kind_of_dtype(self):
        t = ag.tensor([1, 2])
        with pytest.raises(TypeError, match="float"):
            t += 0.5
        with pytest.raises(TypeError):
            t /= 2
        assert t.tolist() == [1, 2]

    def test_in_place_keeps_the_dtype(self):
        t = ag.tensor([1.0, 2.0], dtype=np.float32)
        t += ag.tensor([1.0, 1.0], dtype=np.float64)
        assert t.dtype == np.float32
        t *= ag.tensor([2, 3])
        assert (t.dtype, t.tolist()) == (np.float32, [4.0, 9.0])

    def test_in_place_with_a_tensor_that_requires_grad(self):
        x = leaf()
        t = ag.zeros(3, dtype=np.float64)
        t += x * x
        t.sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), 2 * DATA)

    def test_a_failed_change_changes_nothing(self):
        x = leaf()
        y = x * 2
        for attempt in (
            lambda: y.add_(ag.ones(4)),
            lambda: y.__setitem__(7, 1.0),
            lambda: y.__setitem__(0, "a"),
            lambda: y.__setitem__(0, ag.ones(2)),
        ):
            with pytest.raises((ValueError, IndexError, TypeError)):
                attempt()
        y.sum().backward()
        assert x.grad.tolist() == [2.0, 2.0, 2.0]

    def test_names_bound_to_the_same_object_change_together(self):
        a = b = ag.tensor([1.0])
        a += 1
        assert b.tolist() == [2.0]

    def test_data_replaces_the_values_unrecorded(self):
        x = leaf()
        y = x * x
        x.data = ag.tensor(np.array([1.0, 1.0, 1.0]))
        y.sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), 2 * DATA)
        assert x.tolist() == [1.0, 1.0, 1.0]
        with pytest.raises(ValueError, match="shape"):
            x.data = ag.ones(2)

    def test_a_training_step(self):
        w = leaf()
        for _ in range(3):
            (w * w).sum().backward()
            with ag.no_grad():
                w -= 0.1 * w.grad
            w.grad.zero_()
        np.testing.assert_allclose(w.detach().numpy(), DATA * 0.8**3)


class TestValues:
    """What is passed in, and what is handed out, is no door into a graph."""

    def test_an_array_made_into_a_tensor_is_copied(self):
        a = DATA.copy()
        x = ag.tensor(a, requires_grad=True)
        y = x * x
        a[:] = 100
        y.sum().backward()
        np.testing.assert_array_equal(x.grad.numpy(), 2 * DATA)
        np.testing.assert_array_equal(x.detach().numpy(), DATA)

    @pytest.mark.parametrize(
        "use",
        [
            lambda x, a: x * a,
            lambda x, a: a * x,
            lambda x, a: x + x * a,
            lambda x, a: x / a,
            lambda x, a: x @ a,
            lambda x, a: a @ x,
            lambda x, a: ag.where(a > 0.7, x, a),
            lambda x, a: ag.maximum(x, a) * a,
            lambda x, a: x**a,
            lambda x, a: a**x,
            lambda x, a: ag.stack([x, a]) * ag.stack([a, x]),
            lambda x, a: np.multiply(a, x),
            lambda x, a: np.concatenate([x, a]) * np.concatenate([a, a]),
            lambda x, a: x[a.astype(int) % 3],
            lambda x, a: x[a > 0.7],
            lambda x, a: ag.clip(x, a, 2.0),
            lambda x, a: x * ag.tensor(a),
        ],
    )
    def test_an_array_changed_after_its_use_changes_no_gradient(self, use):
        def gradient(spoil):
            a, x = DATA.copy(), leaf(DATA[::-1])
            y = use(x, a)
            if spoil:
                a[:] = 77.0
            (y * y).sum().backward()
            return x.grad.tolist()

        assert gradient(spoil=True) == gradient(spoil=False)

    def test_a_list_changed_after_its_use_changes_no_gradient(self):
        index, x = [0, 2], leaf()
        y = x[index] * [1.0, 2.0]
        index[0] = 1
        y.sum().backward()
        assert x.grad.tolist() == [1.0, 0.0, 2.0]

    def test_an_array_assigned_is_copied(self):
        a, x = np.array([7.0, 8.0]), ag.zeros(3, dtype=np.float64)
        x[1:] = a
        x2 = ag.zeros(2, dtype=np.float64)
        x2.data = a
        a[:] = 0
        assert x.tolist() == [0.0, 7.0, 8.0]
        assert x2.tolist() == [7.0, 8.0]

    def test_a_gradient_passed_in_is_copied(self):
        g, x = np.array([1.0, 2.0, 3.0]), leaf()
        (x * 1).backward(g)
        g[:] = 0
        assert x.grad.tolist() == [1.0, 2.0, 3.0]

    def test_numpy_is_read_only(self):
        for t in (ag.tensor(DATA), leaf().detach(), ag.tensor(2.0), ag.tensor(DATA)[1:], ag.zeros(2, 2).T):
            array = t.numpy()
            with pytest.raises(ValueError, match="read-only"):
                array[...] = 5
            with pytest.raises(ValueError, match="read-only"):
                array += 1

    def test_asarray_is_read_only_and_a_copy_is_free(self):
        t = ag.tensor(DATA)
        with pytest.raises(ValueError, match="read-only"):
            np.asarray(t)[0] = 5
        own = np.array(t)
        own[0] = 5
        np.testing.assert_array_equal(t.numpy(), DATA)

    def test_results_do_not_share_memory_that_someone_writes(self):
        x = leaf()
        y = x.reshape(3, 1)
        with ag.no_grad():
            x += 1
        np.testing.assert_array_equal(y.detach().numpy().ravel(), DATA)

    def test_repeated_backward_does_not_depend_on_what_was_done_to_grad(self):
        x = leaf()
        y = (x + 0).sum()
        y.backward(retain_graph=True)
        x.grad += 100
        x.grad = None
        y.backward()
        assert x.grad.tolist() == [1.0, 1.0, 1.0]


RESHAPING = {
    "squeeze_": lambda t: t.squeeze_(0),
    "unsqueeze_": lambda t: t.unsqueeze_(-1),
    "t_": lambda t: t.squeeze_(0).t_(),
    "transpose_": lambda t: t.transpose_(0, 2),
    "swapaxes_": lambda t: t.swapaxes_(axis0=1, axis1=2),
    "swapdims_": lambda t: t.swapdims_(dim0=1, dim1=2),
    "as_strided_": lambda t: t.as_strided_((2, 2), (1, 2)),
}


@pytest.mark.peers
@pytest.mark.parametrize("name", RESHAPING)
def test_another_shape_in_place(name):
    torch = pytest.importorskip("torch")
    x, theirs = ag.tensor(np.arange(6.0).reshape(1, 2, 3), requires_grad=True), torch.arange(6.0).reshape(1, 2, 3)
    y = x * 2
    before = y * y
    assert RESHAPING[name](y) is y
    expected = RESHAPING[name](theirs * 2)
    assert y.tolist() == expected.tolist()
    assert ag.grad((y.sum(),), (x,))[0].shape == (1, 2, 3)
    assert before.shape == (1, 2, 3)


def test_another_shape_of_what_requires_grad():
    x = leaf()
    with pytest.raises(RuntimeError, match="leaf that requires grad"):
        x.unsqueeze_(0)
    with ag.no_grad(), pytest.raises(RuntimeError, match="unsqueeze_ can't change the shape"):
        x.unsqueeze_(0)
    x.detach().unsqueeze_(0)
    x.data.unsqueeze_(0)
    assert x.shape == (3,)
