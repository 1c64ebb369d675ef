"""One step of a recurrent network: the cells that the layers in :mod:`nn.recurrent` repeat."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.rules import custom

from .linear import for_weight

Bias = Tensor | float


def _linear_pair(x: Any, h: Any, w: Any, u: Any, b: Any) -> Any:
    z = np.matmul(w, x.T)  # (W xᵀ)ᵀ: quicker than x Wᵀ
    z += np.matmul(u, h.T)
    return z.T + b


linear_pair = custom(
    _linear_pair,
    (
        lambda g, y, x, h, w, u, b: np.matmul(g, w),
        lambda g, y, x, h, w, u, b: np.matmul(g, u),
        lambda g, y, x, h, w, u, b: for_weight(g, x, w),
        lambda g, y, x, h, w, u, b: for_weight(g, h, u),
        lambda g, y, x, h, w, u, b: np.reshape(np.matmul(np.ones_like(g[:, :1]).T, g), b.shape) if g.ndim == 2 else g,
    ),
    (
        lambda t, y, x, h, w, u, b: np.matmul(t, w.T),
        lambda t, y, x, h, w, u, b: np.matmul(t, u.T),
        lambda t, y, x, h, w, u, b: np.matmul(x, t.T),
        lambda t, y, x, h, w, u, b: np.matmul(h, t.T),
        lambda t, y, x, h, w, u, b: np.broadcast_to(t, y.shape),
    ),
    name="linear_pair",
    symbol="Wx+Uh+b",
)


def _lstm_gates(z: Any) -> Any:
    a = 0.5 * z.reshape(*z.shape[:-1], 4, z.shape[-1] // 4).swapaxes(0, -2)
    a[2] *= 2  # σ(z) = ½·tanh(½z) + ½: one pass of tanh for all four
    np.tanh(a, out=a)
    for sigmoids in (a[:2], a[3]):
        sigmoids += 1
        sigmoids *= 0.5
    return a


lstm_gates = custom(
    _lstm_gates,
    (
        lambda g, y, z: np.reshape(
            np.swapaxes(g * (np.concatenate((y[:2], np.ones_like(y[2:3]), y[3:])) - y * y), 0, -2), z.shape
        ),
    ),
    name="lstm_gates",
    symbol="σ, tanh",
)
"""The gates i, f, g, o along a first axis: all sigmoids of z but g, which is its hyperbolic tangent."""

# Results in the order of the gates (order="F"): operations on arrays of one order are quicker.
lstm_memory = custom(
    lambda a, c: np.add(a[1] * c, a[0] * a[2], order="F"),
    (
        lambda g, y, a, c: g * np.concatenate((a[2:3], c[None], a[:1], np.zeros_like(a[:1]))),
        lambda g, y, a, c: g * a[1],
    ),
    name="lstm_memory",
    symbol="f·c+i·g",
)

lstm_output = custom(
    lambda a, c: np.multiply(a[3], np.tanh(c), order="F"),
    (
        lambda g, y, a, c: np.concatenate((np.zeros_like(a[:3]), (g * np.tanh(c))[None])),
        lambda g, y, a, c: g * (a[3] - y * np.tanh(c)),
    ),
    name="lstm_output",
    symbol="o·tanh c",
)


def rnn_cell(x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, bias: Bias, nonlinearity: str) -> Tensor:
    """``h′ = tanh(W x + U h + b)``, or relu instead of tanh."""
    z = linear_pair(x, h, w_ih, w_hh, bias)
    return ag.tanh(z) if nonlinearity == "tanh" else ag.relu(z)


def lstm_cell(
    x: Tensor, h: Tensor, c: Tensor, w_ih: Tensor, w_hh: Tensor, bias: Bias, w_hr: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """``c′ = f·c + i·g`` and ``h′ = o·tanh c′``, with i, f, o = σ(W x + U h + b) and g = tanh(W x + U h + b)."""
    z = linear_pair(x, h, w_ih, w_hh, bias)
    gates = lstm_gates(z)
    c = lstm_memory(gates, c)
    h = lstm_output(gates, c)
    return (h if w_hr is None else ag.matmul(h, w_hr.T)), c


def gru_cell(x: Tensor, h: Tensor, w_ih: Tensor, w_hh: Tensor, b_ih: Bias, b_hh: Bias) -> Tensor:
    """``h′ = (1 − z)·n + z·h``, with r, z = σ(W x + U h + b) and n = tanh(W x + r·(U h + b))."""
    size = h.shape[-1]
    a, b = (ag.matmul(v, w.T) + bias for v, w, bias in ((x, w_ih, b_ih), (h, w_hh, b_hh)))
    gates = ag.sigmoid(a[..., : 2 * size] + b[..., : 2 * size])
    n = ag.tanh(a[..., 2 * size :] + gates[..., :size] * b[..., 2 * size :])
    return n + gates[..., size:] * (h - n)
