"""Transformer layers and stacks: PyTorch's numbers for every option, training steps, what is refused."""

import numpy as np
import pytest
import twins

import autograd_core as ag
import nn
import optim

RNG = np.random.default_rng(0)
SIZE, BATCH = 8, 2
PADDED = np.array([[False, False, False, True, True], [False] * 5])


def numbers(*shape):
    return RNG.standard_normal(shape)


def layer(name, **options):
    return lambda lib, nn: getattr(nn, name)(SIZE, 2, 12, dropout=0.0, **options)


def causal(lib, length):
    return lib.triu(lib.ones(length, length), 1) == 1


def lib_of(module):
    return ag if isinstance(module, nn.Module) else twins.torch()


@pytest.mark.peers
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"norm_first": True, "batch_first": True},
        {"activation": "gelu", "bias": False},
        {"layer_norm_eps": 1e-2, "norm_first": True},
    ],
)
def test_layers_as_in_pytorch(options):
    def shaped(*lengths):
        arrays = [numbers(length, BATCH, SIZE) for length in lengths]
        return [a.swapaxes(0, 1).copy() for a in arrays] if options.get("batch_first") else arrays

    twins.same(layer("TransformerEncoderLayer", **options), *shaped(5))
    twins.same(
        layer("TransformerEncoderLayer", **options),
        *shaped(5),
        call=lambda m, x: m(x, causal(lib_of(m), 5), lib_of(m).tensor(PADDED)),
    )
    twins.same(layer("TransformerDecoderLayer", **options), *shaped(4, 5))
    twins.same(
        layer("TransformerDecoderLayer", **options),
        *shaped(4, 5),
        call=lambda m, x, y: m(x, y, causal(lib_of(m), 4), memory_key_padding_mask=lib_of(m).tensor(PADDED)),
    )


@pytest.mark.peers
def test_activations_may_be_functions_or_modules():
    twins.same(lambda lib, nn: nn.TransformerEncoderLayer(SIZE, 2, 12, 0.0, nn.functional.silu), numbers(5, 2, SIZE))
    twins.same(lambda lib, nn: nn.TransformerEncoderLayer(SIZE, 2, 12, 0.0, nn.Tanh()), numbers(5, 2, SIZE))


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("options", [{}, {"batch_first": True, "norm_first": True}])
def test_the_whole_as_in_pytorch(options):
    def make(lib, nn):
        return nn.Transformer(SIZE, 2, 2, 2, 12, dropout=0.0, **options)

    def call(m, x, y):
        mask = m.generate_square_subsequent_mask(4, dtype=y.dtype)
        return m(x, y, tgt_mask=mask, src_key_padding_mask=lib_of(m).tensor(PADDED), tgt_is_causal=True)

    shapes = ((BATCH, 5, SIZE), (BATCH, 4, SIZE)) if options else ((5, BATCH, SIZE), (4, BATCH, SIZE))
    twins.same(make, *(numbers(*shape) for shape in shapes), call=call)


@pytest.mark.peers
@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
def test_a_stack_without_a_norm_and_without_a_batch():
    def make(lib, nn):
        return nn.TransformerEncoder(nn.TransformerEncoderLayer(SIZE, 2, 12, dropout=0.0), 2)

    twins.same(make, numbers(5, SIZE))


@pytest.mark.peers
def test_training_a_layer_follows_pytorch():
    x, target, found = numbers(5, BATCH, SIZE), numbers(5, BATCH, SIZE), []
    models = twins.twins(layer("TransformerEncoderLayer"))
    for lib, nn_, optim_, model in zip(
        (ag, twins.torch()), (nn, twins.torch().nn), (optim, twins.torch().optim), models, strict=True
    ):
        step, losses = optim_.Adam(model.parameters(), lr=0.01), []
        for _ in range(25):
            step.zero_grad()
            loss = nn_.MSELoss()(model(lib.tensor(x)), lib.tensor(target))
            loss.backward()
            step.step()
            losses.append(loss.item())
        found.append(losses)
    np.testing.assert_allclose(*found, rtol=1e-5)
    assert found[0][-1] < 0.8 * found[0][0]


def test_copies_are_of_their_own():
    encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(SIZE, 2, 12), 2)
    first, second = (one.linear1.weight for one in encoder.layers)
    assert first.tolist() == second.tolist()
    nn.init.zeros_(first)
    assert second.any()


def test_the_mask_hides_the_future():
    ag.manual_seed(0)
    model = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(SIZE, 2, 12, batch_first=True), 2, nn.LayerNorm(SIZE)
    ).eval()
    mask = nn.Transformer.generate_square_subsequent_mask(5)
    x = ag.randn(1, 5, SIZE)
    changed = ag.cat((x[:, :3], ag.randn(1, 2, SIZE)), 1)
    before, after = model(x, mask, is_causal=True), model(changed, mask, is_causal=True)
    np.testing.assert_allclose(before[:, :3].detach().numpy(), after[:, :3].detach().numpy(), rtol=1e-5, atol=1e-6)
    assert abs(float((before - after)[:, 3:].abs().max())) > 0.1


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda: nn.TransformerEncoderLayer(8, 2, activation="sine"), "activation should be relu/gelu, not sine"),
        (lambda: nn.Transformer(8, 2, 1, 1, 4)(ag.ones(5, 2, 8), ag.ones(4, 3, 8)), "batch number of src and tgt"),
        (lambda: nn.Transformer(8, 2, 1, 1, 4)(ag.ones(5, 2, 8), ag.ones(4, 2, 6)), "must equal d_model 8"),
    ],
)
def test_what_is_refused(call, what):
    with pytest.raises(ValueError, match=what):
        call()
