"""Scores a model on the test rows, and writes the report that a condition reads."""

from __future__ import annotations

import json
import pathlib
import tarfile

import pandas as pd
import xgboost
from sklearn.metrics import mean_squared_error

if __name__ == "__main__":
    with tarfile.open("/opt/ml/processing/model/model.tar.gz") as archive:
        archive.extractall(path=".", filter="data")
    model = xgboost.Booster()
    model.load_model("xgboost-model")
    table = pd.read_csv("/opt/ml/processing/test/test.csv", header=None)
    actual, features = table.to_numpy()[:, 0], table.to_numpy()[:, 1:]
    error = mean_squared_error(actual, model.predict(xgboost.DMatrix(features)))
    report = {"regression_metrics": {"mse": {"value": error, "standard_deviation": 0.0}}}
    folder = pathlib.Path("/opt/ml/processing/evaluation")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evaluation.json").write_text(json.dumps(report))
