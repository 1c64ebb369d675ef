"""Sequential, ModuleList, ModuleDict, ParameterList."""

from collections import OrderedDict

import pytest

import autograd_core as ag
import nn


def three():
    return [nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1)]


def names(module):
    return [name for name, _ in module.named_children()]


def test_sequential_runs_in_order():
    a, b, c = three()
    model = nn.Sequential(a, b, c)
    x = ag.ones(4, 2)
    assert model(x).tolist() == c(b(a(x))).tolist()
    assert nn.Sequential()(3) == 3
    assert list(model) == [a, b, c]
    assert len(model) == 3


@pytest.mark.parametrize("kind", [nn.Sequential, nn.ModuleList])
def test_indexing(kind):
    a, b, c = layers = three()
    model = kind(*layers) if kind is nn.Sequential else kind(layers)
    assert model[0] is a
    assert model[-1] is c
    assert type(model[1:]) is kind
    assert list(model[1:]) == [b, c]
    assert list(model[::-1]) == [c, b, a]
    model[1] = other = nn.Tanh()
    assert list(model) == [a, other, c]
    del model[0]
    assert names(model) == ["0", "1"]
    assert list(model) == [other, c]
    model.insert(1, b)
    model.append(a).extend([nn.Sigmoid()])
    assert list(model)[:4] == [other, b, c, a]
    assert names(model) == ["0", "1", "2", "3", "4"]
    assert isinstance(model.pop(), nn.Sigmoid)
    del model[1:3]
    assert list(model) == [other, a]
    for index in (2, -3):
        with pytest.raises(IndexError, match="out of range"):
            model[index]
        with pytest.raises(IndexError, match="out of range"):
            model[index] = nn.ReLU()
    with pytest.raises(IndexError, match="out of range"):
        model.insert(9, nn.ReLU())
    with pytest.raises(TypeError):
        model["0"]
    with pytest.raises(TypeError, match="not a Module"):
        model.insert(0, 3)
    assert list(model) == [other, a]


def test_sequential_by_names():
    model = nn.Sequential(OrderedDict(fc=nn.Linear(2, 2), act=nn.ReLU()))
    assert list(model.state_dict()) == ["fc.weight", "fc.bias"]
    assert model.fc is model[0]
    assert names(model[1:]) == ["act"]
    del model[0]
    assert names(model) == ["0"]


def test_an_index_of_numpy_is_an_index():
    model = nn.Sequential(*three())
    assert model[ag.tensor(1)] is model[1]


@pytest.mark.parametrize("wrong", [[nn.Linear], [3], [None], [nn.Linear(1, 1), "relu"]])
def test_sequential_takes_modules_only(wrong):
    with pytest.raises(TypeError, match="not a Module subclass"):
        nn.Sequential(*wrong)


def test_module_list():
    layers = nn.ModuleList(three())
    more = layers + nn.ModuleList([nn.Tanh()])
    assert len(more) == 4
    layers += [nn.Tanh()]
    assert len(layers) == 4
    assert len(list(layers.parameters())) == 4
    with pytest.raises(NotImplementedError):
        layers(ag.ones(1))
    with pytest.raises(TypeError):
        nn.ModuleList([1])


def test_module_dict():
    a, b, _ = three()
    both = nn.ModuleDict({"a": a, "b": b})
    assert both["a"] is a
    assert "a" in both
    assert "c" not in both
    assert list(both) == list(both.keys()) == ["a", "b"]
    assert list(both.values()) == [a, b]
    both.update([("c", nn.Tanh())])
    both["a"] = b
    assert both["a"] is b
    assert both.pop("c").__class__ is nn.Tanh
    del both["a"]
    assert list(both.items()) == [("b", b)]
    both.clear()
    assert len(both) == 0
    with pytest.raises(KeyError):
        both["a"]
    with pytest.raises(KeyError, match="already exists"):
        both["keys"] = a
    with pytest.raises(TypeError):
        both["x"] = 3


def test_parameter_list():
    weights = nn.ParameterList([ag.ones(2), nn.Parameter(ag.zeros(3))])
    assert all(isinstance(weight, nn.Parameter) for weight in weights)
    assert list(weights.state_dict()) == ["0", "1"]
    assert weights[-1].shape == (3,)
    weights[0] = ag.zeros(4)
    assert weights.append(ag.ones(1)) is weights
    assert [weight.shape for weight in weights] == [(4,), (3,), (1,)]
    assert len(weights[1:]) == 2
    with pytest.raises(IndexError, match="out of range"):
        weights[3]
    with pytest.raises(TypeError, match="ParameterList takes"):
        weights.append(3.0)


def test_sequentials_are_joined_and_repeated():
    a, b, c = three()
    joined = nn.Sequential(a) + nn.Sequential(b, c)
    assert list(joined) == [a, b, c]
    joined += nn.Sequential(nn.Tanh())
    assert names(joined) == ["0", "1", "2", "3"]
    twice = nn.Sequential(a, b) * 2
    assert list(twice) == list(2 * nn.Sequential(a, b)) == [a, b, a, b]
    twice *= 2
    assert len(twice) == 8
    assert len(list(twice.parameters())) == 2
    for wrong in (0, -1):
        with pytest.raises(ValueError, match="positive integer"):
            twice * wrong
    with pytest.raises(TypeError, match="integer"):
        twice * 1.5
    with pytest.raises(TypeError):
        twice + a


def test_parameter_list_shrinks_and_grows():
    weights = nn.ParameterList([ag.ones(1), ag.ones(2), ag.ones(3)])
    taken = weights.pop(0)
    assert taken.shape == (1,)
    assert list(weights.state_dict()) == ["0", "1"]
    weights += [ag.ones(4)]
    assert [weight.shape for weight in weights] == [(2,), (3,), (4,)]


def test_parameter_dict():
    gains = nn.ParameterDict({"left": ag.ones(2), "keys": nn.Parameter(ag.zeros(3))})
    assert list(gains) == list(gains.keys()) == ["left", "keys"]
    assert list(reversed(gains)) == ["keys", "left"]
    assert all(isinstance(gain, nn.Parameter) for gain in gains.values())
    assert list(gains.state_dict()) == ["left", "keys"]
    assert "left" in gains
    assert gains.left is gains["left"]
    assert len(gains) == 2
    assert repr(gains) == (
        "ParameterDict(\n  (left): Parameter containing: [float32 of size 2]\n"
        "  (keys): Parameter containing: [float32 of size 3]\n)"
    )
    both = gains | {"right": ag.ones(1)}
    assert list(both) == ["left", "keys", "right"]
    assert both["left"] is gains["left"]
    assert len(gains) == 2
    gains |= [("right", ag.ones(4))]
    assert gains["right"].shape == (4,)
    assert gains.get("nothing") is None
    assert gains.setdefault("right") is gains["right"]
    assert gains.setdefault("new", ag.ones(5)).shape == (5,)
    assert gains.popitem()[0] == "new"
    assert gains.pop("right").shape == (4,)
    del gains["keys"]
    assert list(gains.items()) == [("left", gains["left"])]
    assert list(gains.fromkeys(["a", "b"], ag.ones(1))) == ["a", "b"]
    gains.clear()
    assert not list(gains.parameters())
    with pytest.raises(KeyError):
        gains["left"]
    for key, value in (("a", 3.0), (1, ag.ones(1))):
        with pytest.raises(TypeError, match="ParameterDict takes"):
            gains[key] = value
