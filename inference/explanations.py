"""Why a model scores a row as it does: the share of each raw column in the score, and what the score is without any.

XGBoost's own SHAP values (Lundberg and others, "Consistent individualized feature attribution for tree ensembles",
2018), and a linear model's products, summed over the features that come of one raw column. Baseline and contributions
add up to the model's margin: the value itself for regression, log odds of the positive class for binary problems, and
for several classes the predicted label's.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inference.features import Features
from inference.formats.table import RequestError
from inference.predict import Model, load_source


class Explains(Protocol):
    """A model that can say what each feature adds."""

    def contributions(self, matrix: NDArray[np.float32]) -> NDArray[np.float32]:
        """What each feature adds to each margin, (rows, margins, features + 1), the last being the baseline."""
        ...


class Explainer:
    """Explains the scores of an archive's model; XGBoost is loaded with the first explanation."""

    def __init__(self, folder: Path, features: Features, model: Model) -> None:
        self._folder = folder
        self._features = features
        self._given: Any = model
        widths = [len(column.features()) for column in features.used]
        self._starts = np.concatenate([[0], np.cumsum(widths)[:-1]]).astype(np.int64)
        self.columns = [column.name for column in features.used]

    def explain(
        self, matrix: NDArray[np.float32], scores: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The baselines, (rows,), and the contributions of the columns, (rows, columns), to each row's margin."""
        parts = self._model.contributions(matrix)
        chosen = np.argmax(scores, axis=1) if scores.ndim == 2 else np.zeros(len(matrix), dtype=np.int64)
        of_row = parts[np.arange(len(matrix)), chosen]
        return of_row[:, -1], np.add.reduceat(of_row[:, :-1], self._starts, axis=1)

    @cached_property
    def _model(self) -> Explains:
        given: Any = self._given
        try:
            # A compiled model scores and says no more.
            if not hasattr(given, "contributions"):
                given = load_source(self._folder, self._features)
        except ImportError as error:
            raise RequestError("explanations need XGBoost, which is not installed here.", 501) from error
        explains: Explains = given
        return explains
