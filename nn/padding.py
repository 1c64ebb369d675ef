"""Layers that make the last axes longer."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .axes import Axes
from .functional.geometry import each_axis


class _Padding(Axes):
    """Base of the padding layers."""

    _mode: ClassVar[str]

    def __init__(self, padding: Any) -> None:
        super().__init__()
        self.padding = each_axis(padding, 2 * self._count, self._get_name(), "padding", -(2**62))

    def forward(self, input: Any) -> Tensor:
        return F.pad(input, self.padding, self._mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class _ConstantPad(_Padding):
    """The last {n} axes with a number added at both ends; see :func:`nn.functional.pad`.

    Args:
        padding: how many elements, an integer or before and after, for the last axis first; negative ones cut off.
        value: the number.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, C, {R}) or (C, {R}).
    """

    _mode = "constant"

    def __init__(self, padding: Any, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Any) -> Tensor:
        return F.pad(input, self.padding, self._mode, self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPad):
    __doc__ = _ConstantPad._described(1, "nn.ConstantPad1d(1, 9.0)(ag.tensor([[1.0]])) -> tensor([[9., 1., 9.]])")
    _count = 1


class ConstantPad2d(_ConstantPad):
    __doc__ = _ConstantPad._described(2, "nn.ConstantPad2d(1, 0.5)(ag.zeros(1, 2, 2)).shape -> (1, 4, 4)")
    _count = 2


class ConstantPad3d(_ConstantPad):
    __doc__ = _ConstantPad._described(3, "nn.ConstantPad3d(1, 0.5)(ag.zeros(1, 2, 2, 2)).shape -> (1, 4, 4, 4)")
    _count = 3


class _ZeroPad(_ConstantPad):
    """The last {n} axes with zeros added at both ends; see :func:`nn.functional.pad`.

    Args:
        padding: how many elements, an integer or before and after, for the last axis first; negative ones cut off.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, C, {R}) or (C, {R}).
    """

    def __init__(self, padding: Any) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad1d(_ZeroPad):
    __doc__ = _ZeroPad._described(1, "nn.ZeroPad1d((2, 0))(ag.tensor([[1.0, 2.0]])) -> tensor([[0., 0., 1., 2.]])")
    _count = 1


class ZeroPad2d(_ZeroPad):
    __doc__ = _ZeroPad._described(2, "nn.ZeroPad2d((1, 1, 2, 0))(ag.zeros(1, 2, 2)).shape -> (1, 4, 4)")
    _count = 2


class ZeroPad3d(_ZeroPad):
    __doc__ = _ZeroPad._described(3, "nn.ZeroPad3d(1)(ag.zeros(1, 2, 2, 2)).shape -> (1, 4, 4, 4)")
    _count = 3


class _ReflectionPad(_Padding):
    """The last {n} axes with what lies inside mirrored at both ends; see :func:`nn.functional.pad`.

    Args:
        padding: how many elements, an integer or before and after, for the last axis first.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, C, {R}) or (C, {R}).
    """

    _mode = "reflect"


class ReflectionPad1d(_ReflectionPad):
    __doc__ = _ReflectionPad._described(
        1, "nn.ReflectionPad1d(1)(ag.tensor([[1.0, 2.0]])) -> tensor([[2., 1., 2., 1.]])"
    )
    _count = 1


class ReflectionPad2d(_ReflectionPad):
    __doc__ = _ReflectionPad._described(2, "nn.ReflectionPad2d(1)(ag.zeros(1, 2, 2)).shape -> (1, 4, 4)")
    _count = 2


class ReflectionPad3d(_ReflectionPad):
    __doc__ = _ReflectionPad._described(3, "nn.ReflectionPad3d(1)(ag.zeros(1, 2, 2, 2)).shape -> (1, 4, 4, 4)")
    _count = 3


class _ReplicationPad(_Padding):
    """The last {n} axes with their end elements repeated; see :func:`nn.functional.pad`.

    Args:
        padding: how many elements, an integer or before and after, for the last axis first.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, C, {R}) or (C, {R}).
    """

    _mode = "replicate"


class ReplicationPad1d(_ReplicationPad):
    __doc__ = _ReplicationPad._described(
        1, "nn.ReplicationPad1d(1)(ag.tensor([[1.0, 2.0]])) -> tensor([[1., 1., 2., 2.]])"
    )
    _count = 1


class ReplicationPad2d(_ReplicationPad):
    __doc__ = _ReplicationPad._described(2, "nn.ReplicationPad2d(1)(ag.zeros(1, 2, 2)).shape -> (1, 4, 4)")
    _count = 2


class ReplicationPad3d(_ReplicationPad):
    __doc__ = _ReplicationPad._described(3, "nn.ReplicationPad3d(1)(ag.zeros(1, 2, 2, 2)).shape -> (1, 4, 4, 4)")
    _count = 3


class _CircularPad(_Padding):
    """The last {n} axes with what lies at the other end added; see :func:`nn.functional.pad`.

    Args:
        padding: how many elements, an integer or before and after, for the last axis first.

    Returns:
        From a call with (N, C, {S}) or (C, {S}): a Tensor (N, C, {R}) or (C, {R}).
    """

    _mode = "circular"


class CircularPad1d(_CircularPad):
    __doc__ = _CircularPad._described(1, "nn.CircularPad1d(1)(ag.tensor([[1.0, 2.0]])) -> tensor([[2., 1., 2., 1.]])")
    _count = 1


class CircularPad2d(_CircularPad):
    __doc__ = _CircularPad._described(2, "nn.CircularPad2d(1)(ag.zeros(1, 2, 2)).shape -> (1, 4, 4)")
    _count = 2


class CircularPad3d(_CircularPad):
    __doc__ = _CircularPad._described(3, "nn.CircularPad3d(1)(ag.zeros(1, 2, 2, 2)).shape -> (1, 4, 4, 4)")
    _count = 3
