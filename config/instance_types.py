"""The instance types that SageMaker has for each use."""

from __future__ import annotations

import re

from config import instance_types_table as table


def _types(families: dict[str, str]) -> frozenset[str]:
    return frozenset(f"ml.{family}.{size}" for family, sizes in families.items() for size in sizes.split())


PROCESSING = _types(table.PROCESSING)
TRAINING = _types(table.TRAINING)
HOSTING = _types(table.HOSTING)
TRANSFORM = _types(table.TRANSFORM)
NOTEBOOK = _types(table.NOTEBOOK)

NOT_ON_AL2023 = frozenset({"p2", "p3", "p3dn", "inf1", "g3"})
"""Families that notebook instances with Amazon Linux 2023 do not have, by SageMaker's developer guide."""

# A "d" among the letters behind the generation marks local storage (m5d, g4dn); some families have it unmarked.
_LOCAL_STORAGE = re.compile(
    r"^ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|g5|g6|g6e|gr6|p4de|p5[a-z]*|p6[a-z0-9-]*|trn\d[a-z]*|i\d[a-z]*)\."
)


def has_local_storage(instance_type: str) -> bool:
    """Say whether an instance type brings storage of its own, which takes no encryption key."""
    return _LOCAL_STORAGE.match(instance_type) is not None


def without_local_storage(instance_type: str) -> str:
    """Return the name of the same type without local storage, which may not exist."""
    start, family, size = instance_type.split(".")
    return f"{start}.{family.replace('d', '', 1)}.{size}"


# A "g" behind the generation is AWS's own processor (c7g, m6gd); a "g" before it is a graphics card (g5).
_GRAVITON = re.compile(r"^ml\.[a-z]+\d+g[a-z]*\.")
_MACHINE_LEARNING_CHIPS = re.compile(r"^ml\.(?:inf|trn|dl)\d")
_BURSTABLE = re.compile(r"^ml\.t\d")


def is_graviton(instance_type: str) -> bool:
    """Say whether an instance type has an Arm processor, for which an image must be built of its own."""
    return _GRAVITON.match(instance_type) is not None


def has_machine_learning_chips(instance_type: str) -> bool:
    """Say whether an instance type is made for chips that only models compiled for them use."""
    return _MACHINE_LEARNING_CHIPS.match(instance_type) is not None


def is_burstable(instance_type: str) -> bool:
    """Say whether an instance type saves up processor time, which Application Auto Scaling does not scale."""
    return _BURSTABLE.match(instance_type) is not None
