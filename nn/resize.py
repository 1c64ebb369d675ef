"""Layers that make images larger."""

from __future__ import annotations

from typing import Any

from autograd_core import Tensor

from . import functional as F  # noqa: N812 - PyTorch's name
from .module import Module


class Upsample(Module):
    """The last axes at another resolution; see :func:`nn.functional.interpolate`.

    Args:
        size: their new lengths, an integer or one for each axis; or
        scale_factor: by how much they become longer, a number or one for each axis.
        mode: ``"nearest"``, ``"linear"``, ``"bilinear"``, ``"bicubic"`` or ``"trilinear"``.
        align_corners: whether the corner elements keep their places; not for ``"nearest"``.
        recompute_scale_factor: take the factor from the lengths once they are rounded.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.Upsample(scale_factor=2)(ag.tensor([[[1.0, 2.0]]]))
        tensor([[[1., 1., 2., 2.]]])
    """

    def __init__(
        self,
        size: Any = None,
        scale_factor: Any = None,
        mode: str = "nearest",
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
    ) -> None:
        super().__init__()
        self.size = size
        if isinstance(scale_factor, (tuple, list)):
            self.scale_factor: Any = tuple(float(factor) for factor in scale_factor)
        else:
            self.scale_factor = float(scale_factor) if scale_factor else None
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Any) -> Tensor:
        return F.interpolate(
            input,
            self.size,
            self.scale_factor,
            self.mode,
            self.align_corners,
            recompute_scale_factor=self.recompute_scale_factor,
        )

    def extra_repr(self) -> str:
        how = f"size={self.size!r}" if self.scale_factor is None else f"scale_factor={self.scale_factor!r}"
        return f"{how}, mode={self.mode!r}"


class UpsamplingNearest2d(Upsample):
    """Images with each pixel repeated.

    Args:
        size: the new height and width; or
        scale_factor: by how much they become larger.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.UpsamplingNearest2d(scale_factor=2)(ag.zeros(1, 3, 4, 4)).shape
        (1, 3, 8, 8)
    """

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, mode="nearest")


class UpsamplingBilinear2d(Upsample):
    """Images with pixels between pixels, the corner pixels in their places.

    Args:
        size: the new height and width; or
        scale_factor: by how much they become larger.

    Example:
        >>> import autograd_core as ag, nn
        >>> nn.UpsamplingBilinear2d(size=(1, 3))(ag.tensor([[[[1.0, 2.0]]]]))
        tensor([[[[1. , 1.5, 2. ]]]])
    """

    def __init__(self, size: Any = None, scale_factor: Any = None) -> None:
        super().__init__(size, scale_factor, mode="bilinear", align_corners=True)
