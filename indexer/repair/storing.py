"""A context model as a file."""

from __future__ import annotations

import io

import numpy as np

from indexer.repair.contexts import ContextModel
from indexer.repair.keys import WORD_BITS
from indexer.repair.planes import from_planes, planes


def stored(model: ContextModel) -> bytes:
    """The content of data/contexts.npz."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        words=np.frombuffer("\n".join(model.words).encode(), np.uint8),
        totals=model.totals.astype(np.uint32),
        keys=planes(np.diff(model.keys >> np.uint64(WORD_BITS), prepend=np.uint64(0)), np.uint32),
        sizes=planes(np.diff(model.firsts), np.uint16),
        ids=planes(model.ids, np.uint16),
        counts=planes(np.minimum(model.counts, 0xFFFF), np.uint16),
        weights=planes(model.weights, np.uint32),
    )
    return file.getvalue()


def load(data: bytes) -> ContextModel:
    """The model of such a file."""
    with np.load(io.BytesIO(data)) as arrays:
        sizes = from_planes(arrays["sizes"]).astype(np.int64)
        keys = np.cumsum(from_planes(arrays["keys"]), dtype=np.uint64)
        return ContextModel(
            words=tuple(arrays["words"].tobytes().decode().split("\n")),
            totals=arrays["totals"].astype(np.float64),
            keys=keys << np.uint64(WORD_BITS),
            firsts=np.concatenate(([0], np.cumsum(sizes))),
            ids=from_planes(arrays["ids"]).astype(np.int32),
            counts=from_planes(arrays["counts"]).astype(np.float32),
            weights=from_planes(arrays["weights"]).astype(np.float64),
            total=float(arrays["totals"].sum(dtype=np.float64)),
        )
