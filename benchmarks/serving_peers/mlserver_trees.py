"""XGBoost's trees as a runtime of MLServer, called as its documentation has it; it takes prepared rows.

    mlserver start FOLDER

where FOLDER holds what `benchmarks.named_contenders` writes.
"""

from __future__ import annotations

import numpy as np
import xgboost
from mlserver import MLModel  # type: ignore[import-not-found]
from mlserver.codecs import NumpyCodec  # type: ignore[import-not-found]
from mlserver.types import InferenceRequest, InferenceResponse  # type: ignore[import-not-found]


class Trees(MLModel):  # type: ignore[misc]
    """A model file of XGBoost."""

    async def load(self) -> bool:
        """Load it."""
        self._booster = xgboost.Booster(model_file=self.settings.parameters.uri)
        self._booster.set_param({"nthread": 1})
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Answer rows of features."""
        rows = NumpyCodec.decode_input(payload.inputs[0]).astype(np.float32)
        scores = self._booster.inplace_predict(rows, validate_features=False)
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output("scores", scores)])
