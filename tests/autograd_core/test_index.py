"""Selecting and replacing elements, with every kind of index."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_core as ag
from autograd_core.ops.index import _NOWHERE_ELSE
from autograd_core.testing import cases, check_grads, laws
from autograd_core.testing.strategies import shapes

X = np.arange(1.0, 13.0).reshape(2, 3, 2) ** 1.5
MASK = X > 15
INDICES = {
    "integer": 1,
    "negative": -1,
    "numpy integer": np.int64(1),
    "integers": (1, 2, 1),
    "slice": slice(1, None),
    "steps": (slice(None), slice(None, None, 2)),
    "backwards": (slice(None, None, -1), slice(2, 0, -1)),
    "nothing": slice(2, 2),
    "ellipsis": ...,
    "ellipsis last": (..., 1),
    "ellipsis between": (0, ..., slice(1, 3)),
    "new axis": None,
    "new axes": (None, 0, None, ..., None),
    "empty tuple": (),
    "list": [1, 0],
    "repeated list": [1, 1, 0, 1],
    "negative list": [-1, 0],
    "empty list": [],
    "list of lists": [[0, 1], [1, 1]],
    "list on an inner axis": (slice(None), [2, 0, 2]),
    "two lists": ([0, 1, 1], [2, 2, 0]),
    "lists apart": ([0, 1], slice(None), [1, 1]),
    "lists that broadcast": ([[0], [1]], [[2, 0, 2]]),
    "list and integer": ([0, 1, 0], 1),
    "array": np.array([1, 0, 1]),
    "unsigned array": np.array([1, 0], np.uint8),
    "0-d array": np.array(1),
    "array with many axes": np.array([[[0], [1]]]),
    "mask": MASK,
    "mask of rows": np.array([True, False]),
    "mask as list": [False, True],
    "mask of nothing": np.zeros(2, bool),
    "mask on an inner axis": (slice(None), np.array([True, False, True])),
    "mask and slice": (MASK[:, :, 0], slice(1, 3)),
    "mask and integer": (1, MASK[0]),
    "masks of two axes": (np.array([True, True]), np.array([True, False, True]), 0),
    "true": True,
    "false": False,
    "tensor": ag.tensor([1, 0, 1]),
    "0-d tensor": ag.tensor(1),
    "mask tensor": ag.tensor(MASK),
    "tensor in a tuple": (0, ag.tensor([2, 2])),
    "list of tensors": [ag.tensor(1), ag.tensor(0)],
    "range": range(2),
}


def plain(index):
    """The index for NumPy."""
    if isinstance(index, tuple):
        return tuple(plain(part) for part in index)
    if isinstance(index, list) and index and isinstance(index[0], ag.Tensor):
        return [part.item() for part in index]
    if isinstance(index, range):
        return list(index)
    return np.asarray(index) if isinstance(index, ag.Tensor) else index


@pytest.mark.parametrize("name", INDICES)
def test_getitem_obeys_the_laws(name):
    index = INDICES[name]
    laws.check(lambda x: x[index], [((X,), {})], reference=lambda x: x[plain(index)])


@pytest.mark.parametrize("name", INDICES)
@pytest.mark.parametrize("kind", ["number", "tensor of one", "tensor of all"])
def test_setitem_obeys_the_laws(name, kind):
    index, selected = INDICES[name], X[plain(INDICES[name])]
    values = {
        "number": (),
        "tensor of one": (np.array(2.5),),
        "tensor of all": (np.ravel(np.arange(selected.size) + 0.5).reshape(selected.shape),),
    }[kind]

    def put(x, *value):
        y = x * 1
        y[index] = value[0] if value else 7.0
        return y

    def expected(x, *value):
        y = np.array(x)
        y[plain(index)] = value[0] if value else 7.0
        return y

    repeated = selected.size > np.unique(np.arange(X.size).reshape(X.shape)[plain(index)]).size
    chosen = [law for law in laws.LAWS if not (repeated and law is laws.keeps_dtypes)]
    laws.check(put, [((X, *values), {})], reference=expected, laws=chosen)


@given(st.data())
def test_any_index_gathers_and_its_gradient_scatters(data):
    shape = data.draw(shapes(3, 3))
    index = data.draw(cases.index.indices(shape))
    x = ag.tensor(np.arange(float(np.prod(shape))).reshape(shape), requires_grad=True)
    y = x[index]
    expected = x.detach().numpy()[index]
    np.testing.assert_array_equal(y.detach().numpy(), expected)
    weights = np.arange(1.0, expected.size + 1).reshape(expected.shape)
    y.backward(weights)
    total = np.zeros(shape)
    np.add.at(total, index, weights)
    np.testing.assert_array_equal(x.grad.numpy(), total)


class TestSetitem:
    def test_replaced_elements_get_no_gradient_and_the_values_do(self):
        x, v = ag.tensor([1.0, 2.0, 3.0], requires_grad=True), ag.tensor([5.0, 6.0], requires_grad=True)
        y = x * 1
        y[1:] = v * 10
        (y * y).sum().backward()
        assert x.grad.tolist() == [2.0, 0.0, 0.0]
        assert v.grad.tolist() == [1000.0, 1200.0]

    def test_of_values_put_in_the_same_place_only_the_last_counts(self):
        v = ag.tensor([1.0, 2.0, 3.0, 4.0], requires_grad=True)
        y = ag.zeros(2)
        y[[0, 1, 0, 0]] = v
        assert y.tolist() == [4.0, 2.0]
        (y * ag.tensor([10.0, 100.0])).sum().backward()
        assert v.grad.tolist() == [0.0, 100.0, 0.0, 10.0]

    def test_one_value_put_in_the_same_place_twice_counts_once(self):
        v = ag.tensor(2.0, requires_grad=True)
        y = ag.zeros(2)
        y[[0, 0, 1]] = v
        (y * ag.tensor([10.0, 100.0])).sum().backward()
        assert v.grad.item() == 110.0

    def test_adding_in_place_to_selected_elements(self):
        x = ag.tensor([1.0, 2.0, 3.0], requires_grad=True)
        y = x * 1
        y[1:] += x[:2] * 10
        y[0] *= 3
        y.sum().backward()
        assert y.tolist() == [3.0, 12.0, 23.0]
        assert x.grad.tolist() == [13.0, 11.0, 1.0]

    def test_written_again_and_again(self):
        def running_sums(x):
            y = ag.zeros(4, dtype=np.float64)
            y[0] = x[0]
            for i in range(1, 4):
                y[i] = y[i - 1] * x[i] + x[i]
            return y

        check_grads(running_sums, (np.array([0.5, 1.5, -0.7, 2.0]),))

    def test_a_row_assigned_to_itself(self):
        def swap(x):
            y = x * 1
            y[0], y[1] = y[1], y[0]
            return y * y[0]

        check_grads(swap, (np.array([[1.0, 2.0], [3.0, 4.0]]),))

    def test_into_a_tensor_that_did_not_require_grad(self):
        x, y = ag.tensor(3.0, requires_grad=True), ag.zeros(3)
        assert y.is_leaf
        y[1] = x * 2
        assert y.requires_grad
        y.sum().backward()
        assert x.grad.item() == 2.0

    def test_under_no_grad_nothing_is_recorded(self):
        x, y = ag.tensor(3.0, requires_grad=True), ag.zeros(3)
        with ag.no_grad():
            y[1] = x * 2
        assert (y.tolist(), y.requires_grad) == ([0.0, 6.0, 0.0], False)

    def test_leaves_that_require_grad_refuse(self):
        x = ag.tensor([1.0, 2.0], requires_grad=True)
        with pytest.raises(RuntimeError, match="no_grad"):
            x[0] = 5.0
        assert x.tolist() == [1.0, 2.0]
        with ag.no_grad():
            x[0] = 5.0
        assert x.tolist() == [5.0, 2.0]
        assert x.is_leaf

    def test_integers_and_booleans(self):
        t = ag.tensor([1, 2, 3])
        t[t > 1] = 0
        assert (t.tolist(), t.dtype) == ([1, 0, 0], np.int64)
        m = ag.tensor([True, False])
        m[1] = True
        assert m.tolist() == [True, True]
        u = ag.tensor(np.array([1, 2], np.uint8))
        u[0] = 200
        assert (u.tolist(), u.dtype) == ([200, 2], np.uint8)

    @pytest.mark.parametrize("value", [0.5, np.array([0.5]), ag.tensor(0.5)])
    def test_floats_do_not_become_integers_unasked(self, value):
        t = ag.tensor([1, 2])
        with pytest.raises(TypeError, match="can't put"):
            t[0] = value
        assert t.tolist() == [1, 2]

    def test_dtypes_of_values(self):
        x = ag.tensor([1.0, 2.0], dtype=np.float32)
        v = ag.tensor(3.0, dtype=np.float64, requires_grad=True)
        x[0] = v
        x[1] = np.float64(4)
        assert (x.dtype, x.tolist()) == (np.float32, [3.0, 4.0])
        x.sum().backward()
        assert v.grad.dtype == np.float64


class TestErrors:
    @pytest.mark.parametrize("index", [3, -4, (0, 0, 0), [3], (slice(None), 5), np.array([True, False])])
    def test_out_of_range(self, index):
        t = ag.zeros(3, 3)
        with pytest.raises(IndexError):
            t[index]
        with pytest.raises(IndexError):
            t[index] = 1.0
        assert t.tolist() == np.zeros((3, 3)).tolist()

    @pytest.mark.parametrize(
        "index",
        [1.0, "a", [0.5], ag.tensor([1.0]), np.array([1.0]), {}, 1j, (0, 1.5), b"x"],
        ids=lambda i: type(i).__name__,
    )
    def test_of_a_wrong_kind(self, index):
        t = ag.zeros(3, 3)
        with pytest.raises((IndexError, TypeError)):
            t[index]
        with pytest.raises((IndexError, TypeError)):
            t[index] = 1.0

    def test_0d_tensors_take_no_integer(self):
        with pytest.raises(IndexError):
            ag.tensor(1.0)[0]
        x = ag.tensor(1.0, requires_grad=True)
        x[None][0].backward()
        assert x.grad.item() == 1.0

    def test_values_that_do_not_fit(self):
        t = ag.zeros(3, 3)
        for index, value in ((0, ag.ones(2)), (slice(2), ag.ones(3, 3)), ([0, 1], ag.ones(3, 3))):
            with pytest.raises(ValueError, match=r"broadcast|shape"):
                t[index] = value


class TestWritesThatAreLost:
    """t[i] is a new tensor: what is written into it never reaches t, which PyTorch's programs may expect."""

    @pytest.mark.skipif(_NOWHERE_ELSE < 0, reason="this Python does not count all references")
    def test_are_warned_of(self):
        t = ag.zeros(2, 2)
        with pytest.warns(UserWarning, match=r"write t\[i, j\] = v"):
            t[0][1] = 1.0
        with pytest.warns(UserWarning, match="is lost"):
            t.view(4)[1:] += 1.0
        assert t.tolist() == [[0.0, 0.0], [0.0, 0.0]]

    def test_others_are_not(self):
        t = ag.zeros(2, 2)
        rows, holder = [ag.zeros(2)], SimpleNamespace(t=ag.zeros(2))
        t[0, 1] = 1.0
        t[0] += 1.0
        t.data[1] = 5.0
        rows[0][0] = holder.t[0] = 2.0
        for row in ag.zeros(2, 2):
            row[0] = 3.0
        assert t.tolist() == [[1.0, 2.0], [5.0, 5.0]]
        assert (rows[0].tolist(), holder.t.tolist()) == ([2.0, 0.0], [2.0, 0.0])
