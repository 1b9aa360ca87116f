"""Values that may be personal: what stands in their place where rows are shown to people or kept.

The problem names the columns; `Features.personal` carries them to whatever follows. Sample rows and rejected rows go
through `without_personal` or `masked`, names of features through `masked_feature`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

MASK = "•••"


def masked(value: object, column: str, personal: Collection[str]) -> str:
    """The text to show for a cell."""
    return MASK if column in personal else str(value)


def without_personal(row: Mapping[str, Any], personal: Collection[str]) -> dict[str, Any]:
    """A raw row whose personal cells are missing, so that a model still takes it."""
    return {name: None if name in personal else value for name, value in row.items()}


def masked_feature(name: str, personal: Iterable[str]) -> str:
    """The name of a feature, without the level that it is of where its column is personal (`town=•••`)."""
    for column in personal:
        if name.startswith(f"{column}="):
            return f"{column}={MASK}"
    return name
