"""Update rules against their formulas, groups, state, and what is refused."""

import copy
import math

import numpy as np
import pytest

import autograd_core as ag
import optim

KINDS = {
    "SGD": lambda p, **k: optim.SGD(p, lr=0.1, momentum=0.9, **k),
    "Adam": lambda p, **k: optim.Adam(p, lr=0.1, amsgrad=True, **k),
    "AdamW": lambda p, **k: optim.AdamW(p, lr=0.1, **k),
    "Adagrad": lambda p, **k: optim.Adagrad(p, lr=0.5, **k),
    "Adadelta": lambda p, **k: optim.Adadelta(p, lr=0.3, eps=1e-3, **k),
    "RMSprop": lambda p, **k: optim.RMSprop(p, lr=0.01, momentum=0.5, centered=True, eps=1e-2, **k),
    "Adamax": lambda p, **k: optim.Adamax(p, lr=0.1, **k),
    "NAdam": lambda p, **k: optim.NAdam(p, lr=0.1, **k),
    "RAdam": lambda p, **k: optim.RAdam(p, lr=0.1, **k),
    "Rprop": optim.Rprop,
    "ASGD": lambda p, **k: optim.ASGD(p, lr=0.1, t0=2, **k),
}


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def leaf(*values):
    return ag.tensor(np.array(values, np.float64), requires_grad=True)


def descend(optimizer, parameters, steps):
    """Minimise Σ k·wₖ² over all parameters."""
    for _ in range(steps):
        optimizer.zero_grad()
        sum((i * (w * w).sum() for i, w in enumerate(parameters, start=1)), ag.tensor(0.0)).backward()
        optimizer.step()


def test_sgd_step_by_step():
    """v ← μv + (1 − τ)(g + λw), at first g + λw; w ← w − ηv."""
    w, lr, mu, tau, decay = leaf(1.0, -2.0), 0.1, 0.9, 0.5, 0.01
    optimizer = optim.SGD([w], lr, mu, tau, decay)
    expected, v = np.array([1.0, -2.0]), None
    for _ in range(4):
        g = 2 * expected + decay * expected
        v = g if v is None else mu * v + (1 - tau) * g
        expected = expected - lr * v
        descend(optimizer, [w], 1)
        np.testing.assert_allclose(w.detach().numpy(), expected, rtol=1e-12)


def test_nesterov_step_by_step():
    w = leaf(1.0)
    optimizer = optim.SGD([w], 0.1, 0.9, nesterov=True)
    expected, v = 1.0, None
    for _ in range(4):
        g = 2 * expected
        v = g if v is None else 0.9 * v + g
        expected -= 0.1 * (g + 0.9 * v)
        descend(optimizer, [w], 1)
        assert w.item() == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("decoupled", [False, True])
@pytest.mark.parametrize("amsgrad", [False, True])
def test_adam_step_by_step(decoupled, amsgrad):
    """The published algorithm, with m and v corrected by 1 − βᵗ."""
    w, lr, b1, b2, eps, decay = leaf(1.0, -2.0), 0.1, 0.8, 0.9, 1e-3, 0.1
    optimizer = (optim.AdamW if decoupled else optim.Adam)([w], lr, (b1, b2), eps, decay, amsgrad)
    expected, m, v, top = np.array([1.0, -2.0]), 0.0, 0.0, 0.0
    for t in range(1, 8):
        g = 2 * expected + (0 if decoupled else decay * expected)
        if decoupled:
            expected = expected - lr * decay * expected
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        top = np.maximum(top, v) if amsgrad else v
        expected = expected - lr * (m / (1 - b1**t)) / (np.sqrt(top / (1 - b2**t)) + eps)
        descend(optimizer, [w], 1)
        np.testing.assert_allclose(w.detach().numpy(), expected, rtol=1e-12)


def test_maximize_goes_up(kind):
    a, b = leaf(1.0), leaf(1.0)
    up, down = kind([a], maximize=True), kind([b])
    for _ in range(3):
        a.grad, b.grad = ag.tensor([-0.5]), ag.tensor([0.5])
        up.step()
        down.step()
    assert a.tolist() == b.tolist() != [1.0]


def test_everything_is_minimised(kind):
    parameters = [leaf(1.0, -2.0), leaf([[3.0]]), ag.tensor(2.0, requires_grad=True), ag.zeros(0, requires_grad=True)]
    descend(kind(parameters), parameters, 400)
    for w in parameters:
        np.testing.assert_allclose(w.detach().numpy(), 0, atol=1e-2)


def test_the_zero_dimensional_is_as_the_rest(kind):
    a, b = ag.tensor(np.float64(2.0), requires_grad=True), leaf(2.0)
    for w in (a, b):
        descend(kind([w]), [w], 5)
    assert a.item() == pytest.approx(b.item(), rel=1e-15)
    assert a.shape == ()


def test_dtypes_stay(kind):
    for dtype in (np.float16, np.float32, np.float64):
        w = ag.tensor(np.ones(3, dtype), requires_grad=True)
        optimizer = kind([w])
        optimizer.param_groups[0]["lr"] = np.float64(0.1)
        descend(optimizer, [w], 2)
        assert w.dtype == dtype


def test_a_recorded_graph_keeps_its_values(kind):
    w = leaf(1.0, 2.0)
    optimizer = kind([w])
    descend(optimizer, [w], 1)
    optimizer.zero_grad()
    y = (w * w).sum()
    expected = (2 * w.detach()).tolist()
    w.grad = ag.ones(2, dtype="float64")
    given, before = w.grad, w.detach()
    held = before.tolist()
    optimizer.step()
    assert before.tolist() == held
    assert given.tolist() == [1, 1]
    assert ag.grad(y, [w])[0].tolist() == expected


def test_a_gradient_with_a_graph_is_used_too(kind):
    w = leaf(1.0, 2.0)
    (w * w).sum().backward(create_graph=True)
    before = w.grad.tolist()
    kind([w]).step()
    assert w.grad.tolist() == before
    assert w.is_leaf


def test_parameters_without_a_gradient_stay(kind):
    a, b = leaf(1.0), leaf(1.0)
    optimizer = kind([a, b])
    a.grad = ag.tensor([1.0])
    optimizer.step()
    assert a.tolist() != [1.0]
    assert b.tolist() == [1.0]


def test_zero_grad():
    w = leaf(1.0)
    optimizer = optim.SGD([w])
    optimizer.zero_grad(set_to_none=False)
    assert w.grad is None
    w.grad = ag.tensor([3.0])
    optimizer.zero_grad(set_to_none=False)
    assert w.grad.tolist() == [0]
    optimizer.zero_grad()
    assert w.grad is None


def test_a_closure_runs_with_recording_on(kind):
    w = leaf(1.0)
    optimizer = kind([w])

    def closure():
        optimizer.zero_grad()
        loss = (w * w).sum()
        loss.backward()
        return loss

    with ag.no_grad():
        assert optimizer.step(closure).item() == 1
    assert w.item() < 1
    assert optimizer.step() is None


def test_groups_have_settings_of_their_own():
    a, b, c = leaf(1.0), leaf(1.0), leaf(1.0)
    optimizer = optim.SGD([{"params": [a]}, {"params": b, "lr": 0.5}], lr=0.1)
    optimizer.add_param_group({"params": [c], "momentum": 0.5})
    for w in (a, b, c):
        w.grad = ag.tensor([1.0])
    optimizer.step()
    assert [w.item() for w in (a, b, c)] == pytest.approx([0.9, 0.5, 0.9])
    optimizer.param_groups[0]["lr"] = 0.0
    optimizer.step()
    assert [w.item() for w in (a, b, c)] == pytest.approx([0.9, 0.0, 0.9 - 0.1 * 1.5])


def test_settings_are_shown():
    shown = repr(optim.SGD([{"params": [leaf(1.0)]}, {"params": [leaf(2.0)], "lr": 0.5}], lr=0.1))
    assert shown.startswith(
        "SGD (\nParameter Group 0\n    dampening: 0\n    differentiable: False\n    foreach: None\n"
    )
    assert "    weight_decay: 0\n\nParameter Group 1\n" in shown
    assert "    lr: 0.5\n" in shown
    assert shown.endswith(")")


# Saving


def test_training_goes_on_where_it_was_saved(kind):
    a = leaf(1.0, 2.0)
    first = kind([a])
    descend(first, [a], 3)
    b = ag.tensor(a.detach(), requires_grad=True)
    saved = copy.deepcopy(first.state_dict())
    second = kind([b])
    second.load_state_dict(saved)
    descend(first, [a], 3)
    descend(second, [b], 3)
    assert a.tolist() == b.tolist()
    assert saved["state"][0].keys() == first.state_dict()["state"][0].keys()


def test_a_saved_state_is_a_snapshot(kind):
    w = leaf(1.0, 2.0)
    optimizer = kind([w])
    descend(optimizer, [w], 1)
    saved = optimizer.state_dict()
    before = {name: value.tolist() for name, value in saved["state"][0].items()}
    descend(optimizer, [w], 1)
    assert {name: value.tolist() for name, value in saved["state"][0].items()} == before
    other = kind([leaf(1.0, 2.0)])
    other.load_state_dict(saved)
    descend(other, other.param_groups[0]["params"], 1)
    assert {name: value.tolist() for name, value in saved["state"][0].items()} == before


def test_layout_of_a_saved_state():
    a, b, c = leaf(1.0), leaf(1.0), leaf(1.0)
    optimizer = optim.SGD([{"params": [a, b]}, {"params": [c], "lr": 0.5}], lr=0.1, momentum=0.9)
    b.grad = ag.tensor([1.0])
    optimizer.step()
    saved = optimizer.state_dict()
    assert [group["params"] for group in saved["param_groups"]] == [[0, 1], [2]]
    assert [group["lr"] for group in saved["param_groups"]] == [0.1, 0.5]
    assert list(saved["state"]) == [1]
    assert saved["state"][1]["momentum_buffer"].tolist() == [1]
    assert optim.SGD([leaf(1.0)], lr=0.1).state_dict()["state"] == {}


def test_a_state_that_does_not_fit_changes_nothing():
    a = leaf(1.0, 2.0)
    optimizer = KINDS["Adam"]([a])
    descend(optimizer, [a], 2)
    before = optimizer.state_dict()
    wrong = {
        "different number of parameter groups": {**before, "param_groups": []},
        "doesn't match the size": {**before, "param_groups": [{**before["param_groups"][0], "params": [0, 1]}]},
        "in no group": {**before, "state": {7: before["state"][0]}},
        "has shape": {**before, "state": {0: {**before["state"][0], "exp_avg": ag.zeros(3)}}},
        "Invalid learning rate": {**before, "param_groups": [{**before["param_groups"][0], "lr": -1.0}]},
        "with 'state' and 'param_groups'": {"state": {}},
    }
    for what, state in wrong.items():
        with pytest.raises(ValueError, match=what):
            optimizer.load_state_dict(state)
        assert repr(optimizer.state_dict()) == repr(before)


# Refusals


@pytest.mark.parametrize(
    ("params", "error", "what"),
    [
        ([], ValueError, "empty parameter list"),
        (leaf(1.0), TypeError, "should be an iterable of Tensors or dicts"),
        ([1.0], TypeError, "only optimize Tensors, but one of the params is float"),
        ([leaf(1.0) * 2], ValueError, "can't optimize a non-leaf Tensor"),
        ([{"lr": 0.1}], TypeError, "with 'params'"),
        ([{"params": {leaf(1.0)}}], TypeError, "ordered collections"),
        ([("name", leaf(1.0)), leaf(1.0)], ValueError, "Some param names are missing"),
    ],
)
def test_parameters_are_checked(params, error, what, kind):
    with pytest.raises(error, match=what):
        kind(params)


def test_a_parameter_is_trained_once(kind):
    w = leaf(1.0)
    with pytest.raises(ValueError, match="more than one parameter group"):
        kind([{"params": [w]}, {"params": [w]}])
    with pytest.warns(UserWarning, match="duplicate"):
        kind([w, w])


@pytest.mark.parametrize(
    ("make", "settings", "what"),
    [
        (optim.SGD, {"lr": -0.1}, "Invalid learning rate: -0.1"),
        (optim.SGD, {"lr": math.nan}, "Invalid learning rate: nan"),
        (optim.SGD, {"momentum": -1.0}, "Invalid momentum value: -1.0"),
        (optim.SGD, {"weight_decay": -1.0}, "Invalid weight_decay value: -1.0"),
        (optim.SGD, {"nesterov": True}, "Nesterov momentum requires a momentum and zero dampening"),
        (optim.SGD, {"nesterov": True, "momentum": 0.9, "dampening": 0.1}, "Nesterov momentum requires"),
        (optim.Adam, {"lr": -0.1}, "Invalid learning rate: -0.1"),
        (optim.Adam, {"betas": (1.0, 0.999)}, "Invalid beta parameter at index 0: 1.0"),
        (optim.Adam, {"betas": (0.9, -0.1)}, "Invalid beta parameter at index 1: -0.1"),
        (optim.Adam, {"eps": -1.0}, "Invalid epsilon value: -1.0"),
        (optim.AdamW, {"weight_decay": -1.0}, "Invalid weight_decay value: -1.0"),
        (optim.Adagrad, {"lr_decay": -1.0}, "Invalid lr_decay value: -1.0"),
        (optim.Adagrad, {"initial_accumulator_value": -1.0}, "Invalid initial_accumulator_value value: -1.0"),
        (optim.Adadelta, {"rho": 1.5}, "Invalid rho value: 1.5"),
        (optim.RMSprop, {"alpha": -1.0}, "Invalid alpha value: -1.0"),
        (optim.Adamax, {"betas": (0.9, 1.0)}, "Invalid beta parameter at index 1: 1.0"),
        (optim.NAdam, {"momentum_decay": -1.0}, "Invalid momentum_decay value: -1.0"),
        (optim.RAdam, {"eps": -1.0}, "Invalid epsilon value: -1.0"),
        (optim.Rprop, {"etas": (1.5, 2.0)}, "Invalid eta values: 1.5, 2.0"),
        (optim.ASGD, {"weight_decay": -1.0}, "Invalid weight_decay value: -1.0"),
    ],
)
def test_settings_are_checked(make, settings, what):
    with pytest.raises(ValueError, match=what):
        make([leaf(1.0)], **settings)
    good = make([leaf(1.0)])
    with pytest.raises(ValueError, match=what):
        good.add_param_group({"params": [leaf(2.0)], **settings})
    assert len(good.param_groups) == 1


def test_names_of_parameters_are_kept():
    a, b = leaf(1.0), leaf(2.0)
    optimizer = optim.SGD([("a", a), ("b", b)], lr=0.1)
    assert optimizer.param_groups[0]["params"] == [a, b]
    assert optimizer.state_dict()["param_groups"][0]["param_names"] == ["a", "b"]


def test_a_differentiable_step_is_refused(kind):
    with pytest.raises(NotImplementedError, match="steps are not recorded"):
        kind([leaf(1.0)], differentiable=True)


def test_a_rule_of_ones_own():
    class Sign(optim.Optimizer):
        def __init__(self, params, lr):
            super().__init__(params, {"lr": lr, "maximize": False})

        def update(self, w, g, state, group):
            return w - group["lr"] * np.sign(g)

    w = leaf(1.0, -1.0)
    descend(Sign([w], 0.25), [w], 1)
    assert w.tolist() == [0.75, -0.75]
    with pytest.raises(NotImplementedError):
        descend(optim.Optimizer([w], {"maximize": False}), [w], 1)


# Hooks


def test_hooks_of_steps():
    w = leaf(1.0)
    w.grad = ag.tensor([1.0])
    optimizer = optim.SGD([w], lr=0.1)
    seen = []
    first = optimizer.register_step_pre_hook(lambda *args: seen.append(("before", w.item(), args)))
    optimizer.register_step_post_hook(lambda *args: seen.append(("after", round(w.item(), 6), args)))
    optimizer.step()
    first.remove()
    optimizer.step(closure=lambda: 5.0)
    args = (optimizer, (optimizer,), {})
    assert seen[:2] == [("before", 1.0, args), ("after", 0.9, args)]
    assert [(event, value) for event, value, _ in seen[2:]] == [("after", 0.8)]
    optimizer.register_step_pre_hook(lambda optimizer, args, kwargs: (args, {"closure": lambda: 7.0}))
    assert optimizer.step() == 7.0
    optimizer.register_step_pre_hook(lambda optimizer, args, kwargs: 3)
    with pytest.raises(RuntimeError, match="pre-hook must return"):
        optimizer.step()


class Signs(optim.SGD):
    """Steps of its own, around those of its base, and what PyTorch's optimisers may keep."""

    def step(self, closure=None):
        for w in self.param_groups[0]["params"]:
            w.grad = ag.sign(w.grad)
            self.state[w].setdefault("seen", []).append("a step")
        return super().step(closure)


def test_a_step_that_calls_the_one_of_its_base_has_its_hooks_once():
    w = leaf(1.0)
    w.grad = ag.tensor([-5.0])
    optimizer = Signs([w], lr=0.5)
    seen = []
    optimizer.register_step_pre_hook(lambda *_: seen.append("before"))
    optimizer.register_step_post_hook(lambda *_: seen.append("after"))
    optimizer.step()
    assert seen == ["before", "after"]
    assert w.item() == 1.5
    other = Signs([leaf(1.0)], lr=0.5)
    other.load_state_dict(optimizer.state_dict())
    assert next(iter(other.state.values())) == {"seen": ["a step"]}


def test_hooks_of_states():
    optimizer = optim.SGD([leaf(1.0)], lr=0.1)
    seen = []
    optimizer.register_state_dict_pre_hook(lambda o: seen.append("before saving"))
    optimizer.register_state_dict_post_hook(lambda o, state: {**state, "more": 1})
    optimizer.register_state_dict_post_hook(lambda o, state: seen.append(sorted(state)), prepend=True)
    optimizer.register_load_state_dict_pre_hook(
        lambda o, state: {**state, "param_groups": [{"params": [0], "lr": 5.0}]}
    )
    optimizer.register_load_state_dict_post_hook(lambda o: seen.append(o.param_groups[0]["lr"]))
    state = optimizer.state_dict()
    assert state["more"] == 1
    optimizer.load_state_dict(state)
    assert seen == ["before saving", ["param_groups", "state"], 5.0]
    assert copy.deepcopy(optimizer).state_dict().keys() == {"state", "param_groups"}  # hooks are not copied


def test_groups_that_are_loaded_have_what_was_saved():
    optimizer = optim.SGD([leaf(1.0)], lr=0.1)
    state = optimizer.state_dict()
    optim.lr_scheduler.StepLR(optimizer, 2)
    optimizer.load_state_dict(state)
    assert "initial_lr" not in optimizer.param_groups[0]


def test_a_schedule_warns_of_any_optimizer_that_took_no_step():
    class Own(optim.Optimizer):
        def __init__(self, params):
            super().__init__(params, {"lr": 1.0})

        def step(self):
            pass

    optimizer = Own([leaf(1.0)])
    schedule = optim.lr_scheduler.StepLR(optimizer, 2)
    with pytest.warns(UserWarning, match="before `optimizer.step"):
        schedule.step()
    optimizer = Own([leaf(1.0)])
    schedule = optim.lr_scheduler.StepLR(optimizer, 2)
    optimizer.step()
    schedule.step()
