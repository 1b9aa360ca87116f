"""Which variant answers a request: the one named, else by weights, always the same for the same inference id."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

VARIANT, FLEET, CAPTURE, SHADOW = "variant", "fleet", "capture", "shadow"
# Multiples of an irrational number spread evenly: requests without an id meet what is chosen in proportion from the
# start. Each purpose has a number of its own, so that no choice depends on another.
_STEPS = {
    VARIANT: 0.6180339887498949,
    FLEET: 0.6457513110645906,
    CAPTURE: 0.4142135623730951,
    SHADOW: 0.7320508075688772,
}
_requests: dict[tuple[str, str], Iterator[int]] = {}


def choose(variants: Sequence[Mapping[str, Any]], endpoint: str, inference_id: str | None) -> Mapping[str, Any]:
    """Return the variant for a request to an endpoint; the weights are `CurrentWeight`."""
    weights = [max(0.0, float(variant.get("CurrentWeight", 1.0))) for variant in variants]
    total = sum(weights)
    place = total * _position(endpoint, VARIANT, inference_id)
    for variant, weight in zip(variants, weights, strict=True):
        place -= weight
        if place < 0 and weight > 0:
            return variant
    return variants[0]


def sampled(share: float, endpoint: str, purpose: str, inference_id: str | None) -> bool:
    """Say whether a request is among a share (0 to 1) of them. What is in a smaller share is in a larger one, too."""
    return share >= 1.0 or (share > 0.0 and _position(endpoint, purpose, inference_id) < share)


def _position(endpoint: str, purpose: str, inference_id: str | None) -> float:
    """Return a number from 0 up to 1."""
    if inference_id is None:
        numbers = _requests.setdefault((endpoint, purpose), itertools.count(1))
        return next(numbers) * _STEPS[purpose] % 1.0
    text = f"{endpoint}/{inference_id}" if purpose == VARIANT else f"{endpoint}/{purpose}/{inference_id}"
    digest = hashlib.sha256(text.encode()).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)
