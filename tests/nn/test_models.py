"""The textbooks' models: names and numbers of parameters, shapes, training steps as in PyTorch."""

import math

import numpy as np
import pytest
import twins

import autograd_core as ag
import nn
import optim
from nn import models

DRAWS = ("uniform_", "normal_", "kaiming_uniform_", "kaiming_normal_", "trunc_normal_", "zeros_")


@pytest.fixture
def undrawn(monkeypatch):
    """Weights stay zeros, which cost nothing however many there are."""
    for name in DRAWS:
        monkeypatch.setattr(nn.init, name, lambda tensor, *args, **kwargs: tensor)


def count(module):
    return sum(p.numel() for p in module.parameters())


@pytest.mark.usefixtures("undrawn")
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("vgg11", 132_863_336),
        ("vgg11_bn", 132_868_840),
        ("vgg13", 133_047_848),
        ("vgg13_bn", 133_053_736),
        ("vgg16", 138_357_544),
        ("vgg16_bn", 138_365_992),
        ("vgg19", 143_667_240),
        ("vgg19_bn", 143_678_248),
        ("resnet18", 11_689_512),
        ("resnet34", 21_797_672),
        ("resnet50", 25_557_032),
        ("resnet101", 44_549_160),
        ("resnet152", 60_192_808),
        ("googlenet", 13_004_888),
    ],
)
def test_numbers_of_parameters_are_torchvisions(name, parameters):
    assert count(getattr(models, name)()) == parameters


@pytest.mark.usefixtures("undrawn")
def test_wider_and_grouped_resnets():
    assert count(models.resnet50(groups=32, width_per_group=4)) == 25_028_904
    assert count(models.resnet50(width_per_group=128)) == 68_883_240


@pytest.mark.usefixtures("undrawn")
def test_vgg16_layer_by_layer():
    weights = [p.numel() for name, p in models.vgg16().named_parameters() if name.endswith("weight")]
    assert weights == [
        *(1_728, 36_864, 73_728, 147_456, 294_912, 589_824, 589_824),
        *(1_179_648, 2_359_296, 2_359_296, 2_359_296, 2_359_296, 2_359_296),
        *(102_760_448, 16_777_216, 4_096_000),
    ]


@pytest.mark.usefixtures("undrawn")
def test_names_are_torchvisions():
    vgg = list(models.vgg11_bn().state_dict())
    assert vgg[:8] == [
        *("features.0.weight", "features.0.bias", "features.1.weight", "features.1.bias"),
        *("features.1.running_mean", "features.1.running_var", "features.1.num_batches_tracked", "features.4.weight"),
    ]
    assert vgg[-6:] == [f"classifier.{i}.{kind}" for i in (0, 3, 6) for kind in ("weight", "bias")]
    resnet = [name for name, _ in models.resnet50().named_parameters()]
    assert resnet[:3] == ["conv1.weight", "bn1.weight", "bn1.bias"]
    assert resnet[3:15] == [
        *(f"layer1.0.{name}" for i in (1, 2, 3) for name in (f"conv{i}.weight", f"bn{i}.weight", f"bn{i}.bias")),
        *(f"layer1.0.downsample.{name}" for name in ("0.weight", "1.weight", "1.bias")),
    ]
    assert resnet[-2:] == ["fc.weight", "fc.bias"]
    assert len(models.resnet18().state_dict()) == 122
    google = list(models.googlenet().state_dict())
    assert google[:2] == ["conv1.conv.weight", "conv1.bn.weight"]
    assert {"inception3a.branch2.1.conv.weight", "inception5b.branch4.1.bn.bias", "aux1.conv.conv.weight"} <= {*google}
    assert google[-6:] == [f"{name}.{kind}" for name in ("aux2.fc1", "aux2.fc2", "fc") for kind in ("weight", "bias")]


def test_a_basic_block_prints_as_torchvisions():
    assert repr(models.BasicBlock(64, 64)) == (
        "BasicBlock(\n"
        "  (conv1): Conv2d(64, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)\n"
        "  (bn1): BatchNorm2d(64, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)\n"
        "  (relu): ReLU(inplace=True)\n"
        "  (conv2): Conv2d(64, 64, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), bias=False)\n"
        "  (bn2): BatchNorm2d(64, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)\n"
        ")"
    )


def multiply_adds(module, x):
    """The multiplications of all convolutions in a run of a module."""
    total = []
    for conv in module.modules():
        if isinstance(conv, nn.Conv2d):
            conv.register_forward_hook(lambda m, args, y: total.append(m.weight.numel() * math.prod(y.shape[2:])))
    return module(x).shape, sum(total)


def test_inception_modules_cost_what_the_lecture_says():
    x = ag.zeros(1, 256, 28, 28)
    shape, naive = multiply_adds(models.NaiveInception(256, 128, 192, 96), x)
    assert shape == (1, 672, 28, 28)
    assert naive == 28 * 28 * 256 * (128 + 9 * 192 + 25 * 96) == 854_196_224
    shape, bottleneck = multiply_adds(models.BottleneckInception(256, 128, 64, 192, 64, 96, 64), x)
    assert shape == (1, 480, 28, 28)
    assert bottleneck == 271_351_808  # the lecture's rows; its sum, 353 M, is wrong


def test_images_give_scores():
    ag.manual_seed(0)
    x = ag.randn(2, 3, 64, 64)
    with ag.no_grad():
        for model in (models.resnet18(num_classes=7), models.resnet50(num_classes=7)):
            assert model.eval()(x).shape == (2, 7)
        google = models.googlenet(num_classes=7, transform_input=True)
        outputs = google(x)
        assert [scores.shape for scores in outputs] == [(2, 7)] * 3
        assert outputs._fields == ("logits", "aux_logits2", "aux_logits1")
        assert google.eval()(x).shape == (2, 7)
        assert models.googlenet(aux_logits=False)(x).shape == (2, 1000)


def test_the_input_of_googlenet_is_transformed():
    x = ag.tensor(np.random.default_rng(0).random((1, 3, 2, 2)))
    model = models.GoogLeNet.__new__(models.GoogLeNet)
    nn.Module.__init__(model)
    model.transform_input = True
    mean, std = (np.reshape(v, (3, 1, 1)) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))
    np.testing.assert_allclose(model._transformed(x).numpy(), (x.numpy() * std + mean - 0.5) / 0.5)


def test_blocks_may_start_as_the_identity():
    block = models.ResNet(models.Bottleneck, [1, 1, 1, 1], zero_init_residual=True).layer1[0]
    assert not block.bn3.weight.any()
    assert block.bn1.weight.all()
    plain = models.ResNet(models.BasicBlock, [2, 1, 1, 1], zero_init_residual=True).layer1[1]
    x = ag.rand(2, 64, 4, 4)
    assert plain(x).tolist() == x.tolist()


def test_where_weights_start():
    ag.manual_seed(0)
    conv = models.ResNet(models.BasicBlock, [1, 1, 1, 1]).conv1.weight
    assert float(conv.std()) == pytest.approx(math.sqrt(2 / (64 * 49)), rel=0.05)
    vgg = nn.Sequential(nn.Conv2d(3, 64, 3), nn.Linear(64, 64))
    models.VGG._draw(vgg)  # a whole one has too many
    assert float(vgg[0].weight.std()) == pytest.approx(math.sqrt(2 / (64 * 9)), rel=0.05)
    assert float(vgg[1].weight.std()) == pytest.approx(0.01, rel=0.05)
    assert not vgg[0].bias.any()
    assert not vgg[1].bias.any()
    google = models.GoogLeNet(num_classes=10, aux_logits=False)
    assert float(google.conv3.conv.weight.std()) == pytest.approx(0.01, rel=0.05)


def test_there_are_no_trained_weights():
    with pytest.raises(ValueError, match="resnet18 starts from random weights, got weights='DEFAULT'"):
        models.resnet18(weights="DEFAULT")


# Small ones


def lenet(lib, nn):
    """LeNet as it is written in both libraries."""

    class LeNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
            self.conv2 = nn.Conv2d(6, 16, 5)
            self.fc1 = nn.Linear(400, 120)
            self.fc2 = nn.Linear(120, 84)
            self.fc3 = nn.Linear(84, 10)

        def forward(self, x):
            x = nn.functional.max_pool2d(nn.functional.relu(self.conv1(x)), 2)
            x = nn.functional.max_pool2d(nn.functional.relu(self.conv2(x)), 2)
            x = nn.functional.relu(self.fc1(lib.flatten(x, 1)))
            return self.fc3(nn.functional.relu(self.fc2(x)))

    return LeNet()


def block(lib, nn):
    """A small network with a residual block that halves the image, as it is written in both libraries."""

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
            self.bn1 = nn.BatchNorm2d(8)
            self.relu = nn.ReLU(inplace=True)
            self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
            self.bn2 = nn.BatchNorm2d(8)
            self.downsample = nn.Sequential(nn.Conv2d(3, 8, 1, stride=2, bias=False), nn.BatchNorm2d(8))

        def forward(self, x):
            y = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
            return self.relu(y + self.downsample(x))

    return nn.Sequential(Block(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))


def ours_block():
    downsample = nn.Sequential(nn.Conv2d(3, 8, 1, stride=2, bias=False), nn.BatchNorm2d(8))
    first = models.BasicBlock(3, 8, 2, downsample)
    return nn.Sequential(first, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10))


@pytest.mark.peers
@pytest.mark.parametrize(
    ("make", "ours", "shape"),
    [(lenet, models.LeNet, (4, 1, 28, 28)), (block, ours_block, (4, 3, 8, 8))],
    ids=["LeNet", "ResNet block"],
)
def test_training_follows_pytorch(make, ours, shape):
    torch = twins.torch()
    torch.manual_seed(0)
    theirs = make(torch, torch.nn).double()
    mine = ours().double()
    mine.load_state_dict({key: value.numpy() for key, value in theirs.state_dict().items()})
    assert list(mine.state_dict()) == list(theirs.state_dict())
    rng = np.random.default_rng(0)
    x, labels, found = rng.standard_normal(shape), rng.integers(0, 10, shape[0]), []
    for lib, nn_, optim_, model in ((ag, nn, optim, mine), (torch, torch.nn, torch.optim, theirs)):
        step, losses = optim_.SGD(model.parameters(), lr=0.02, momentum=0.9), []
        for _ in range(20):
            step.zero_grad()
            loss = nn_.CrossEntropyLoss()(model(lib.tensor(x)), lib.tensor(labels))
            loss.backward()
            step.step()
            losses.append(loss.item())
        found.append([*losses, *(float(v.sum()) for v in model.state_dict().values())])
    np.testing.assert_allclose(*found, rtol=1e-5, atol=1e-8)
    assert found[0][19] < 0.8 * found[0][0]


def test_lenet_of_colour_images():
    model = models.LeNet(num_classes=5, in_channels=3, padding=0)
    assert model(ag.zeros(2, 3, 32, 32)).shape == (2, 5)
    assert count(models.LeNet()) == 61_706


@pytest.mark.peers
def test_mlp_is_the_lectures():
    def plain(lib, nn):
        layers = []
        for a, b in ((6, 8), (8, 4), (4, 3)):
            layers += [nn.Linear(a, b), nn.ReLU(), nn.Dropout(0.0)]
        return nn.Sequential(*layers[:-2], layers[-1])

    mlp, theirs = models.MLP(6, [8, 4, 3]).double(), plain(twins.torch(), twins.torch().nn).double()
    mlp.load_state_dict({key: value.numpy() for key, value in theirs.state_dict().items()})
    x = np.random.default_rng(0).standard_normal((5, 6))
    np.testing.assert_allclose(mlp(x).detach().numpy(), theirs(twins.torch().tensor(x)).detach().numpy(), rtol=1e-10)


def test_mlp_options():
    mlp = models.MLP(
        4, [8, 3], norm_layer=nn.BatchNorm1d, activation_layer=nn.ELU, inplace=True, bias=False, dropout=0.5
    )
    assert [type(layer).__name__ for layer in mlp] == ["Linear", "BatchNorm1d", "ELU", "Dropout", "Linear", "Dropout"]
    assert mlp[0].bias is None
    assert mlp[2].inplace
    assert mlp[3].p == 0.5
    assert count(models.MLP(3072, [64, 64, 128, 10])) == 3072 * 64 + 64 + 64 * 64 + 64 + 64 * 128 + 128 + 1290
    with pytest.raises(ValueError, match="at least one layer"):
        models.MLP(4, [])


@pytest.mark.parametrize("mode", ["LSTM", "GRU", "RNN"])
def test_char_rnn_learns_a_line(mode):
    ag.manual_seed(0)
    text = [0, 1, 2, 3] * 8
    model = models.CharRNN(4, 16, mode=mode)
    step, x = optim.Adam(model.parameters(), lr=0.02), ag.tensor([text])
    for _ in range(40):
        scores, _ = model(x[:, :-1])
        loss = nn.functional.cross_entropy(scores.flatten(0, 1), x[0, 1:])
        step.zero_grad()
        loss.backward()
        step.step()
    assert loss.item() < 0.1
    assert model.generate([0, 1], 6, temperature=0.1) == text[:8]


def test_char_rnn_goes_on_where_it_was():
    model, x = models.CharRNN(5, 8, num_layers=2), ag.tensor([[0, 1, 2, 3, 4]])
    whole, _ = model(x)
    first, state = model(x[:, :2])
    second, _ = model(x[:, 2:], state)
    np.testing.assert_allclose(ag.cat((first, second), 1).detach().numpy(), whole.detach().numpy(), atol=1e-6)
    with pytest.raises(ValueError, match="positive temperature"):
        model.generate([0], 1, temperature=0)
    with pytest.raises(ValueError, match="LSTM, GRU, RNN"):
        models.CharRNN(5, mode="lstm")


def test_autoencoder_learns_a_line():
    ag.manual_seed(0)
    x = ag.rand(64, 1) * ag.tensor([[0.2, 0.4, 0.9, 0.5]])
    model = models.Autoencoder(4, (8, 1))
    step = optim.Adam(model.parameters(), lr=0.03)
    losses = []
    for _ in range(150):
        loss = nn.functional.mse_loss(model(x), x)
        step.zero_grad()
        loss.backward()
        step.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]
    assert [type(layer).__name__ for layer in model.decoder] == ["Linear", "ReLU", "Linear", "Sigmoid"]
    with pytest.raises(ValueError, match="at least one layer"):
        models.Autoencoder(4, ())
