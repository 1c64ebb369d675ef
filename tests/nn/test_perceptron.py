"""The perceptron and its rule: gates that a line parts are learned, XOR is not."""

import numpy as np
import pytest

import autograd_core as ag
import nn

CORNERS = ag.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def passes(gate, target, at_most=50):
    return next((n for n in range(at_most) if gate.learn(CORNERS, target) == 0), None)


@pytest.mark.parametrize("target", [[0, 0, 0, 1], [0, 1, 1, 1], [1, 1, 1, 0], [0, 0, 1, 1]])
def test_gates_are_learned(target):
    gate = nn.Perceptron(2)
    assert passes(gate, target) is not None
    assert gate(CORNERS).tolist() == target


def test_xor_is_not():
    gate = nn.Perceptron(2)
    assert passes(gate, [0, 1, 1, 0]) is None
    assert gate(CORNERS).tolist() != [0, 1, 1, 0]


def test_one_pass_is_the_rule_by_hand():
    gate = nn.Perceptron(2, low=-1.0).double()
    x, y = np.array([[1.0, 2.0], [-1.0, 0.5], [2.0, -1.0]]), np.array([1.0, -1.0, -1.0])
    w, b, moved = np.zeros(2), 0.0, 0
    for sample, wanted in zip(x, y, strict=True):
        said = 1.0 if w @ sample + b > 0 else -1.0
        w, b, moved = w + 0.1 * (wanted - said) * sample, b + 0.1 * (wanted - said), moved + (wanted != said)
    assert gate.learn(x, y, lr=0.1) == moved
    np.testing.assert_allclose(gate.weight.detach().numpy(), w)
    assert gate.bias.item() == pytest.approx(b)
    assert set(gate(x).tolist()) <= {-1.0, 1.0}


def test_two_clouds():
    rng = np.random.default_rng(0)
    y = np.where(np.arange(100) % 2, 1.0, -1.0)
    x = rng.normal(size=(100, 2)) * 0.4 + 1.5 * y[:, None]
    gate = nn.Perceptron(2, -1.0, 1.0)
    updates = []
    while not updates or updates[-1]:
        updates.append(gate.learn(x, y, lr=0.01))
        assert len(updates) < 100
    np.testing.assert_array_equal(gate(x.astype(np.float32)).detach().numpy(), y)
    gate.reset_parameters()
    assert gate.weight.tolist() == [0, 0]


def test_what_is_refused():
    gate = nn.Perceptron(2)
    with pytest.raises(ValueError, match=r"samples \(n, 2\)"):
        gate.learn([[1.0]], [1])
    with pytest.raises(ValueError, match="as many targets"):
        gate.learn(CORNERS, [1])
    with pytest.raises(ValueError, match=r"targets 0.0 or 1.0, got \[-1.0, 1.0\]"):
        gate.learn(CORNERS, [1, -1, 1, 1])
    assert repr(gate) == "Perceptron(in_features=2, low=0.0, high=1.0)"
