"""Trains on the prepared rows, as a script of SDK v3's ModelTrainer: its arguments are the hyperparameters."""

from __future__ import annotations

import argparse
import json
import os
import pathlib

import pandas as pd
import xgboost

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--num_round", type=int, required=True)
    parser.add_argument("--params", type=json.loads, required=True)
    given = parser.parse_args()
    data = {}
    for name in ("train", "validation"):
        table = pd.read_csv(pathlib.Path(os.environ[f"SM_CHANNEL_{name.upper()}"]) / f"{name}.csv", header=None)
        data[name] = xgboost.DMatrix(table.to_numpy()[:, 1:], label=table.to_numpy()[:, 0])
    evals = [(matrix, name) for name, matrix in data.items()]
    model = xgboost.train(given.params, data["train"], given.num_round, evals=evals)
    pathlib.Path("/opt/ml/model/xgboost-model").write_bytes(model.save_raw("ubj"))
