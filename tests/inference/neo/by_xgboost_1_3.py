"""Run by the Python that has XGBoost 1.3: reads models, says whether it writes the same back, and predicts.

Its arguments are the file of the rows, and the models' files; beside each it leaves predictions and an `again` file.
"""

from __future__ import annotations

import sys

import numpy as np
import xgboost

assert xgboost.__version__ == "1.3.3"
matrix = xgboost.DMatrix(np.load(sys.argv[1]), nthread=1)
for path in sys.argv[2:]:
    booster = xgboost.Booster({"nthread": 1}, model_file=path)
    booster.save_model(f"{path}.again")
    np.save(f"{path}.npy", booster.predict(matrix).astype(np.float32))
