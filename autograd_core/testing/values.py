"""Numbers at which an operation is smooth."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..rules import REAL, Domain

SPAN = 3.0
"""Values of an unbounded domain stay within this distance of 0, or of its one bound."""

MARGIN = 0.1
"""How far values stay from kinks and bounds."""

GOLDEN = 0.6180339887498949


def values(domain: Domain = REAL, dtype: Any = np.float64, place: int = 0) -> NDArray[Any]:
    """Numbers inside a domain, a tenth or more away from its bounds and kinks, simplest first.

    Args:
        domain: where the operation is smooth.
        dtype: a floating dtype.
        place: which input they are for; different places get different numbers, so that none tie.

    Returns:
        About sixty distinct numbers.

    Raises:
        ValueError: the domain leaves no room.

    Example:
        >>> from autograd_core.rules import POSITIVE
        >>> bool((values(POSITIVE) > 0.09).all())
        True
    """
    low, high = domain.low, domain.high
    if np.isinf(low):
        low = high - 2 * SPAN if np.isfinite(high) else -SPAN
    if np.isinf(high):
        high = max(low + 2 * SPAN, SPAN) if np.isfinite(domain.low) else SPAN
    margin = MARGIN * min(1.0, high - low)
    spread = (np.arange(1, 64) * GOLDEN + place * 0.1234567) % 1.0
    found = low + margin + (high - low - 2 * margin) * spread
    for kink in domain.kinks:
        found = found[np.abs(found - kink) >= margin]
    if not found.size:
        raise ValueError(f"{domain} leaves no values at a distance of {margin:g} from its bounds and kinks")
    return found[np.argsort(np.abs(found))].astype(dtype)
