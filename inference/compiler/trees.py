"""XGBoost's trees as a model to compile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.compiler import source, xgboost_model
from inference.compiler.adversarial import adversarial_rows
from inference.compiler.errors import CompileError
from inference.compiler.forest import Forest
from inference.compiler.layout import lay_out
from inference.predict import import_xgboost


class XGBoostTrees:
    """The trees of an XGBoost model file, up to the best iteration where training stopped early."""

    spare_ulps = 0

    def __init__(self, path: Path) -> None:
        self.path = path
        self.forest: Forest = xgboost_model.read(path)
        self.width = self.forest.width
        self.outputs = self.forest.outputs
        self.emulated_rows = max(256, min(4000, 2_000_000 // max(len(self.forest.trees), 1)))

    def facts(self) -> Mapping[str, Any]:
        """The objective, what sums start with, and how many trees there are."""
        forest = self.forest
        return {
            "kind": "trees",
            "objective": forest.objective,
            "link": forest.link.value,
            "margins": list(forest.margins),
            "trees": len(forest.trees),
            "best_iteration": forest.best_iteration,
        }

    def program(self) -> str:
        """The tables and their walk."""
        return source.program(self.forest, lay_out(self.forest))

    def hard_rows(self) -> NDArray[np.float32]:
        """Rows around every threshold."""
        return adversarial_rows(self.forest)

    def own_scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """What XGBoost itself answers, on one thread."""
        xgboost = import_xgboost()
        try:
            booster = xgboost.Booster(model_file=self.path)
        except xgboost.core.XGBoostError as error:
            raise CompileError(f"{self.path.name} is not a model that XGBoost {xgboost.__version__} reads.") from error
        booster.set_param({"nthread": 1})
        best, rounds = self.forest.best_iteration, booster.num_boosted_rounds()
        limits = (0, 0) if best is None else (0, min(best + 1, rounds))
        found = booster.inplace_predict(np.ascontiguousarray(rows), iteration_range=limits, validate_features=False)
        return np.asarray(found, dtype=np.float32)
