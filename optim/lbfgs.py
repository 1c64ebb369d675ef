"""L-BFGS: a quasi-Newton method with little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd_core import Tensor, enable_grad
from autograd_core.tensor import from_array

from .line_search import Point, strong_wolfe
from .optimizer import Optimizer, check_at_least_zero, own, settings
from .rule import Group, State


class LBFGS(Optimizer):
    """Steps towards where a quadratic through the last changes of the gradient is lowest. For full batches.

    Formula:
        s = wₖ − wₖ₋₁; y = gₖ − gₖ₋₁; w ← w − tHg, where H ≈ the inverse Hessian is never formed: starting from
        H = (yᵀs/yᵀy)·I, each pair kept turns it into (I − ρsyᵀ)H(I − ρysᵀ) + ρssᵀ with ρ = 1/yᵀs.
        t is η, at the very first step min(1, 1/‖g‖₁)·η, or found by line search.

    Args:
        params: the parameters; one group only.
        lr: η, the learning rate.
        max_iter: the most iterations of one :meth:`step`.
        max_eval: the most evaluations of the loss; 5/4 of ``max_iter`` by default.
        tolerance_grad: stop where no element of the gradient is larger.
        tolerance_change: stop where neither the loss nor a parameter changes by more.
        history_size: how many pairs s, y are kept.
        line_search_fn: ``"strong_wolfe"`` or None.

    Raises:
        ValueError: the learning rate is negative, there is more than one group, or no such line search.

    Example:
        >>> import autograd_core as ag, optim
        >>> w = ag.tensor([1.0, -2.0], requires_grad=True)
        >>> optimizer = optim.LBFGS([w], line_search_fn="strong_wolfe")
        >>> def closure():
        ...     optimizer.zero_grad()
        ...     loss = ((w - 3) ** 2).sum()
        ...     loss.backward()
        ...     return loss
        >>> optimizer.step(closure)
        tensor(29., grad_fn=<sum>)
        >>> w
        tensor([3., 3.], requires_grad=True)

    Source: Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4.
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        if max_eval is None:
            max_eval = max_iter * 5 // 4
        super().__init__(params, settings(locals()))

    def add_param_group(self, param_group: Group) -> None:
        if self.param_groups:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        super().add_param_group(param_group)

    def check(self, group: Group) -> None:
        check_at_least_zero(group, lr="learning rate")
        if group["line_search_fn"] not in (None, "strong_wolfe"):
            raise ValueError(f"only 'strong_wolfe' is supported as line_search_fn, got {group['line_search_fn']!r}")

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Iterate until the loss is minimal, or ``max_iter`` or ``max_eval`` is reached.

        Args:
            closure: computes the loss again, calls ``backward`` and returns the loss.

        Returns:
            The loss before the step.
        """
        if closure is None:
            raise TypeError("LBFGS evaluates the loss several times a step: pass step() a closure that computes it")
        group, parameters = self.param_groups[0], self.param_groups[0]["params"]
        lr, tolerance, searching = float(group["lr"]), group["tolerance_change"], group["line_search_fn"] is not None
        state = self.state[parameters[0]]
        state.setdefault("func_evals", 0)
        state.setdefault("n_iter", 0)

        def evaluate() -> Any:
            state["func_evals"] += 1
            with enable_grad():
                return closure()

        before = state["func_evals"]
        first = evaluate()
        loss, g = float(first), _gradient(parameters)
        for k in range(1, group["max_iter"] + 1):
            if np.abs(g).max() <= group["tolerance_grad"]:
                break
            state["n_iter"] += 1
            d = self._direction(state, g, group["history_size"])
            t = min(1.0, 1 / float(np.abs(g).sum())) * lr if state["n_iter"] == 1 else lr
            slope, previous = float(g @ d), loss
            state |= {"d": from_array(d), "t": t, "prev_flat_grad": from_array(g), "prev_loss": loss}
            if slope > -tolerance:
                break
            start = [parameter.array for parameter in parameters]
            if searching:

                def at(t: float, start: list[Any] = start, d: Any = d) -> Point:
                    _move(parameters, start, t, d)
                    loss = float(evaluate())
                    g = _gradient(parameters)
                    return Point(t, loss, g, float(g @ d))

                here, size = Point(0.0, loss, g, slope), float(np.abs(d).max())
                left = group["max_eval"] - state["func_evals"] + before
                t, loss, g, _ = strong_wolfe(at, here, t, size, tolerance, left)
            _move(parameters, start, t, d)
            state["t"] = t
            if k == group["max_iter"]:
                break
            if not searching:
                loss, g = float(evaluate()), _gradient(parameters)
            if (
                state["func_evals"] - before >= group["max_eval"]
                or np.abs(t * d).max() <= tolerance
                or abs(loss - previous) < tolerance
            ):
                break
        return first

    def _direction(self, state: State, g: Any, history_size: int) -> Any:
        """−Hg, after remembering the last step."""
        if state["n_iter"] == 1:
            state |= {"old_dirs": [], "old_stps": [], "ro": [], "H_diag": 1.0}
            return -g
        y, s = g - state["prev_flat_grad"].array, state["d"].array * state["t"]
        product = float(y @ s)
        changes, steps, rho = state["old_dirs"], state["old_stps"], state["ro"]
        if product > 1e-10:
            for kept, new in ((changes, from_array(y)), (steps, from_array(s)), (rho, 1 / product)):
                del kept[: max(0, len(kept) + 1 - history_size)]
                kept.append(new)
            state["H_diag"] = product / float(y @ y)
        d, shares = -g, []
        for s, y, r in zip(reversed(steps), reversed(changes), reversed(rho), strict=True):
            shares.append(r * float(s.array @ d))
            d = d - shares[-1] * y.array
        d = d * state["H_diag"]
        for s, y, r, share in zip(steps, changes, rho, reversed(shares), strict=True):
            d = d + (share - r * float(y.array @ d)) * s.array
        return d

    def fitted(self, kept: Mapping[str, Any], parameter: Tensor) -> State:
        total = sum(p.numel() for p in self.param_groups[0]["params"])

        def vector(value: Any) -> Tensor:
            loaded = own(value, parameter.dtype)
            if loaded.shape != (total,):
                raise ValueError(f"loaded state has shape {loaded.shape}, all parameters together ({total},)")
            return loaded

        fitted: State = {}
        for key, value in kept.items():
            if key in ("d", "prev_flat_grad"):
                fitted[key] = vector(value)
            elif key in ("old_dirs", "old_stps"):
                fitted[key] = [vector(one) for one in value]
            elif key == "ro":
                fitted[key] = [float(one) for one in value]
            elif key in ("func_evals", "n_iter"):
                fitted[key] = int(value)
            elif key in ("t", "H_diag", "prev_loss"):
                fitted[key] = float(value)
        return fitted


def _gradient(parameters: list[Tensor]) -> Any:
    """All gradients in a row."""
    grads = (np.zeros_like(p.array) if p.grad is None else p.grad.array for p in parameters)
    return np.concatenate([np.reshape(g, -1) for g in grads])


def _move(parameters: list[Tensor], start: list[Any], t: float, d: Any) -> None:
    """Let the parameters be start + t·d."""
    i = 0
    for parameter, array in zip(parameters, start, strict=True):
        parameter.array = (array + t * np.reshape(d[i : i + array.size], array.shape)).astype(array.dtype)
        i += array.size
