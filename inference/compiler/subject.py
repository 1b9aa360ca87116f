"""What a model of any kind has to offer to be compiled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class Subject(Protocol):
    """A model that was read: it writes its C program and answers for itself."""

    @property
    def path(self) -> Path:
        """The model's own file."""
        ...

    @property
    def width(self) -> int:
        """Features in a row."""
        ...

    @property
    def outputs(self) -> int:
        """Numbers in an answer."""
        ...

    @property
    def spare_ulps(self) -> int:
        """How many 32-bit numbers a compiled answer may be away from the model's own; 0 for trees."""
        ...

    @property
    def emulated_rows(self) -> int:
        """How many rows an emulator gets through in seconds."""
        ...

    def facts(self) -> Mapping[str, Any]:
        """What the description says of the model, `kind` first."""
        ...

    def program(self) -> str:
        """The C program, the same for every target."""
        ...

    def hard_rows(self) -> NDArray[np.float32]:
        """Rows (n, width) that are likely to show a difference."""
        ...

    def own_scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """The model's own answers to (rows, width): (rows,) where there is one output, else (rows, outputs)."""
        ...
