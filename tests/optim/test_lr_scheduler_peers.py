"""The same learning rates and momenta as PyTorch's schedules, step by step, and states that go both ways."""

import inspect

import pytest

import autograd_core as ag
import optim

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.peers

SCHEDULES = {
    "LambdaLR": lambda s, o: s.LambdaLR(o, lambda t: 0.95**t),
    "LambdaLR, two": lambda s, o: s.LambdaLR(o, [lambda t: 0.95**t, lambda t: 1 / (1 + t)]),
    "MultiplicativeLR": lambda s, o: s.MultiplicativeLR(o, lambda t: 1 - 1 / (t + 2)),
    "StepLR": lambda s, o: s.StepLR(o, 7),
    "MultiStepLR": lambda s, o: s.MultiStepLR(o, [3, 3, 20], 0.5),
    "ConstantLR": lambda s, o: s.ConstantLR(o, total_iters=10),
    "LinearLR": lambda s, o: s.LinearLR(o, 0.2, 0.7, 13),
    "ExponentialLR": lambda s, o: s.ExponentialLR(o, 0.9),
    "PolynomialLR": lambda s, o: s.PolynomialLR(o, 30, 2.5),
    "CosineAnnealingLR": lambda s, o: s.CosineAnnealingLR(o, 12, 0.001),
    "CosineAnnealingWarmRestarts": lambda s, o: s.CosineAnnealingWarmRestarts(o, 5),
    "CosineAnnealingWarmRestarts, growing": lambda s, o: s.CosineAnnealingWarmRestarts(o, 5, 2, 0.001),
    "CyclicLR": lambda s, o: s.CyclicLR(o, 0.01, [0.1, 0.2], 5, 7),
    "CyclicLR, halving": lambda s, o: s.CyclicLR(o, 0.01, 0.1, 5, mode="triangular2", base_momentum=0.5),
    "CyclicLR, shrinking": lambda s, o: s.CyclicLR(o, 0.01, 0.1, 5, mode="exp_range", gamma=0.97),
    "CyclicLR, own scale": lambda s, o: s.CyclicLR(o, 0.01, 0.1, 5, scale_fn=lambda x: 1 / x, cycle_momentum=False),
    "CyclicLR, by steps": lambda s, o: s.CyclicLR(o, 0.01, 0.1, 5, scale_fn=lambda x: 0.9**x, scale_mode="iterations"),
    "OneCycleLR": lambda s, o: s.OneCycleLR(o, 0.5, 60),
    "OneCycleLR, three phases": lambda s, o: s.OneCycleLR(
        o, [0.5, 0.1], epochs=6, steps_per_epoch=10, pct_start=0.4, anneal_strategy="linear", three_phase=True
    ),
    "SequentialLR": lambda s, o: s.SequentialLR(
        o, [s.LinearLR(o, 0.1, total_iters=5), s.CosineAnnealingLR(o, 20, 0.01), s.ExponentialLR(o, 0.9)], [5, 30]
    ),
    "SequentialLR, relative": lambda s, o: s.SequentialLR(
        o, [s.ConstantLR(o, 0.5, 3), s.MultiplicativeLR(o, lambda t: 0.9), s.StepLR(o, 4)], [10, 20]
    ),
    "SequentialLR, absolute": lambda s, o: s.SequentialLR(
        o, [s.MultiplicativeLR(o, lambda t: 0.9), s.CosineAnnealingWarmRestarts(o, 4), s.PolynomialLR(o, 9)], [10, 20]
    ),
    "ChainedScheduler": lambda s, o: s.ChainedScheduler(
        [s.ConstantLR(o, 0.1, 20), s.ExponentialLR(o, 0.9), s.CosineAnnealingLR(o, 10)], o
    ),
}


def optimizer(lib, optimizers, kind):
    """Two groups with rates of their own."""
    groups = [{"params": [lib.tensor([1.0], requires_grad=True)]} for _ in range(2)]
    groups[1]["lr"] = 0.05
    return getattr(optimizers, kind)(groups, lr=0.3, **({"momentum": 0.9} if kind == "SGD" else {}))


def now(of):
    """The learning rates and momenta."""
    return [[g["lr"], g.get("momentum", 0), *g.get("betas", ())] for g in of.param_groups]


def agree(a, b, schedule, other, steps=50):
    for _ in range(steps):
        for mine, its in zip(now(a), now(b), strict=True):
            assert mine == pytest.approx(its, rel=1e-12, abs=1e-16)
        assert schedule.get_last_lr() == [group["lr"] for group in a.param_groups]
        for one in (a, b, schedule, other):
            one.step()


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
@pytest.mark.parametrize("name", SCHEDULES)
def test_fifty_steps(name, kind):
    a, b = optimizer(ag, optim, kind), optimizer(torch, torch.optim, kind)
    agree(a, b, SCHEDULES[name](optim.lr_scheduler, a), SCHEDULES[name](torch.optim.lr_scheduler, b))


@pytest.mark.parametrize("name", SCHEDULES)
def test_states_go_both_ways(name):
    a, b = optimizer(ag, optim, "SGD"), optimizer(torch, torch.optim, "SGD")
    ours, theirs = SCHEDULES[name](optim.lr_scheduler, a), SCHEDULES[name](torch.optim.lr_scheduler, b)
    agree(a, b, ours, theirs, 17)
    assert ours.state_dict().keys() == theirs.state_dict().keys() - {"_get_lr_called_within_step"}
    c, d = optimizer(ag, optim, "SGD"), optimizer(torch, torch.optim, "SGD")
    taken, given = SCHEDULES[name](optim.lr_scheduler, c), SCHEDULES[name](torch.optim.lr_scheduler, d)
    c.load_state_dict(b.state_dict())
    taken.load_state_dict(theirs.state_dict())
    d.load_state_dict(a.state_dict())
    given.load_state_dict(ours.state_dict())
    agree(a, b, ours, theirs, 20)
    agree(c, d, taken, given, 20)
    assert now(a) == now(c)


@pytest.mark.parametrize(
    "settings",
    [
        {"patience": 2},
        {"mode": "max", "factor": 0.5, "patience": 1, "cooldown": 3, "min_lr": [0.01, 0.02]},
        {"patience": 0, "threshold": 0.3, "threshold_mode": "abs", "eps": 0.001},
        {"mode": "max", "patience": 1, "threshold": 0.2},
    ],
)
def test_plateaus(settings):
    a, b = optimizer(ag, optim, "SGD"), optimizer(torch, torch.optim, "SGD")
    ours = optim.lr_scheduler.ReduceLROnPlateau(a, **settings)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(b, **settings)
    for t in range(50):
        loss = ((t * 7919) % 13 - 4) / (1 + t // 10)
        ours.step(loss)
        theirs.step(loss)
        assert ours.get_last_lr() == theirs.get_last_lr()
    assert ours.state_dict().keys() <= theirs.state_dict().keys()


@pytest.mark.parametrize("name", [n for n in optim.lr_scheduler.__all__ if n != "InverseSqrtLR"])
def test_arguments_and_defaults(name):
    mine, its = (inspect.signature(getattr(of.lr_scheduler, name)).parameters.values() for of in (optim, torch.optim))
    assert [(p.name, p.default, p.kind) for p in mine] == [(p.name, p.default, p.kind) for p in its]


def test_every_schedule_is_here():
    assert set(torch.optim.lr_scheduler.__all__) <= set(optim.lr_scheduler.__all__)
