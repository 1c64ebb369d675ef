"""Users' code type-checks: .ci/run gives this file to mypy --strict, which reads the assert_type lines."""

from __future__ import annotations

from typing import Any, assert_type

import numpy as np

import autograd_core as ag
from autograd_core import Tensor


def test_operators() -> None:
    t = ag.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    assert_type(t, Tensor)
    assert_type(2 * t - 1 / t**2, Tensor)
    assert_type(-t @ t, Tensor)
    assert_type(t > 0, Tensor)
    assert_type(t[0, 1:], Tensor)
    for row in t:
        assert_type(row, Tensor)
    total = t.detach()
    total += 1
    assert_type(total, Tensor)
    assert_type(total.add_(2).mul_(3), Tensor)


def test_methods_take_axis_and_dim() -> None:
    t = ag.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert_type(t.sum(), Tensor)
    assert_type(t.sum(axis=0, keepdims=True), Tensor)
    assert_type(t.sum(dim=0, keepdim=True), Tensor)
    assert_type(t.sum(0, keepdim=True), Tensor)
    assert_type(t.mean(dim=(0, 1)), Tensor)
    assert_type(t.softmax(dim=-1), Tensor)
    assert_type(t.std(dim=1, unbiased=False), Tensor)
    assert_type(t.reshape(-1, 2).permute(1, 0).unsqueeze(dim=0).squeeze(), Tensor)
    assert_type(t.T.mT, Tensor)
    assert_type(t.split(1, dim=0), tuple[Tensor, ...])


def test_functions() -> None:
    t = ag.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert_type(ag.sum(t, axis=0), Tensor)
    assert_type(ag.sum(t, dim=0), Tensor)
    assert_type(ag.exp(t), Tensor)
    assert_type(ag.stack([t, t], dim=1), Tensor)
    assert_type(ag.value_and_grad(lambda x: (x * x).sum())(t), tuple[Tensor, Any])


def test_in_place_keeps_a_subclass() -> None:
    class Weight(Tensor):
        """A Tensor of another class."""

    w = Weight([1.0, 2.0])
    w -= 0.5
    assert_type(w, Weight)
    assert type(w) is Weight
    np.testing.assert_array_equal(w.numpy(), [0.5, 1.5])
