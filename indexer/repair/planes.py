"""Numbers as planes of bytes: packed, they take far less room than side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def planes(values: NDArray[np.generic], kind: type[np.unsignedinteger]) -> NDArray[np.uint8]:
    """The lowest bytes of all values [n], the next ones, … [bytes, n]."""
    small = values.astype(np.dtype(kind).newbyteorder("<"))
    return np.ascontiguousarray(small.view(np.uint8).reshape(len(small), -1).T)


def from_planes(found: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The values [n] of planes [bytes, n]."""
    shifts = np.arange(0, 8 * len(found), 8, dtype=np.uint64)
    return sum(
        (plane.astype(np.uint64) << shift for plane, shift in zip(found, shifts, strict=True)),
        start=np.zeros(found.shape[1], np.uint64),
    )
