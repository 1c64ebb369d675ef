"""Schedules against their formulas, how they stack, go on and complain."""

import math
from itertools import pairwise

import pytest

import autograd_core as ag
import optim
from optim import lr_scheduler as schedules


def optimizer(lr=0.5, kind=optim.SGD, **settings):
    return kind([ag.tensor([1.0], requires_grad=True)], lr=lr, **settings)


def run(made, steps):
    """The rates at steps 0, 1, …"""
    scheduler, found = made, []
    for _ in range(steps):
        found.append(scheduler.optimizer.param_groups[0]["lr"])
        assert scheduler.get_last_lr() == [found[-1]]
        scheduler.optimizer.step()
        scheduler.step()
    return found


FORMULAS = {
    "StepLR": (lambda o: schedules.StepLR(o, 7, 0.3), lambda t: 0.3 ** (t // 7)),
    "MultiStepLR": (lambda o: schedules.MultiStepLR(o, [3, 3, 20], 0.3), lambda t: 0.3 ** (2 * (t >= 3) + (t >= 20))),
    "ConstantLR": (lambda o: schedules.ConstantLR(o, 0.3, 12), lambda t: 0.3 if t < 12 else 1),
    "LinearLR": (lambda o: schedules.LinearLR(o, 0.2, 0.8, 12), lambda t: 0.2 + 0.6 * min(t, 12) / 12),
    "ExponentialLR": (lambda o: schedules.ExponentialLR(o, 0.9), lambda t: 0.9**t),
    "PolynomialLR": (lambda o: schedules.PolynomialLR(o, 30, 2.0), lambda t: (1 - min(t, 30) / 30) ** 2),
    "InverseSqrtLR": (schedules.InverseSqrtLR, lambda t: 1 / math.sqrt(t + 1)),
    "LambdaLR": (lambda o: schedules.LambdaLR(o, lambda t: 1 / (1 + t)), lambda t: 1 / (1 + t)),
    "MultiplicativeLR": (lambda o: schedules.MultiplicativeLR(o, lambda t: 0.9), lambda t: 0.9**t),
    "CosineAnnealingLR": (
        lambda o: schedules.CosineAnnealingLR(o, 12, 0.1),
        lambda t: 0.2 + 0.8 * (1 + math.cos(math.pi * t / 12)) / 2,
    ),
    "CosineAnnealingWarmRestarts": (
        lambda o: schedules.CosineAnnealingWarmRestarts(o, 10),
        lambda t: (1 + math.cos(math.pi * (t % 10) / 10)) / 2,
    ),
    "CyclicLR": (
        lambda o: schedules.CyclicLR(o, 0.1, 0.5, 4, cycle_momentum=False),
        lambda t: 0.2 + 0.8 * (1 - abs(t % 8 - 4) / 4),
    ),
    "SequentialLR": (
        lambda o: schedules.SequentialLR(
            o, [schedules.LinearLR(o, 0.1, total_iters=5), schedules.ExponentialLR(o, 0.9)], [5]
        ),
        lambda t: 0.1 + 0.9 * t / 5 if t < 5 else 0.9 ** (t - 5),
    ),
    "ChainedScheduler": (
        lambda o: schedules.ChainedScheduler([schedules.ConstantLR(o, 0.1, 9), schedules.ExponentialLR(o, 0.9)]),
        lambda t: (0.1 if t < 9 else 1) * 0.9**t,
    ),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_the_rates_are_those_of_the_formula(name):
    make, formula = FORMULAS[name]
    assert run(make(optimizer()), 50) == pytest.approx([0.5 * formula(t) for t in range(50)], rel=1e-9, abs=1e-12)


def test_one_cycle():
    sgd = optimizer(momentum=0.9)
    scheduler = schedules.OneCycleLR(sgd, 1.0, epochs=4, steps_per_epoch=25)
    rates, momenta = [], []
    for _ in range(100):
        rates.append(scheduler.get_last_lr()[0])
        momenta.append(sgd.param_groups[0]["momentum"])
        sgd.step()
        scheduler.step()
    assert rates[0] == pytest.approx(1 / 25)
    assert max(rates) == rates[29] == pytest.approx(1)
    assert rates[99] == pytest.approx(1 / 25 / 1e4)
    assert all(a < b for a, b in pairwise(rates[:30]))
    assert all(a > b for a, b in pairwise(rates[29:]))
    assert momenta[0] == momenta[99] == pytest.approx(0.95)
    assert min(momenta) == momenta[29] == pytest.approx(0.85)
    sgd.step()
    with pytest.raises(ValueError, match=r"Tried to step 101 times\. The specified number of total steps is 100"):
        scheduler.step()


def test_a_first_phase_of_no_length():
    scheduler = schedules.OneCycleLR(optimizer(), 1.0, 10, pct_start=0.1, cycle_momentum=False)
    assert scheduler.get_last_lr() == [1.0]


def test_cycles_move_the_first_beta_of_adam():
    adam = optimizer(kind=optim.Adam)
    scheduler = schedules.CyclicLR(adam, 0.1, 0.5, 2, base_momentum=0.5, max_momentum=0.9)
    found = []
    for _ in range(5):
        found.append(adam.param_groups[0]["betas"])
        adam.step()
        scheduler.step()
    assert [b for b, _ in found] == pytest.approx([0.9, 0.7, 0.5, 0.7, 0.9])
    assert {b for _, b in found} == {0.999}


@pytest.mark.parametrize(
    ("settings", "heights"),
    [
        ({"mode": "triangular2"}, [1, 1 / 2, 1 / 4]),
        ({"mode": "exp_range", "gamma": 0.9}, [0.9**2, 0.9**6, 0.9**10]),
        ({"scale_fn": lambda x: 1 / x}, [1, 1 / 2, 1 / 3]),
        ({"scale_fn": lambda x: 0.5**x, "scale_mode": "iterations"}, [0.5**2, 0.5**6, 0.5**10]),
    ],
)
def test_cycles_of_changing_height(settings, heights):
    scheduler = schedules.CyclicLR(optimizer(), 0.0, 1.0, 2, cycle_momentum=False, **settings)
    assert run(scheduler, 12)[2::4] == pytest.approx(heights)


def test_restarts_at_any_moment():
    scheduler = schedules.CosineAnnealingWarmRestarts(optimizer(1.0), 2, 3)
    stepped = run(scheduler, 20)
    for epoch in (0.5, 2.0, 7.0, 8.0, 19.25):
        scheduler.step(epoch)
        start, length = (0, 2) if epoch < 2 else (2, 6) if epoch < 8 else (8, 18)
        expected = (1 + math.cos(math.pi * (epoch - start) / length)) / 2
        assert scheduler.get_last_lr() == pytest.approx([expected])
        if epoch == int(epoch):
            assert scheduler.get_last_lr() == pytest.approx([stepped[int(epoch)]])
    with pytest.raises(ValueError, match="Expected non-negative epoch, but got -1"):
        scheduler.step(-1)


def test_each_group_has_its_own_rate():
    a, b = (ag.tensor([1.0], requires_grad=True) for _ in range(2))
    sgd = optim.SGD([{"params": [a]}, {"params": [b], "lr": 0.1}], lr=1.0)
    scheduler = schedules.LambdaLR(sgd, [lambda t: 0.5**t, lambda t: 1.0])
    sgd.step()
    scheduler.step()
    assert scheduler.get_last_lr() == [0.5, 0.1]
    with pytest.raises(ValueError, match="lr_lambda must have one value for each of 2 groups"):
        schedules.LambdaLR(sgd, [lambda t: 1.0])


def test_a_schedule_of_ones_own():
    class Halves(schedules.LRScheduler):
        def get_lr(self):
            return [base / (self.last_epoch + 1) for base in self.base_lrs]

    assert run(Halves(optimizer(1.0)), 3) == [1, 1 / 2, 1 / 3]
    with pytest.raises(NotImplementedError):
        schedules.LRScheduler(optimizer())


# Plateaus


def plateau(losses, lr=1.0, **settings):
    scheduler = schedules.ReduceLROnPlateau(optimizer(lr), **settings)
    found = []
    for loss in losses:
        scheduler.step(loss)
        found.append(scheduler.get_last_lr()[0])
    return found


def test_a_plateau_lowers_the_rate():
    assert plateau([3, 2, 2, 2, 2], factor=0.5, patience=1) == [1, 1, 1, 0.5, 0.5]
    assert plateau([3, 2, 2, 2, 2], factor=0.5, patience=0) == [1, 1, 0.5, 0.25, 0.125]
    assert plateau([1, 2, 2, 2], mode="max", factor=0.5, patience=0) == [1, 1, 0.5, 0.25]
    assert plateau([1, 1, 1, 1], factor=0.5, patience=0, cooldown=2) == [1, 0.5, 0.5, 0.5]
    assert plateau([1, 1, 1, 1], factor=0.5, patience=0, min_lr=0.3) == [1, 0.5, 0.3, 0.3]
    assert plateau([1, 1, 1], factor=0.5, patience=0, eps=0.4) == [1, 0.5, 0.5]
    assert plateau([ag.tensor(1.0), ag.tensor(math.nan)], factor=0.5, patience=0) == [1, 0.5]


def test_how_much_better_is_better():
    for mode, sign in (("min", -1), ("max", 1)):
        for losses in ([10, 10 + sign * 0.9], [10, 10 + sign * 1.1]):
            better = abs(losses[1] - 10) > 1
            expected = [1, 1] if better else [1, 0.5]
            assert plateau(losses, mode=mode, factor=0.5, patience=0, threshold=0.1) == expected
            settings = {"threshold": 1.0, "threshold_mode": "abs"}
            assert plateau(losses, mode=mode, factor=0.5, patience=0, **settings) == expected


# Saving

SAVED = {name: make for name, (make, _) in FORMULAS.items()} | {
    "OneCycleLR": lambda o: schedules.OneCycleLR(o, 1.0, 60),
    "restarts": lambda o: schedules.CosineAnnealingWarmRestarts(o, 3, 2),
    "cycles": lambda o: schedules.CyclicLR(o, 0.1, 0.5, 4, mode="triangular2"),
}


@pytest.mark.parametrize("name", SAVED)
def test_a_schedule_goes_on_where_it_was_saved(name):
    first = SAVED[name](optimizer(momentum=0.9))
    run(first, 17)
    saved, settings = first.state_dict(), first.optimizer.state_dict()
    before = repr(saved)
    expected = run(first, 17)
    assert repr(saved) == before
    second = SAVED[name](optimizer(momentum=0.9))
    second.optimizer.load_state_dict(settings)
    second.load_state_dict(saved)
    assert second.last_epoch == 17 if name != "ChainedScheduler" else True
    assert run(second, 17) == expected


def test_a_plateau_goes_on_where_it_was_saved():
    first = schedules.ReduceLROnPlateau(optimizer(), patience=2)
    for loss in (3, 2, 2, 2):
        first.step(loss)
    second = schedules.ReduceLROnPlateau(optimizer(), patience=2)
    second.load_state_dict(first.state_dict())
    for loss in (2, 2, 2):
        first.step(loss)
        second.step(loss)
        assert first.get_last_lr() == second.get_last_lr()


def test_functions_are_not_saved_but_callable_objects_are():
    class Power:
        def __init__(self, base):
            self.base = base

        def __call__(self, t):
            return self.base**t

    first, second = (schedules.LambdaLR(optimizer(), Power(base)) for base in (0.5, 0.9))
    assert first.state_dict()["lr_lambdas"] == [{"base": 0.5}]
    second.load_state_dict(first.state_dict())
    assert run(first, 5) == run(second, 5)
    assert schedules.LambdaLR(optimizer(), lambda t: 1.0).state_dict()["lr_lambdas"] == [None]


def test_going_on_from_a_step():
    sgd = optimizer()
    run(schedules.ExponentialLR(sgd, 0.9), 5)
    again = schedules.ExponentialLR(sgd, 0.9, last_epoch=4)
    assert again.last_epoch == 5
    assert again.get_last_lr() == pytest.approx([0.5 * 0.9**5])
    with pytest.raises(KeyError, match=r"'initial_lr' is not specified in param_groups\[0\]"):
        schedules.ExponentialLR(optimizer(), 0.9, last_epoch=4)


# Complaints


def test_steps_in_the_wrong_order_are_noticed():
    scheduler = schedules.ExponentialLR(optimizer(), 0.9)
    with pytest.warns(UserWarning, match=r"before `optimizer.step\(\)`"):
        scheduler.step()


def test_what_makes_no_sense_is_refused():
    sgd, other = optimizer(), optimizer()
    step, foreign = schedules.StepLR(sgd, 3), schedules.StepLR(other, 3)
    watching = schedules.ReduceLROnPlateau(sgd)
    for make, error, what in (
        (lambda: schedules.StepLR(sgd.param_groups, 3), TypeError, "list is not an Optimizer"),
        (lambda: schedules.ReduceLROnPlateau(1.0), TypeError, "float is not an Optimizer"),
        (lambda: schedules.ConstantLR(sgd, 2.0), ValueError, "between 0 and 1"),
        (lambda: schedules.LinearLR(sgd, 0.0), ValueError, "Starting multiplicative factor"),
        (lambda: schedules.LinearLR(sgd, 0.5, 2.0), ValueError, "Ending multiplicative factor"),
        (lambda: schedules.MultiplicativeLR(sgd, 0.5), TypeError, "lr_lambda should be a function, but got float"),
        (lambda: schedules.CosineAnnealingWarmRestarts(sgd, 0), ValueError, "positive integer T_0, but got 0"),
        (lambda: schedules.CosineAnnealingWarmRestarts(sgd, 2, 0), ValueError, "T_mult >= 1, but got 0"),
        (lambda: schedules.CyclicLR(sgd, 0.1, 0.5, mode="square"), ValueError, "mode is invalid"),
        (lambda: schedules.CyclicLR(optimizer(kind=optim.Adagrad), 0.1, 0.5), ValueError, "must support momentum"),
        (lambda: schedules.OneCycleLR(sgd, 1.0), ValueError, "either total_steps OR"),
        (lambda: schedules.OneCycleLR(sgd, 1.0, 0), ValueError, "positive integer total_steps, but got 0"),
        (lambda: schedules.OneCycleLR(sgd, 1.0, epochs=2.5, steps_per_epoch=2), ValueError, "positive integer epochs"),
        (lambda: schedules.OneCycleLR(sgd, 1.0, 9, pct_start=2.0), ValueError, "between 0 and 1 pct_start"),
        (lambda: schedules.OneCycleLR(sgd, 1.0, 9, anneal_strategy="no"), ValueError, "'cos' or 'linear'"),
        (lambda: schedules.ReduceLROnPlateau(sgd, factor=1.0), ValueError, "Factor should be < 1.0"),
        (lambda: schedules.ReduceLROnPlateau(sgd, "up"), ValueError, "mode up is unknown"),
        (lambda: schedules.ReduceLROnPlateau(sgd, threshold_mode="up"), ValueError, "threshold mode up is unknown"),
        (lambda: schedules.ReduceLROnPlateau(sgd, min_lr=[1, 2]), ValueError, "min_lr must have one value"),
        (lambda: schedules.SequentialLR(sgd, [], []), ValueError, "at least one scheduler"),
        (lambda: schedules.SequentialLR(sgd, [step], [3]), ValueError, "number of milestones to be equal to 1"),
        (lambda: schedules.SequentialLR(sgd, [step, foreign], [3]), ValueError, "same optimizer"),
        (
            lambda: schedules.SequentialLR(sgd, [step, watching], [3]),
            ValueError,
            "does not support `ReduceLROnPlateau`",
        ),
        (lambda: schedules.ChainedScheduler([]), ValueError, "at least one scheduler"),
        (lambda: schedules.ChainedScheduler([step, 3]), TypeError, "takes schedulers, but got int"),
    ):
        with pytest.raises(error, match=what):
            make()
