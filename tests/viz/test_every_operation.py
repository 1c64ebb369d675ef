"""Whatever the op table holds can be drawn, both ways."""

import numpy as np
import pytest
from op_cases import CASES as OF_NN

import autograd_core as ag
import nn.functional
import viz
from autograd_core.rules import TABLE
from autograd_core.testing.cases import cases_of
from autograd_core.testing.strategies import for_all


@pytest.mark.parametrize("name", [name for name, op in TABLE.items() if op.kind != "constant"])
def test_every_operation_is_drawn(name):
    op = TABLE[name]
    cases = OF_NN[name][0] if name in OF_NN else None
    cases = cases_of(op) if cases is None else cases

    def draws(case):
        inputs, params = case
        leaves = [ag.tensor(np.array(x), requires_grad=np.asarray(x).dtype.kind == "f") for x in inputs]
        with np.errstate(all="ignore"):
            result = op.function(*leaves, **params)
            for drawing in (viz.draw(result), viz.draw_backward(result.sum())):
                assert "</svg>" in drawing.to_svg()

    for_all(cases, draws, examples=1)


def test_signs_and_arguments_are_what_a_reader_needs():
    x = ag.randn(1, 1, 4, 4, requires_grad=True)
    w, b = ag.randn(1, 1, 2, 2, requires_grad=True), ag.randn(1, requires_grad=True)
    for names, value, shown, unseen in (
        ({"x": x}, nn.functional.max_pool2d(x, 2), "max_pool(x, size=(2, 2)", "dilation"),
        ({"x": x}, abs(x), "|x|", "absolute"),
        ({"x": x, "w": w, "b": b}, nn.functional.conv2d(x, w, b), "(x, w, b)", "groups"),
        ({"x": x, "w": w, "b": b}, nn.functional.conv2d(x, w, b, stride=2), "stride=(2, 2)", "groups"),
    ):
        text = viz.draw(value.sum(), names=names).to_svg()
        assert shown in text
        assert unseen not in text
