"""Whole models trained here and in PyTorch from the same weights: the losses and the weights stay the same."""

import numpy as np
import pytest
import twins

import autograd_core as ag
import nn
import optim

pytestmark = pytest.mark.peers
RNG = np.random.default_rng(0)
STEPS = 20


def lenet(n):
    return n.Sequential(
        n.Conv2d(1, 6, 5, padding=2),
        n.ReLU(),
        n.MaxPool2d(2),
        n.Conv2d(6, 16, 5),
        n.ReLU(),
        n.MaxPool2d(2),
        n.Flatten(),
        n.Linear(16 * 5 * 5, 84),
        n.ReLU(),
        n.Linear(84, 10),
    )


def residual(n):
    class Block(n.Module):
        def __init__(self, channels, out, stride):
            super().__init__()
            self.conv1 = n.Conv2d(channels, out, 3, stride, 1, bias=False)
            self.bn1 = n.BatchNorm2d(out)
            self.relu = n.ReLU(inplace=True)
            self.conv2 = n.Conv2d(out, out, 3, padding=1, bias=False)
            self.bn2 = n.BatchNorm2d(out)
            self.downsample = n.Sequential(n.Conv2d(channels, out, 1, stride, bias=False), n.BatchNorm2d(out))

        def forward(self, x):
            y = self.relu(self.bn1(self.conv1(x)))
            y = self.bn2(self.conv2(y))
            y += self.downsample(x)
            return self.relu(y)

    return n.Sequential(Block(1, 4, 1), Block(4, 6, 2), n.AdaptiveAvgPool2d(1), n.Flatten(), n.Linear(6, 10))


def normed(n):
    return n.Sequential(
        n.Conv2d(1, 4, 4, stride=2, padding=1, padding_mode="reflect"),
        n.GroupNorm(2, 4),
        n.GELU(),
        n.ConvTranspose2d(4, 3, 4, stride=2, padding=1),
        n.InstanceNorm2d(3, affine=True),
        n.PReLU(3),
        n.Upsample(scale_factor=1.5, mode="bilinear"),
        n.AvgPool2d(3),
        n.Flatten(),
        n.Linear(48, 10),
    )


def course(n):
    return n.Sequential(
        n.Flatten(), n.Linear(784, 64), n.Sigmoid(), n.Linear(64, 64), n.Tanh(), n.BatchNorm1d(64), n.Linear(64, 10)
    )


def words(n):
    return n.Sequential(
        n.Embedding(20, 8, padding_idx=0),
        n.LayerNorm(8),
        n.Flatten(),
        n.Linear(48, 16),
        n.SiLU(),
        n.RMSNorm(16),
        n.Linear(16, 10),
    )


def trained(lib, optimizers, module, loss, x, y, **options):
    """The losses on the way and the state at the end."""
    step = optimizers(module.parameters(), **options)
    inputs, targets, losses = lib.tensor(x), lib.tensor(y), []
    for _ in range(STEPS):
        step.zero_grad()
        value = loss(module(inputs), targets)
        value.backward()
        step.step()
        losses.append(value.item())
    return losses, {key: value.numpy() for key, value in module.state_dict().items()}


@pytest.mark.parametrize("rule", ["SGD", "Adam"])
@pytest.mark.parametrize("build", [lenet, residual, normed, course, words], ids=lambda build: build.__name__)
def test_training_goes_the_same_way(build, rule):
    torch = twins.torch()
    ours, theirs = twins.twins(lambda lib, n: build(n))
    side = 28 if build in (lenet, course) else 8
    x = RNG.integers(0, 20, (8, 6)) if build is words else RNG.standard_normal((8, 1, side, side))
    y = RNG.integers(0, 10, 8)
    options = {"lr": 0.05, "momentum": 0.9} if rule == "SGD" else {"lr": 0.01}
    losses, state = trained(ag, getattr(optim, rule), ours, nn.CrossEntropyLoss(), x, y, **options)
    expected, other = trained(torch, getattr(torch.optim, rule), theirs, torch.nn.CrossEntropyLoss(), x, y, **options)
    np.testing.assert_allclose(losses, expected, rtol=1e-5, atol=1e-8)
    assert losses[-1] < losses[0]
    for key, value in state.items():
        np.testing.assert_allclose(value, other[key], rtol=1e-5, atol=1e-7, err_msg=key)
