"""nn.summary: the lecture's numbers, the tree, and torchinfo's and torchsummary's own tables."""

import html
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import autograd_core as ag
import nn


def course(nn):
    """The model of the course, in either library."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Linear(3 * 32 * 32, 64),
        nn.ReLU(),
        nn.Linear(64, 128),
        nn.ReLU(),
        nn.Linear(128, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )


def nested(nn):
    """Blocks in blocks, a container that does not run, a layer that runs twice and one that never does."""

    class Block(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.layers = nn.ModuleList([nn.Linear(width, width), nn.Linear(width, width)])
            self.act = nn.Tanh()

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
            return self.act(x)

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Sequential(nn.Linear(4, 6), nn.Sequential(nn.ReLU(), Block(6)))
            self.unused = nn.Linear(2, 2)
            self.head = nn.Linear(6, 6)

        def forward(self, x, y):
            return self.head(self.head(self.first(x))) + y

    return Net()


def convolutional(nn):
    return nn.Sequential(
        nn.Conv2d(3, 8, 5, stride=2, padding=1, bias=False),
        nn.ReLU(),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(8, 4, (3, 1), groups=2),
        nn.Flatten(),
        nn.Linear(140, 10),
    )


def residual(nn):
    class Block(nn.Module):
        def __init__(self, given, made, stride):
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(given, made, 3, stride, 1, bias=False), nn.BatchNorm2d(made)
            self.conv2, self.bn2 = nn.Conv2d(made, made, 3, 1, 1, bias=False), nn.BatchNorm2d(made)
            self.relu = nn.ReLU()
            self.shortcut = (
                None if stride == 1 else nn.Sequential(nn.Conv2d(given, made, 1, stride), nn.BatchNorm2d(made))
            )

        def forward(self, x):
            y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
            return self.relu(y + (x if self.shortcut is None else self.shortcut(x)))

    return nn.Sequential(Block(3, 3, 1), Block(3, 8, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))


COURSE_INFO = """\
Layer (type:depth-idx)                   Output Shape              Param #
Sequential                               [1024, 10]                --
├─Flatten: 1-1                           [1024, 3072]              --
├─Linear: 1-2                            [1024, 64]                196,672
├─ReLU: 1-3                              [1024, 64]                --
├─Linear: 1-4                            [1024, 128]               8,320
├─ReLU: 1-5                              [1024, 128]               --
├─Linear: 1-6                            [1024, 128]               16,512
├─ReLU: 1-7                              [1024, 128]               --
├─Linear: 1-8                            [1024, 10]                1,290
Total params: 222,794
Trainable params: 222,794
Non-trainable params: 0
Total mult-adds (M): 228.14
Input size (MB): 12.58
Forward/backward pass size (MB): 2.70
Params size (MB): 0.89
Estimated Total Size (MB): 16.18
"""

COURSE_SUMMARY = """\
        Layer (type)               Output Shape         Param #
           Flatten-1                 [-1, 3072]               0
            Linear-2                   [-1, 64]         196,672
              ReLU-3                   [-1, 64]               0
            Linear-4                  [-1, 128]           8,320
              ReLU-5                  [-1, 128]               0
            Linear-6                  [-1, 128]          16,512
              ReLU-7                  [-1, 128]               0
            Linear-8                   [-1, 10]           1,290
Total params: 222,794
Trainable params: 222,794
Non-trainable params: 0
Input size (MB): 0.01
Forward/backward pass size (MB): 0.03
Params size (MB): 0.85
Estimated Total Size (MB): 0.89
"""


def without_rules(text):
    return re.sub(r"^[=-]+\n?", "", text, flags=re.MULTILINE)


def test_the_tables_of_the_lecture():
    model = course(nn)
    assert without_rules(str(nn.summary(model, (1024, 3, 32, 32), verbose=False))) == COURSE_INFO
    assert without_rules(str(nn.summary(model, (3, 32, 32), style="torchsummary", verbose=False))) == COURSE_SUMMARY


def test_the_numbers_themselves():
    found = nn.summary(course(nn), (1024, 3, 32, 32), verbose=False)
    assert (found.total_params, found.trainable_params, found.total_mult_adds) == (222_794, 222_794, 228_141_056)
    assert found.input_bytes == 1024 * 3072 * 4
    assert found.output_bytes == 2 * 4 * 1024 * (64 + 128 + 128 + 10)
    assert found.param_bytes == 4 * 222_794


def test_it_is_printed_where_no_session_shows_it(capsys):
    found = nn.summary(nn.Linear(2, 2), (1, 2))
    assert capsys.readouterr().out == f"{found}\n"
    nn.summary(nn.Linear(2, 2), (1, 2), verbose=False)
    assert not capsys.readouterr().out


NESTED = """\
Net                                      [3, 6]                    6
├─Sequential: 1-1                        [3, 6]                    --
│    └─Linear: 2-1                       [3, 6]                    30
│    └─Sequential: 2-2                   [3, 6]                    --
│    │    └─ReLU: 3-1                    [3, 6]                    --
│    │    └─Block: 3-2                   [3, 6]                    84
├─Linear: 1-2                            [3, 6]                    42
├─Linear: 1-3                            [3, 6]                    (recursive)
"""


def test_the_tree_by_depth():
    model, sizes = nested(nn), [(3, 4), (3, 6)]
    found = nn.summary(model, sizes, verbose=False)
    assert NESTED in str(found)
    assert found.total_params == sum(p.numel() for p in model.parameters()) == 30 + 84 + 42 + 6
    assert found.total_mult_adds == 3 * (30 + 84 + 42 + 42)
    deep = str(nn.summary(model, sizes, depth=9, row_settings=("var_names",), verbose=False))
    assert "Layer (type (var_name))" in deep
    assert "│    │    │    └─ModuleList (layers)     --                        --" in deep
    assert "│    │    │    │    └─Linear (0)         [3, 6]                    42" in deep
    shallow = str(nn.summary(model, sizes, depth=1, col_names=("num_params", "mult_adds"), verbose=False))
    assert "├─Sequential: 1-1                        114                       342" in shallow


def test_a_container_that_is_left_and_entered_again():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
            self.act = nn.Tanh()

        def forward(self, x):
            return self.layers[1](self.act(self.layers[0](x)))

    rows = str(nn.summary(Net(), (1, 2), col_names=("num_params",), verbose=False)).splitlines()[3:9]
    assert [row.split()[-1] for row in rows] == ["--", "--", "6", "--", "(recursive)", "6"]


def test_columns():
    model = nn.Sequential(nn.Linear(4, 2), nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2)))
    model[1][0].requires_grad_(False)
    names = ("input_size", "output_size", "num_params", "params_percent", "kernel_size", "mult_adds", "trainable")
    found = nn.summary(model, (5, 4), col_names=names, col_width=15, verbose=False)
    lines = [re.split(r"  +", line.strip()) for line in str(found).splitlines()]
    assert ["Sequential", "[5, 4]", "[5, 2]", "--", "--", "--", "--", "Partial"] in lines
    assert ["├─Linear: 1-1", "[5, 4]", "[5, 2]", "10", "45.45%", "--", "50", "True"] in lines
    assert "(6)" in str(found)
    assert (found.total_params, found.trainable_params) == (22, 16)


def test_the_tree_as_html_holds_the_same_cells():
    model = nested(nn)
    for style, sizes in (("torchinfo", [(3, 4), (3, 6)]), ("torchsummary", [(4,), (6,)])):
        found = nn.summary(model, sizes, style=style, verbose=False)
        page = found._repr_html_()
        cells = [html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", page) if "<br>" not in cell]
        shown = [re.sub(r"^[│├└─ ]+", "", cell) for line in str(found).splitlines() for cell in re.split("  +", line)]
        assert [cell for cell in cells if cell not in shown] == []
        ET.fromstring(page.replace("<br>", " "))
    model.__class__.__name__ = "<b>"
    assert "<b>" not in nn.summary(model, [(3, 4), (3, 6)], verbose=False).to_html()


def test_multiply_adds_by_hand():
    """Each weight and bias, times the places where it is used."""
    for layer, size, expected in (
        (nn.Linear(4, 3), (2, 7, 4), 2 * 7 * 15),  # a row of each sequence, which torchinfo counts once
        (nn.Conv1d(4, 3, 5), (2, 4, 9), 2 * 5 * 63),
        (nn.Conv2d(4, 3, 3, padding=1), (2, 4, 6, 7), 2 * 42 * 111),
        (nn.ConvTranspose2d(4, 3, 2, stride=2), (2, 4, 5, 5), 2 * (25 * 48 + 100 * 3)),
        (nn.LSTM(4, 3, batch_first=True), (2, 7, 4), 2 * 7 * 4 * 3 * (4 + 3 + 2)),
        (nn.GRUCell(4, 3), (2, 4), 2 * 3 * 3 * (4 + 3 + 2)),
        (nn.MultiheadAttention(4, 2), [(7, 2, 4)] * 3, 7 * 2 * 4 * (4 * 4 + 4)),
        (nn.BatchNorm2d(4), (2, 4, 5, 5), 2 * 8),
    ):
        assert nn.summary(layer, size, verbose=False).total_mult_adds == expected
    looked_up = nn.summary(nn.Embedding(9, 4), (2, 7), dtypes=["int64"], verbose=False)
    assert (looked_up.total_mult_adds, looked_up.total_params) == (0, 36)


def test_the_parameters_of_the_lectures_example():
    model = nn.Sequential(nn.Conv2d(1, 3, 3), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.Linear(12, 3))
    found = nn.summary(nn.Conv2d(1, 3, 3), (1, 1, 6, 6), verbose=False)
    assert found.total_params == 30
    assert nn.summary(nn.Linear(36, 3), (1, 36), verbose=False).total_params == 111
    assert nn.summary(model, (1, 1, 6, 6), verbose=False).total_params == 30 + 39


def test_the_model_is_as_before():
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5))
    model[0].eval()
    before = model.state_dict()
    ag.manual_seed(3)
    drawn = ag.rand(2).tolist()
    ag.manual_seed(3)
    nn.summary(model, (4, 2), verbose=False)
    assert ag.rand(2).tolist() == drawn
    assert (model.training, model[0].training, model[1].training) == (True, False, True)
    assert all(model.state_dict()[name].tolist() == value.tolist() for name, value in before.items())
    assert not any(module._hooks or module._pre_hooks for module in model.modules())
    assert model[0].weight.grad is None


def test_inputs_as_data_by_name_and_of_other_dtypes():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(ag.ones(5, 2, dtype="float64"))

        def forward(self, index, scale):
            return self.weight[index] * scale

    model = Net()
    for data in ([ag.tensor([1, 4]), np.ones(2)], {"index": ag.tensor([1, 4]), "scale": ag.ones(2, dtype="float64")}):
        found = nn.summary(model, input_data=data, verbose=False)
        assert found.input_bytes == 32
        assert found.param_bytes == 80
    found = nn.summary(model, [(3,), (2,)], dtypes=["int64", "float64"], verbose=False)
    assert "[3, 2]" in str(found)
    assert nn.summary(nn.Identity(), (2, 3), verbose=False).input_bytes == 24


def test_what_is_wrong_is_said():
    model = nn.Sequential(nn.Linear(4, 2))
    with pytest.raises(ValueError, match="expects 4 features") as caught:
        nn.summary(model, (2, 3), verbose=False)
    assert "while nn.summary ran the model on (2, 3)" in caught.value.__notes__
    assert not any(module._hooks or module._pre_hooks for module in model.modules())
    assert model[0].training
    for given in ({}, {"input_size": (1, 4), "input_data": ag.ones(1, 4)}):
        with pytest.raises(ValueError, match="either input_size"):
            nn.summary(model, **given)
    for size in ((0, 4), (2.0, 4), [(1, 4), "x"], 4):
        with pytest.raises(TypeError, match="input_size is"):
            nn.summary(model, size)
    for option in ({"style": "keras"}, {"col_names": ["size"]}, {"row_settings": ["ascii"]}):
        with pytest.raises(ValueError, match="summary knows no"):
            nn.summary(model, (1, 4), **option)
    with pytest.raises(ValueError, match="1 inputs, but 2 dtypes"):
        nn.summary(model, (1, 4), dtypes=["float32", "float32"])


@pytest.mark.peers
@pytest.mark.parametrize("make", [course, nested, convolutional, residual])
def test_torchinfo_prints_the_same(make):
    theirs = pytest.importorskip("torchinfo")
    torch = pytest.importorskip("torch")
    sizes = [(3, 4), (3, 6)] if make is nested else (8, 3, 32, 32)
    for options in (
        {},
        {"depth": 1},
        {
            "depth": 9,
            "col_names": ("input_size", "kernel_size", "mult_adds", "trainable"),
            "row_settings": ("var_names",),
        },
    ):
        expected = str(theirs.summary(make(torch.nn), input_size=sizes, verbose=0, **options))
        expected = expected.replace("Units.MEGABYTES", "M")  # newer Pythons print the enum's name there
        assert str(nn.summary(make(nn), sizes, verbose=False, **options)) == expected


@pytest.mark.peers
@pytest.mark.parametrize("make", [course, nested, convolutional, residual])
def test_torchsummary_prints_the_same(make, capsys):
    theirs = pytest.importorskip("torchsummary")
    torch = pytest.importorskip("torch")
    sizes = [(4,), (6,)] if make is nested else (3, 32, 32)
    theirs.summary(make(torch.nn), sizes, device="cpu")
    expected = capsys.readouterr().out.splitlines()
    found = str(nn.summary(make(nn), sizes, style="torchsummary", verbose=False)).splitlines()
    if make is nested:  # it counts a layer twice that runs twice, and multiplies the sizes of several inputs
        end = next(i for i, line in enumerate(expected) if line.startswith("Total"))
        expected, found = expected[:end], found[:end]
    assert found == expected
