"""What backward means: sums over paths, accumulation, freeing, hooks, higher orders."""

import numpy as np
import pytest

import autograd_core as ag


def leaf(data, dtype=np.float64):
    return ag.tensor(data, dtype=dtype, requires_grad=True)


class TestPaths:
    def test_diamond(self):
        x = leaf(3.0)
        a = x * x
        (a * 2 + a * a).backward()  # 2x² + x⁴
        assert x.grad.item() == 4 * 3 + 4 * 27

    def test_ladder_of_diamonds(self):
        x = leaf(1.0)
        y = x
        for _ in range(60):
            y = y + y  # 2⁶⁰ paths
        y.backward()
        assert x.grad.item() == 2.0**60

    @pytest.mark.parametrize(
        ("function", "slope"),
        [
            (lambda x: x * x, 6.0),
            (lambda x: x + x, 2.0),
            (lambda x: x - x, 0.0),
            (lambda x: x / x, 0.0),
            (lambda x: x**x, 27 * (np.log(3) + 1)),
            (lambda x: ag.maximum(x, x), 1.0),
            (lambda x: x * x * x, 27.0),
            (lambda x: ag.stack([x, x, x]).sum(), 3.0),
            (lambda x: ag.where(x > 0, x, x), 1.0),
        ],
    )
    def test_repeated_use_of_a_leaf(self, function, slope):
        x = leaf(3.0)
        function(x).backward()
        assert x.grad.item() == pytest.approx(slope, rel=1e-14)

    def test_repeated_use_of_a_matrix(self):
        a = leaf([[1.0, 2.0], [3.0, 4.0]])
        (a @ a).sum().backward()
        ones = np.ones((2, 2))
        np.testing.assert_allclose(a.grad.numpy(), ones @ a.detach().numpy().T + a.detach().numpy().T @ ones)

    def test_what_the_result_does_not_depend_on_gets_nothing(self):
        x, y = leaf(2.0), leaf(3.0)
        unused = x * y  # noqa: F841 - that it exists is the point
        (x * 2).backward()
        assert x.grad.item() == 2.0
        assert y.grad is None

    def test_a_leaf_is_its_own_result(self):
        x = leaf(3.0)
        x.backward()
        assert x.grad.item() == 1.0

    def test_paths_of_different_length_meet(self):
        x = leaf(2.0)
        short = x * 3
        long = x
        for _ in range(50):
            long = long * 1.0
        (short * long).backward()
        assert x.grad.item() == 12.0

    def test_the_lectures_network_by_hand(self):  # C5: three layers, ∂L/∂w of the first one
        rng = np.random.default_rng(0)
        w1, w2, w3, x = (leaf(rng.standard_normal(s)) for s in ((2, 2), (2, 2), (1, 2), (2,)))
        h1 = ag.sigmoid(w1 @ x)
        h2 = ag.sigmoid(w2 @ h1)
        y = (w3 @ h2)[0]
        ((y - 1.0) ** 2 / 2).backward()
        s1, s2 = (h.detach().numpy() * (1 - h.detach().numpy()) for h in (h1, h2))
        d = (y.item() - 1) * (w3.detach().numpy()[0] * s2) @ w2.detach().numpy() * s1
        np.testing.assert_allclose(w1.grad.numpy(), np.outer(d, x.detach().numpy()), rtol=1e-12)


class TestAccumulation:
    def test_gradients_add_up(self):
        x = leaf([1.0, 2.0])
        for count in (1, 2, 3):
            (x * x).sum().backward()
            assert x.grad.tolist() == [2.0 * count, 4.0 * count]

    def test_zeroed_by_none(self):
        x = leaf(2.0)
        (x * x).backward()
        x.grad = None
        assert x.grad is None
        (x * 5).backward()
        assert x.grad.item() == 5.0

    def test_zeroed_in_place(self):
        x = leaf([1.0, 2.0])
        (x * x).sum().backward()
        x.grad.zero_()
        assert x.grad.tolist() == [0.0, 0.0]
        (x * 5).sum().backward()
        assert x.grad.tolist() == [5.0, 5.0]

    def test_a_gradient_set_by_hand_is_added_to(self):
        x = leaf([1.0, 2.0])
        x.grad = ag.tensor([10.0, 20.0])
        (x * 1).sum().backward()
        assert x.grad.tolist() == [11.0, 21.0]
        assert x.grad.dtype == np.float64

    def test_gradients_handed_out_do_not_change_later(self):
        x = leaf([1.0, 2.0])
        (x * x).sum().backward()
        first = x.grad
        (x * x).sum().backward()
        assert first.tolist() == [2.0, 4.0]

    def test_gradients_of_two_leaves_do_not_share_a_fate(self):
        x, y = leaf([1.0, 2.0]), leaf([3.0, 4.0])
        (x + y).sum().backward()
        x.grad.zero_()
        assert y.grad.tolist() == [1.0, 1.0]
        x.grad += 5
        assert y.grad.tolist() == [1.0, 1.0]

    @pytest.mark.parametrize("bad", [1.0, [1.0, 2.0], np.ones(2)])
    def test_only_tensors_can_be_set(self, bad):
        with pytest.raises(TypeError):
            leaf([1.0, 2.0]).grad = bad

    def test_only_gradients_of_the_same_shape_can_be_set(self):
        with pytest.raises(ValueError, match="shape"):
            leaf([1.0, 2.0]).grad = ag.ones(3)


class TestTwice:
    def test_backward_twice_is_an_error_with_advice(self):
        x = leaf(2.0)
        y = x * x
        y.backward()
        with pytest.raises(RuntimeError, match="retain_graph=True"):
            y.backward()
        assert x.grad.item() == 4.0  # the failed pass left nothing behind

    def test_backward_through_a_part_that_was_freed(self):
        x = leaf(2.0)
        shared = x * x
        (shared * 3).backward()
        with pytest.raises(RuntimeError, match="freed"):
            (shared * 5).backward()
        assert x.grad.item() == 12.0

    def test_retain_graph(self):
        x = leaf(2.0)
        y = ag.exp(x * x)
        y.backward(retain_graph=True)
        y.backward()
        assert x.grad.item() == pytest.approx(2 * 4 * np.exp(4.0))
        with pytest.raises(RuntimeError):
            y.backward()

    def test_leaves_can_be_passed_through_any_number_of_times(self):
        x = leaf(2.0)
        for _ in range(3):
            x.backward()
        assert x.grad.item() == 3.0

    def test_a_new_forward_pass_needs_no_retaining(self):
        x = leaf(2.0)
        for _ in range(3):
            (x * x).backward()
        assert x.grad.item() == 12.0


class TestSeeds:
    def test_a_result_of_many_elements_needs_a_gradient(self):
        x = leaf([1.0, 2.0])
        with pytest.raises(RuntimeError, match=r"sum\(\)\.backward"):
            (x * x).backward()

    @pytest.mark.parametrize("shape", [(1,), (1, 1), ()])
    def test_one_element_is_enough(self, shape):
        x = leaf(np.full(shape, 3.0))
        (x * x).backward()
        assert x.grad.shape == shape
        assert x.grad.item() == 6.0

    @pytest.mark.parametrize("form", [ag.tensor, np.array, list, lambda g: ag.tensor(g, dtype=np.float64)])
    def test_gradients_in_every_form(self, form):
        x = leaf([1.0, 2.0])
        (x * x).backward(form([1.0, 10.0]))
        assert x.grad.tolist() == [2.0, 40.0]
        assert x.grad.dtype == np.float64

    def test_gradients_of_numbers(self):
        x = leaf(3.0)
        (x * x).backward(2)
        assert x.grad.item() == 12.0

    @pytest.mark.parametrize("shape", [(2, 1), (1,), (3,), (), (1, 2)])
    def test_gradients_of_another_shape(self, shape):
        x = leaf([1.0, 2.0])
        with pytest.raises(ValueError, match="shape"):
            (x * x).backward(ag.ones(shape))
        assert x.grad is None

    def test_the_gradient_given_is_not_kept_nor_changed(self):
        g = np.array([1.0, 2.0])
        x = leaf([1.0, 2.0])
        y = x + 0
        y.backward(g, retain_graph=True)
        g[:] = 100
        assert x.grad.tolist() == [1.0, 2.0]
        given = ag.tensor([1.0, 2.0], dtype=np.float64)
        x.grad = None
        y.backward(given, retain_graph=True)
        x.grad.zero_()
        assert given.tolist() == [1.0, 2.0]

    def test_nothing_requires_grad(self):
        for t in (ag.tensor(1.0), leaf(1.0).detach() * 2):
            with pytest.raises(RuntimeError, match="does not require grad"):
                t.backward()

    def test_under_no_grad(self):
        x = leaf(2.0)
        y = x * x
        with ag.no_grad():
            y.backward()
        assert x.grad.item() == 4.0
        assert not x.grad.requires_grad

    def test_backward_returns_nothing_and_keeps_the_mode(self):
        assert leaf(1.0).backward() is None
        assert ag.is_grad_enabled()


class TestInputs:
    def test_only_these_get_a_gradient(self):
        x, y, z = leaf(2.0), leaf(3.0), leaf(4.0)
        (x * y * z).backward(inputs=[x, z])
        assert (x.grad.item(), y.grad, z.grad.item()) == (12.0, None, 6.0)

    def test_computed_inputs(self):
        x = leaf(2.0)
        y = x * x
        (y * y).backward(inputs=[y])
        assert (y.grad.item(), x.grad) == (8.0, None)

    def test_they_accumulate(self):
        x = leaf(2.0)
        for _ in range(2):
            (x * x).backward(inputs=[x])
        assert x.grad.item() == 8.0

    def test_inputs_that_do_not_require_grad(self):
        with pytest.raises(RuntimeError, match="requires grad"):
            leaf(1.0).backward(inputs=[ag.tensor(1.0)])

    def test_no_inputs(self):
        with pytest.raises(RuntimeError, match="at least one"):
            leaf(1.0).backward(inputs=[])


class TestHigherOrders:
    def test_create_graph_makes_gradients_differentiable(self):
        x = leaf(2.0)
        (x**4).backward(create_graph=True)
        first = x.grad
        assert first.requires_grad
        x.grad = None
        first.backward(create_graph=True)
        second = x.grad
        x.grad = None
        second.backward()
        assert (first.item(), second.item(), x.grad.item()) == (32.0, 48.0, 48.0)
        assert not x.grad.requires_grad
        x.grad = None

    def test_gradients_without_create_graph_are_constants(self):
        x = leaf(2.0)
        (x**4).backward()
        assert not x.grad.requires_grad

    @pytest.mark.parametrize("order", range(1, 8))
    def test_any_order(self, order):
        y = x = leaf(0.7)
        y = ag.sin(y) * ag.exp(y)
        for _ in range(order):
            (y,) = ag.grad(y, x, create_graph=True)
        # dⁿ/dxⁿ eˣ sin x = 2^(n/2) eˣ sin(x + nπ/4)
        assert y.item() == pytest.approx(2 ** (order / 2) * np.exp(0.7) * np.sin(0.7 + order * np.pi / 4), rel=1e-12)

    def test_gradient_penalty(self):
        w, x = leaf([1.0, -2.0]), leaf([0.5, 0.25])
        (g,) = ag.grad(ag.tanh((w * x).sum()), x, create_graph=True)
        (g * g).sum().backward()

        def penalty(values):
            z = values @ np.array([0.5, 0.25])
            return np.sum(((1 - np.tanh(z) ** 2) * values) ** 2)

        base, h = np.array([1.0, -2.0]), 1e-6
        for i in range(2):
            step = np.eye(2)[i] * h
            assert w.grad.numpy()[i] == pytest.approx((penalty(base + step) - penalty(base - step)) / (2 * h), rel=1e-8)

    def test_double_backward_goes_to_the_incoming_gradient_too(self):
        x, g = leaf([1.0, 2.0]), leaf([1.0, 1.0])
        (gx,) = ag.grad(x * x * x, x, g, create_graph=True)
        gx.sum().backward()
        assert g.grad.tolist() == [3.0, 12.0]
        assert x.grad.tolist() == [6.0, 12.0]

    def test_higher_orders_through_every_kind_of_operation(self):
        x = np.array([[0.5, 1.5], [2.5, 0.25]])

        def f(x):
            y = ag.concatenate([x @ x.T, x * x])[1:, [0, 1, 1]]
            return ag.logsumexp(y / y.sum(axis=0, keepdims=True)) * ag.prod(x)

        hessian = ag.hessian(f)(x).numpy().reshape(4, 4)
        np.testing.assert_allclose(hessian, hessian.T, rtol=1e-9, atol=1e-12)
        assert np.abs(hessian).max() > 0.1


class TestRetainGradAndDetach:
    def test_computed_tensors_keep_no_gradient_unless_asked(self):
        x = leaf(2.0)
        y = x * x
        (y * 3).backward()
        assert y.grad is None

    def test_retain_grad(self):
        x = leaf(2.0)
        y = x * x
        z = y * 3
        y.retain_grad()
        z.retain_grad()
        (z * z).backward()
        assert y.retains_grad
        assert (z.grad.item(), y.grad.item(), x.grad.item()) == (24.0, 72.0, 288.0)

    def test_retained_gradients_accumulate_and_can_be_zeroed(self):
        x = leaf(2.0)
        y = x * x
        y.retain_grad()
        for expected in (3.0, 6.0):
            (y * 3).backward(retain_graph=True)
            assert y.grad.item() == expected
        y.grad = None
        assert y.grad is None

    def test_retain_grad_on_a_leaf_changes_nothing(self):
        x = leaf(2.0)
        x.retain_grad()
        (x * x).backward()
        assert x.grad.item() == 4.0
        assert not x.retains_grad

    def test_retain_grad_needs_grad(self):
        with pytest.raises(RuntimeError, match="requires grad"):
            ag.tensor(1.0).retain_grad()

    def test_detach_cuts(self):
        x = leaf(2.0)
        y = x * x
        d = y.detach()
        (d * x).backward()
        assert x.grad.item() == 4.0
        assert d.is_leaf
        assert not d.requires_grad
        assert y.requires_grad

    def test_is_leaf_and_grad_fn(self):
        x, c = leaf(2.0), ag.tensor(1.0)
        y = x * c
        assert (x.is_leaf, c.is_leaf, y.is_leaf, (c * c).is_leaf) == (True, True, False, True)
        assert (x.grad_fn, c.grad_fn) == (None, None)
        assert y.grad_fn.name == "multiply"
        assert [node.name for node, _ in y.grad_fn.next_functions if node is not None] == ["leaf"]

    def test_only_leaves_can_stop_requiring_grad(self):
        with pytest.raises(RuntimeError, match="detach"):
            (leaf(2.0) * 2).requires_grad_(False)


class TestHooks:
    def test_a_hook_sees_and_replaces_the_gradient(self):
        x = leaf([1.0, 2.0])
        seen = []
        x.register_hook(lambda g: seen.append(g.tolist()))
        x.register_hook(lambda g: g * 10)
        (x * x).sum().backward()
        assert seen == [[2.0, 4.0]]
        assert x.grad.tolist() == [20.0, 40.0]

    def test_hooks_run_in_order(self):
        x = leaf(1.0)
        x.register_hook(lambda g: g + 1)
        x.register_hook(lambda g: g * 10)
        x.backward()
        assert x.grad.item() == 20.0

    def test_a_hook_on_a_computed_tensor_changes_what_flows_on(self):
        x = leaf(3.0)
        y = x * x
        y.register_hook(lambda g: g * 0.5)
        y.retain_grad()
        (y * 4).backward()
        assert (y.grad.item(), x.grad.item()) == (2.0, 12.0)

    def test_a_hook_sees_the_sum_over_all_uses_once(self):
        x = leaf(3.0)
        y = x * 1
        seen = []
        y.register_hook(lambda g: seen.append(g.item()))
        (y * 2 + y * 5 + y).backward()
        assert seen == [8.0]

    def test_a_removed_hook_does_not_run(self):
        x = leaf(1.0)
        handle = x.register_hook(lambda g: g * 10)
        other = x.register_hook(lambda g: g * 3)
        handle.remove()
        handle.remove()
        x.backward()
        assert x.grad.item() == 3.0
        other.remove()

    def test_a_hook_gets_the_tensors_dtype(self):
        x = leaf([1.0], np.float32)
        seen = []
        x.register_hook(lambda g: seen.append(g.dtype))
        (x * leaf([2.0])).sum().backward()
        assert seen == [np.float32]

    @pytest.mark.parametrize("bad", [lambda g: 3.0, lambda g: ag.ones(5), lambda g: np.ones(2)])
    def test_what_a_hook_may_return(self, bad):
        x = leaf([1.0, 2.0])
        x.register_hook(bad)
        with pytest.raises(TypeError, match="hook returns"):
            (x * x).sum().backward()

    def test_hooks_need_grad(self):
        with pytest.raises(RuntimeError, match="requires grad"):
            ag.tensor(1.0).register_hook(lambda g: g)

    def test_hooks_are_differentiated_with_create_graph(self):
        x = leaf(2.0)
        y = x * x
        handle = y.register_hook(lambda g: g * g)
        (g,) = ag.grad(y * y, x, create_graph=True)  # (2y)²·2x = 8x⁵
        handle.remove()
        (gg,) = ag.grad(g, x)
        assert (g.item(), gg.item()) == (8 * 32.0, 40 * 16.0)
