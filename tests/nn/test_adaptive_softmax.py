"""AdaptiveLogSoftmaxWithLoss: the same as PyTorch's; probabilities that add up to 1."""

import numpy as np
import pytest
import twins

import autograd_core as ag
import nn

X = np.random.default_rng(0).standard_normal((6, 8))


@pytest.mark.peers
@pytest.mark.parametrize("targets", [[0, 3, 9, 2, 6, 5], [9, 9, 9, 9, 9, 9], [1, 0, 1, 0, 2, 2]])
@pytest.mark.parametrize("bias", [False, True])
def test_results_and_gradients_are_pytorchs(targets, bias):
    twins.same(
        lambda lib, nn: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3, 6], div_value=2.0, head_bias=bias),
        X,
        np.array(targets),
    )


@pytest.mark.peers
def test_all_probabilities_are_pytorchs():
    ours, theirs = twins.twins(lambda lib, nn: nn.AdaptiveLogSoftmaxWithLoss(8, 10, [2, 3, 7], 1.5))
    x = twins.torch().tensor(X)
    np.testing.assert_allclose(
        ours.log_prob(ag.tensor(X)).detach().numpy(), theirs.log_prob(x).detach().numpy(), rtol=1e-12
    )
    assert ours.predict(ag.tensor(X)).tolist() == theirs.predict(x).tolist()


def test_probabilities_add_up_to_1_and_the_loss_takes_those_of_the_targets():
    module = nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3, 6], dtype="float64")
    every = module.log_prob(ag.tensor(X)).detach()
    np.testing.assert_allclose(every.exp().sum(1).numpy(), 1)
    targets = [9, 0, 4, 5, 1, 8]
    output, loss = module(ag.tensor(X), ag.tensor(targets))
    np.testing.assert_allclose(output.detach().numpy(), every.numpy()[np.arange(6), targets])
    assert loss.item() == pytest.approx(-output.mean().item())
    one = module(ag.tensor(X[0]), ag.tensor(9))
    assert (one.output.shape, one.output.item()) == ((), pytest.approx(output[0].item()))


@pytest.mark.parametrize("cutoffs", [[], [0, 3], [3, 3], [5, 2], [10], [2.5]])
def test_cutoffs_that_make_no_sense(cutoffs):
    with pytest.raises(ValueError, match="cutoffs should be"):
        nn.AdaptiveLogSoftmaxWithLoss(8, 10, cutoffs)


@pytest.mark.parametrize("targets", [[10] * 6, [-1] * 6, [0.0] * 6, [0] * 5])
def test_targets_that_are_no_classes(targets):
    module = nn.AdaptiveLogSoftmaxWithLoss(8, 10, [3])
    with pytest.raises(RuntimeError, match="AdaptiveLogSoftmaxWithLoss takes"):
        module(ag.tensor(X, dtype="float32"), ag.tensor(targets))
