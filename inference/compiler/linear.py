"""The linear baseline as a model to compile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.columns import FeaturesError
from inference.compiler.adversarial import SPECIAL, rows_of_one_value
from inference.compiler.errors import CompileError
from inference.compiler.source import array, floats, opening
from inference.features import load_features
from inference.predict import LINEAR_FILE, LinearModel, ModelError

_WALK = Path(__file__).with_name("linear.c")
_LINKS = {"regression": "IDENTITY", "binary": "SIGMOID", "multiclass": "SOFTMAX"}
_ROWS = 2000
_SEED = 7


class LinearWeights:
    """The coefficients of linear.json, with features.json beside it for the kind of problem."""

    spare_ulps = 1
    """numpy and C libraries have exponentials of their own, which may differ in the last of 64 bits."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            features = load_features(path.with_name("features.json"))
            self._model = LinearModel(json.loads(path.read_text(encoding="utf-8")), features)
        except (FeaturesError, ModelError) as error:
            raise CompileError(str(error)) from error
        except (OSError, ValueError) as error:
            raise CompileError(f"{path.name} cannot be read as JSON: {error}.") from error
        self._kind = features.kind
        self.outputs, self.width = self._model.weights[0].shape

    @property
    def emulated_rows(self) -> int:
        """As many as there are."""
        return 4000

    def facts(self) -> Mapping[str, Any]:
        """The kind of problem."""
        return {"kind": "linear", "objective": self._kind, "link": _LINKS[self._kind].lower(), "best_iteration": None}

    def program(self) -> str:
        """The coefficients and their sums."""
        coefficients, intercepts = self._model.weights
        numbers = {"WIDTH": self.width, "OUTPUTS": self.outputs}
        links = {f"LINK_{name}": place for place, name in enumerate(_LINKS.values())}
        parts = [
            opening(self.width, self.outputs, f"a linear model, {self._kind}"),
            *(f"#define {name} {value}" for name, value in {**numbers, **links}.items()),
            f"#define LINK LINK_{_LINKS[self._kind]}",
            array("double", "COEFFICIENTS", floats(coefficients.ravel())),
            array("double", "INTERCEPTS", floats(intercepts)),
            _WALK.read_text(encoding="utf-8"),
        ]
        return "\n".join(parts)

    def hard_rows(self) -> NDArray[np.float32]:
        """Rows of all sizes, some with infinite and missing values, which Prepare leaves none of."""
        random = np.random.default_rng(_SEED)
        rows = random.standard_normal((_ROWS, self.width)) * 10.0 ** random.integers(-6, 7, (_ROWS, 1))
        found = rows.astype(np.float32)
        special = np.asarray(random.random(found.shape) < 1 / (10 * self.width))
        found[special] = random.choice(SPECIAL, int(special.sum()))
        return np.concatenate([rows_of_one_value(self.width), found])

    def own_scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """What numpy makes of the coefficients."""
        with np.errstate(all="ignore"):
            return self._model.scores(rows)


def find(folder: Path) -> Path | None:
    """The linear model in a folder, if there is one."""
    path = folder / LINEAR_FILE
    return path if path.is_file() else None
