"""Which variant answers a request: the one named, else by weights, always the same for the same inference id."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

# Multiples of the golden ratio spread evenly: requests without an id meet the variants in proportion from the start.
_GOLDEN = 0.6180339887498949
_requests = itertools.count(1)


def choose(variants: Sequence[Mapping[str, Any]], endpoint: str, inference_id: str | None) -> Mapping[str, Any]:
    """Return the variant for a request to an endpoint; the weights are `CurrentWeight`."""
    weights = [max(0.0, float(variant.get("CurrentWeight", 1.0))) for variant in variants]
    total = sum(weights)
    place = total * _position(endpoint, inference_id)
    for variant, weight in zip(variants, weights, strict=True):
        place -= weight
        if place < 0 and weight > 0:
            return variant
    return variants[0]


def _position(endpoint: str, inference_id: str | None) -> float:
    """Return a number from 0 up to 1."""
    if inference_id is None:
        return next(_requests) * _GOLDEN % 1.0
    digest = hashlib.sha256(f"{endpoint}/{inference_id}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)
