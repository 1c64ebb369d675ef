"""What print(model) shows, and that PyTorch shows the same."""

import pytest

import autograd_core as ag
import nn


class Small(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.features = n.Sequential(n.Flatten(), n.Linear(12, 4), n.ReLU(inplace=True), n.Dropout(0.2))
        self.heads = n.ModuleDict({"a": n.Linear(4, 1, bias=False), "b": n.Identity()})
        self.blocks = n.ModuleList([n.Linear(4, 4), n.Linear(4, 4), n.ReLU(), n.Sequential(), n.Sequential()])


def test_a_model_prints_its_tree():
    assert repr(Small(nn)) == (
        "Small(\n"
        "  (features): Sequential(\n"
        "    (0): Flatten(start_dim=1, end_dim=-1)\n"
        "    (1): Linear(in_features=12, out_features=4, bias=True)\n"
        "    (2): ReLU(inplace=True)\n"
        "    (3): Dropout(p=0.2, inplace=False)\n"
        "  )\n"
        "  (heads): ModuleDict(\n"
        "    (a): Linear(in_features=4, out_features=1, bias=False)\n"
        "    (b): Identity()\n"
        "  )\n"
        "  (blocks): ModuleList(\n"
        "    (0-1): 2 x Linear(in_features=4, out_features=4, bias=True)\n"
        "    (2): ReLU()\n"
        "    (3-4): 2 x Sequential()\n"
        "  )\n"
        ")"
    )


def test_extra_lines_come_first():
    class Told(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = nn.ReLU()

        def extra_repr(self):
            return "one=1,\ntwo=2"

    assert repr(Told()) == "Told(\n  one=1,\n  two=2\n  (inner): ReLU()\n)"
    told = Told()
    del told.inner
    assert repr(told) == "Told(\n  one=1,\n  two=2\n)"


def test_parameter_list_shows_shapes():
    assert repr(nn.ParameterList([ag.ones(2, 3)])) == (
        "ParameterList(\n  (0): Parameter containing: [float32 of size 2x3]\n)"
    )


@pytest.mark.peers
def test_pytorch_prints_the_same():
    torch = pytest.importorskip("torch")

    def model(n):
        class Small(n.Module):
            def __init__(self):
                super().__init__()
                self.features = n.Sequential(n.Flatten(), n.Linear(12, 4), n.ReLU(inplace=True), n.Dropout(0.2))
                self.heads = n.ModuleDict({"a": n.Linear(4, 1, bias=False), "b": n.Identity()})
                self.blocks = n.ModuleList([n.Linear(4, 4), n.Linear(4, 4), n.ReLU(), n.Sequential(), n.Sequential()])
                self.empty = n.ModuleList()
                self.nothing = None
                self.rest = n.ModuleList(
                    [
                        n.ReLU(),
                        n.Sigmoid(),
                        n.Tanh(),
                        n.LeakyReLU(),
                        n.LeakyReLU(0.2, True),
                        n.ELU(),
                        n.ELU(0.5, inplace=True),
                        n.Softplus(),
                        n.GELU(),
                        n.GELU("tanh"),
                        n.SiLU(),
                        n.SiLU(True),
                        n.Softmax(dim=1),
                        n.LogSoftmax(dim=-1),
                        n.Softmax(),
                        n.CrossEntropyLoss(),
                        n.MSELoss(),
                        n.NLLLoss(),
                        n.BCELoss(),
                        n.BCEWithLogitsLoss(),
                        n.L1Loss(),
                        n.Flatten(0, 1),
                        n.Dropout(),
                    ]
                )

        return Small()

    assert repr(model(nn)) == repr(model(torch.nn))
    assert list(model(nn).state_dict()) == list(model(torch.nn).state_dict())
    ours, theirs = model(nn), model(torch.nn)
    assert [n for n, _ in ours.named_modules()] == [n for n, _ in theirs.named_modules()]
    ours.load_state_dict({name: tensor.numpy() for name, tensor in theirs.state_dict().items()})
    for (a, p), (b, t) in zip(ours.named_parameters(), theirs.named_parameters(), strict=True):
        assert a == b
        assert p.tolist() == t.tolist()
