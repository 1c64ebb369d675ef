"""What a Tensor is made of and turns into: dtypes, conversions, copies, text."""

import copy
import math
import operator
import pickle

import numpy as np
import pytest

import autograd_core as ag

FLOATS = [np.float16, np.float32, np.float64]
INTEGERS = [np.int8, np.uint8, np.int16, np.int32, np.int64, np.uint64]


class TestDtypes:
    @pytest.mark.parametrize(
        ("data", "dtype"),
        [
            (1.5, np.float32),
            ([1.5, 2], np.float32),
            ([[1.0], [2.0]], np.float32),
            ([], np.float32),
            (1, np.int64),
            ([1, 2], np.int64),
            (True, np.bool_),
            ([True, False], np.bool_),
            ([True, 2], np.int64),
            (np.float64(1), np.float64),
            (np.float16(1), np.float16),
            (np.int8(1), np.int8),
            (range(3), np.int64),
            (((1.0, 2.0), (3.0, 4.0)), np.float32),
        ],
        ids=repr,
    )
    def test_of_python_and_numpy_data(self, data, dtype):
        assert ag.tensor(data).dtype == dtype

    @pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS, np.bool_])
    def test_arrays_keep_theirs(self, dtype):
        a = np.array([[0, 1]], dtype)
        assert ag.tensor(a).dtype == dtype
        assert ag.as_tensor(a).dtype == dtype
        assert ag.tensor(ag.tensor(a)).dtype == dtype

    @pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS, np.bool_])
    def test_of_ones_choice(self, dtype):
        assert ag.tensor([0, 1], dtype=dtype).dtype == dtype
        assert ag.zeros(2, dtype=dtype).dtype == dtype
        assert ag.tensor(np.array([0.0, 1.0]), dtype=dtype).tolist() == [0, 1]

    @pytest.mark.parametrize("number", [0.1, 1 / 3, 1e300, 2.0**-1070, 16777217.0])
    def test_python_floats_are_exact_in_float64(self, number):
        for t in (
            ag.tensor(number, dtype=np.float64),
            ag.tensor([number], dtype=np.float64),
            ag.full((1,), number, dtype=np.float64),
            ag.as_tensor([number], dtype=np.float64),
            ag.zeros(1, dtype=np.float64).fill_(number),
            ag.zeros(1, dtype=np.float64) + number,
            ag.zeros((), dtype=np.float64) + number,
            ag.add(ag.zeros(1, dtype=np.float64), [number]),
            ag.where(ag.tensor([True]), number, ag.zeros(1, dtype=np.float64)),
            ag.stack([ag.tensor(number, dtype=np.float64), number])[1],
        ):
            assert t.item() == number

    def test_whole_floats_become_exact_integers(self):
        assert ag.tensor([16777217.0], dtype=np.int64).tolist() == [16777217]

    def test_the_default_can_be_chosen(self):
        try:
            ag.set_default_dtype(np.float64)
            assert ag.get_default_dtype() == np.float64
            made = [ag.tensor(1.0), ag.zeros(2), ag.ones(1), ag.rand(2), ag.randn(2), ag.eye(2), ag.linspace(0, 1, 3)]
            made += [ag.tensor([1, 2]).mean(), ag.tensor([1, 2]) / 2, ag.exp(ag.tensor([1]))]
            assert {t.dtype for t in made} == {np.dtype(np.float64)}
        finally:
            ag.set_default_dtype(np.float32)

    @pytest.mark.parametrize("bad", [np.int64, bool, complex])
    def test_the_default_must_be_a_float(self, bad):
        with pytest.raises(TypeError, match="floating"):
            ag.set_default_dtype(bad)
        assert ag.get_default_dtype() == np.float32

    @pytest.mark.parametrize("op", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow])
    @pytest.mark.parametrize("dtype", FLOATS)
    @pytest.mark.parametrize("shape", [(), (2,)])
    def test_nothing_but_a_wider_float_widens_a_float(self, op, dtype, shape):
        x = ag.ones(shape, dtype=dtype)
        others = [2, 2.0, True, *(ag.ones(shape, dtype=d) for d in (*INTEGERS, np.bool_))]
        others += [np.ones(shape, d) for d in INTEGERS]
        for other in others:
            assert op(x, other).dtype == dtype, other
            assert op(other, x).dtype == dtype, other
        for wider in FLOATS:
            assert op(x, ag.ones(shape, dtype=wider)).dtype == np.promote_types(dtype, wider)

    def test_integers_among_themselves_follow_numpy(self):
        for a in INTEGERS:
            for b in INTEGERS:
                if np.promote_types(a, b).kind != "f":
                    assert (ag.ones(1, dtype=a) + ag.ones(1, dtype=b)).dtype == np.promote_types(a, b)
            assert (ag.ones(1, dtype=a) + 1).dtype == a
            assert (ag.ones(1, dtype=a) / ag.ones(1, dtype=a)).dtype == np.float32
            assert (ag.ones(1, dtype=a) + 0.5).dtype == np.float32

    @pytest.mark.parametrize("dtype", FLOATS)
    def test_gradients_have_the_leafs_dtype(self, dtype):
        x = ag.tensor([1.0, 2.0], dtype=dtype, requires_grad=True)
        y = ag.tensor([3.0, 4.0], dtype=np.float64, requires_grad=True)
        ((x * y).sum() * ag.tensor(2, dtype=np.int64)).backward()
        assert (x.grad.dtype, y.grad.dtype) == (dtype, np.float64)
        assert (x.grad.tolist(), y.grad.tolist()) == ([6.0, 8.0], [2.0, 4.0])

    def test_gradients_come_back_through_a_conversion(self):
        x = ag.tensor([1.5, 2.5], dtype=np.float16, requires_grad=True)
        y = x.to(np.float64)
        (y * y).sum().backward()
        assert (y.dtype, x.grad.dtype, x.grad.tolist()) == (np.float64, np.float16, [3.0, 5.0])
        assert not x.to(np.int64).requires_grad
        assert x.double().float().half().requires_grad

    @pytest.mark.parametrize("dtype", [*INTEGERS, np.bool_])
    def test_only_floats_can_require_grad(self, dtype):
        with pytest.raises(TypeError, match="only floating"):
            ag.tensor([0, 1], dtype=dtype, requires_grad=True)
        t = ag.tensor([0, 1], dtype=dtype)
        with pytest.raises(TypeError, match="only floating"):
            t.requires_grad_()
        with pytest.raises(TypeError, match="only floating"):
            t.requires_grad = True
        assert not t.requires_grad

    @pytest.mark.parametrize(
        "bad",
        [1j, [1j], "a", ["1"], None, [None], {}, {1}, object(), b"x", [[1], "ab"]],
        ids=lambda bad: type(bad).__name__,
    )
    def test_what_is_no_real_number_is_refused(self, bad):
        with pytest.raises(TypeError):
            ag.tensor(bad)
        with pytest.raises(TypeError):
            ag.tensor([1.0]) * bad

    def test_arrays_of_other_kinds_are_refused(self):
        for array in (np.array([1j]), np.array(["a"]), np.array([None]), np.array(["2020-01-01"], "datetime64[D]")):
            with pytest.raises(TypeError):
                ag.tensor(array)

    def test_lists_of_unequal_length_are_refused(self):
        with pytest.raises(ValueError, match="same length"):
            ag.tensor([[1.0, 2.0], [3.0]])

    def test_lists_of_tensors_are_refused_with_advice(self):
        with pytest.raises(TypeError, match="stack"):
            ag.tensor([ag.tensor(1.0), ag.tensor(2.0)])

    def test_byte_orders(self):
        x = ag.tensor(np.array([1.0, 2.0], ">f8"), requires_grad=True)
        (x * x).sum().backward()
        assert x.grad.tolist() == [2.0, 4.0]
        assert (x * ag.tensor([1.0, 1.0])).dtype == np.float64


class TestOut:
    @pytest.mark.parametrize("make", [lambda x: x, lambda x: x * 2])
    @pytest.mark.parametrize("turn", [np.asarray, np.array, lambda t: t.numpy(), lambda t: np.array([t, t])])
    def test_what_requires_grad_does_not_turn_into_an_array(self, make, turn):
        for x in (ag.tensor([1.0, 2.0], requires_grad=True), ag.tensor(1.0, requires_grad=True)):
            with pytest.raises((RuntimeError, TypeError, ValueError)) as caught:
                turn(make(x))
            assert "detach" in str(caught.value)

    def test_no_object_arrays_of_tensors(self):
        for t in (ag.tensor([1.0, 2.0]), ag.tensor(1.0)):
            for made in (np.asarray(t), np.array([t, t]), np.asarray([[t], [t]])):
                assert made.dtype == np.float32
        with pytest.raises((RuntimeError, TypeError, ValueError)):
            np.asarray([ag.tensor(1.0, requires_grad=True)] * 2)
        with pytest.raises((RuntimeError, TypeError, ValueError)):
            np.array([1, 2], dtype=object) * ag.tensor([1.0, 2.0])

    def test_asarray(self):
        t = ag.tensor([[1.0, 2.0]])
        assert np.asarray(t).dtype == np.float32
        assert np.asarray(t, dtype=np.float64).dtype == np.float64
        assert np.asarray(t, dtype=int).tolist() == [[1, 2]]
        with pytest.raises(ValueError, match="copy"):
            np.array(t, dtype=np.float64, copy=False)

    def test_numbers(self):
        for t in (ag.tensor(2.75), ag.tensor([2.75]), ag.tensor([[2.75]], requires_grad=True)):
            assert (float(t), int(t), t.item(), bool(t), complex(t)) == (2.75, 2, 2.75, True, 2.75 + 0j)
            assert math.sqrt(t) == math.sqrt(2.75)
        assert type(ag.tensor(1.0).item()) is float
        assert type(ag.tensor(1).item()) is int
        assert type(ag.tensor(True).item()) is bool
        assert not ag.tensor(0.0)

    @pytest.mark.parametrize("turn", [float, int, bool, complex, lambda t: t.item()])
    @pytest.mark.parametrize("shape", [(2,), (0,), (1, 2)])
    def test_several_elements_are_no_number(self, turn, shape):
        with pytest.raises((ValueError, TypeError)):
            turn(ag.ones(shape))

    def test_index(self):
        assert [10, 20, 30][ag.tensor(1)] == 20
        assert list(range(ag.tensor([3]))) == [0, 1, 2]
        for bad in (ag.tensor(1.0), ag.tensor([1, 2])):
            with pytest.raises(TypeError):
                operator.index(bad)

    def test_len_and_iter(self):
        t = ag.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        assert len(t) == 2
        first, second = t
        (first.sum() * 10 + second[0]).backward()
        assert t.grad.tolist() == [[10.0, 10.0], [1.0, 0.0]]
        for ask in (len, iter, list):
            with pytest.raises(TypeError, match="0-d"):
                ask(ag.tensor(1.0))

    def test_contains(self):
        assert 2.0 in ag.tensor([1.0, 2.0], requires_grad=True)
        assert 5 not in ag.tensor([1, 2])

    def test_tolist(self):
        assert ag.tensor([[1, 2], [3, 4]]).tolist() == [[1, 2], [3, 4]]
        assert ag.tensor(1.5, requires_grad=True).tolist() == 1.5

    def test_shape_questions(self):
        t = ag.zeros(2, 3, 4)
        assert (t.shape, t.ndim, t.dim(), t.numel(), t.size(), t.size(-1)) == ((2, 3, 4), 3, 3, 24, (2, 3, 4), 4)
        assert (t.nbytes, t.itemsize) == (96, 4)
        assert (ag.tensor(1.0).shape, ag.tensor(1.0).numel()) == ((), 1)

    def test_comparisons_are_elementwise_and_tensors_hashable(self):
        t = ag.tensor([1.0, 2.0], requires_grad=True)
        assert (t == 1.0).tolist() == [True, False]
        assert (t != t.detach()).tolist() == [False, False]
        assert (t < 2).tolist() == [True, False]
        assert not (t > 1).requires_grad
        assert {t: "found"}[t] == "found"
        assert (t == "a") is False
        assert (t != None) is True  # noqa: E711
        assert t is not None

    def test_numbers_on_the_left(self):
        t = ag.tensor([2.0, 4.0])
        assert (8 / t).tolist() == [4.0, 2.0]
        assert (1 - t).tolist() == [-1.0, -3.0]
        assert (2**t).tolist() == [4.0, 16.0]
        assert (7 // t).tolist() == [3.0, 1.0]
        assert (7 % t).tolist() == [1.0, 3.0]
        assert (np.float64(1) - t).tolist() == [-1.0, -3.0]
        assert (np.array([1.0, 2.0]) @ t).item() == 10.0
        assert isinstance(np.array([1.0, 2.0]) * t, ag.Tensor)
        assert isinstance(np.float64(2) * ag.tensor(1.0, requires_grad=True), ag.Tensor)


class TestCopies:
    @pytest.mark.parametrize("again", [copy.deepcopy, copy.copy, lambda t: pickle.loads(pickle.dumps(t))])
    @pytest.mark.parametrize("shape", [(), (2,), (0, 3)])
    @pytest.mark.parametrize("requires_grad", [True, False])
    def test_leaves_can_be_copied(self, again, shape, requires_grad):
        t = ag.tensor(np.full(shape, 1.5), requires_grad=requires_grad)
        if requires_grad:
            t.name = "w"
        twin = again(t)
        assert type(twin) is ag.Tensor
        assert (twin.shape, twin.dtype, twin.requires_grad, twin.name) == (t.shape, t.dtype, requires_grad, t.name)
        np.testing.assert_array_equal(twin.detach().numpy(), t.detach().numpy())
        if requires_grad:
            (twin * 2).sum().backward()
            assert t.grad is None
        with ag.no_grad():
            twin += 1
        np.testing.assert_array_equal(t.detach().numpy(), np.full(shape, 1.5))

    def test_deepcopy_keeps_what_is_the_same_the_same(self):
        t = ag.tensor([1.0], requires_grad=True)
        a, b = copy.deepcopy([t, t])
        assert a is b
        assert a is not t

    @pytest.mark.parametrize("again", [copy.deepcopy, pickle.dumps])
    def test_computed_tensors_can_not_be_copied(self, again):
        with pytest.raises(RuntimeError, match="detach"):
            again(ag.tensor(1.0, requires_grad=True) * 2)

    @pytest.mark.parametrize("shape", [(), (2,)])
    def test_clone_is_part_of_the_graph(self, shape):
        x = ag.tensor(np.ones(shape), requires_grad=True)
        y = x.clone()
        y += 1
        (y * y).sum().backward()
        assert x.grad.sum().item() == 4.0 * np.ones(shape).sum()


class TestText:
    @pytest.mark.parametrize(
        ("t", "text"),
        [
            (lambda: ag.tensor([1.0, 2.5]), "tensor([1. , 2.5])"),
            (lambda: ag.tensor(1.0), "tensor(1.)"),
            (lambda: ag.tensor(3), "tensor(3)"),
            (lambda: ag.tensor([1, 2]), "tensor([1, 2])"),
            (lambda: ag.tensor([True]), "tensor([ True])"),
            (lambda: ag.tensor(1.0, dtype=np.float64), "tensor(1., dtype=float64)"),
            (lambda: ag.tensor([1], dtype=np.int8), "tensor([1], dtype=int8)"),
            (lambda: ag.zeros(0), "tensor([])"),
            (lambda: ag.zeros(2, 0), "tensor([], shape=(2, 0))"),
            (lambda: ag.tensor([1.0], requires_grad=True), "tensor([1.], requires_grad=True)"),
            (lambda: ag.tensor([1.0], requires_grad=True) * 2, "tensor([2.], grad_fn=<multiply>)"),
            (lambda: ag.tensor([np.nan, np.inf]), "tensor([nan, inf])"),
        ],
    )
    def test_repr(self, t, text):
        assert repr(t()) == text
        assert str(t()) == text

    def test_repr_of_rows_lines_up(self):
        assert repr(ag.tensor([[1.0, 2.0], [3.0, 4.0]])) == "tensor([[1., 2.],\n        [3., 4.]])"

    def test_repr_of_much_is_short(self):
        assert len(repr(ag.zeros(1000, 1000))) < 1000

    def test_format(self):
        assert f"{ag.tensor(3.14159):.2f}" == "3.14"
        assert f"{ag.tensor([3.14159], requires_grad=True):8.3f}" == "   3.142"
        assert f"{ag.tensor(2.0)}" == "tensor(2.)"


class TestRandom:
    def test_bernoulli_draws_with_each_probability(self):
        ag.manual_seed(0)
        drawn = ag.bernoulli(ag.tensor([0.0, 0.25, 1.0]).expand(4000, 3).clone()).mean(0).tolist()
        assert drawn[0] == 0
        assert drawn[2] == 1
        assert abs(drawn[1] - 0.25) < 0.03
        with pytest.raises(ValueError, match=r"got 1.5 at \(1,\)"):
            ag.bernoulli(ag.tensor([0.5, 1.5]))
        with pytest.raises(ValueError, match="nan"):
            ag.bernoulli(ag.tensor([np.nan]))

    def test_multinomial_draws_by_weight(self):
        ag.manual_seed(0)
        weights = ag.tensor([[0.0, 1.0, 3.0], [2.0, 0.0, 0.0]])
        drawn = ag.multinomial(weights, 4000, replacement=True).numpy()
        assert drawn.shape == (2, 4000)
        assert set(drawn[0]) == {1, 2}
        assert abs((drawn[0] == 2).mean() - 0.75) < 0.03
        assert set(drawn[1]) == {0}
        assert sorted(ag.multinomial(ag.ones(5), 5).tolist()) == [0, 1, 2, 3, 4]
        for wrong in ([1.0, -1.0], [0.0, 0.0], [np.inf, 1.0]):
            with pytest.raises(ValueError, match="finite weights"):
                ag.multinomial(ag.tensor(wrong), 1)
        with pytest.raises(ValueError, match="replacement=True"):
            ag.multinomial(weights, 2)

    def test_normal_takes_a_mean_and_a_spread_for_each(self):
        ag.manual_seed(0)
        x = ag.normal(ag.tensor([0.0, 100.0]), ag.tensor([1.0, 5.0]), size=(4000, 2))
        np.testing.assert_allclose(x.mean(0).numpy(), [0, 100], atol=0.4)
        np.testing.assert_allclose(x.std(0).numpy(), [1, 5], rtol=0.05)
        with pytest.raises(ValueError, match="not below 0"):
            ag.normal(0.0, -1.0, (2,))

    @pytest.mark.parametrize(
        "draw",
        [
            lambda g: ag.rand(3, generator=g),
            lambda g: ag.randn(3, generator=g),
            lambda g: ag.randint(100, (3,), generator=g),
            lambda g: ag.randperm(9, generator=g),
            lambda g: ag.normal(0.0, 1.0, (3,), generator=g),
            lambda g: ag.bernoulli(ag.full((20,), 0.5), generator=g),
            lambda g: ag.multinomial(ag.ones(9), 3, generator=g),
            lambda g: ag.empty(3).uniform_(generator=g),
            lambda g: ag.empty(3).normal_(generator=g),
            lambda g: ag.empty(20).bernoulli_(generator=g),
        ],
    )
    def test_a_generator_of_its_own(self, draw):
        ag.manual_seed(0)
        first = draw(ag.Generator().manual_seed(5))
        again = ag.Generator()
        again.manual_seed(5)
        state = again.get_state()
        assert draw(again).tolist() == first.tolist()
        again.set_state(state)
        assert draw(again).tolist() == first.tolist() != draw(again).tolist()
        assert draw(np.random.default_rng(5)).tolist() == first.tolist()
        assert ag.randint(0, 10, (3,)).tolist() == [8, 6, 5]  # nobody drew from the common one

    def test_whole_numbers_only(self):
        with pytest.raises(ValueError, match="randperm"):
            ag.randperm(-1)
        with pytest.raises(TypeError):
            ag.randint(0, 2.5, (3,))


def test_new_tensors_of_the_same_dtype():
    x = ag.zeros(2, dtype=np.float64)
    assert x.new_tensor([1, 2]).dtype == np.float64
    assert x.new_zeros(2, 3).shape == (2, 3)
    assert x.new_ones((2,)).tolist() == [1, 1]
    assert x.new_full((1,), 7).tolist() == [7]
    assert x.new_empty(3, dtype=np.float32).dtype == np.float32
    assert (x.cpu() is x, x.element_size(), x.ndimension(), x.is_signed()) == (True, 8, 1, True)
