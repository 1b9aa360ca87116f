"""The preprocessing and model that users of the peers would write: scikit-learn's transformers before XGBoost.

    python model.py DATA.csv FOLDER

fits on a table whose last column is the label, and leaves the fitted model in a folder.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import joblib  # type: ignore[import-untyped]
import numpy as np
import pandas as pd
import xgboost
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

FILE = "fitted.joblib"


def fit(table: Path, folder: Path) -> None:
    """Fit the transformers and the trees."""
    frame = pd.read_csv(table)
    rows, labels = frame.iloc[:, :-1], (frame.iloc[:, -1] == "yes").to_numpy()
    numbers = list(rows.select_dtypes("number").columns)
    texts = [name for name in rows.columns if name not in numbers]
    low, high = rows[numbers].quantile(0.01).to_numpy(), rows[numbers].quantile(0.99).to_numpy()
    low, high = (np.concatenate([bound, extreme]) for bound, extreme in ((low, [0.0] * 12), (high, [1.0] * 12)))
    scale = Pipeline(
        [
            ("impute", SimpleImputer(strategy="median", add_indicator=True)),
            ("clip", FunctionTransformer(np.clip, kw_args={"a_min": low, "a_max": high})),
            ("scale", StandardScaler()),
        ]
    )
    encode = OneHotEncoder(handle_unknown="ignore", sparse_output=False, dtype=np.float32)
    transform = ColumnTransformer([("numbers", scale, numbers), ("texts", encode, texts)])
    features = transform.fit_transform(rows).astype(np.float32)
    settings = {
        "objective": "binary:logistic",
        "max_depth": 6,
        "eta": 0.1,
        "colsample_bytree": 0.5,
        "subsample": 0.9,
        "nthread": 1,
    }
    booster = xgboost.train(settings, xgboost.DMatrix(features, labels), 200)
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump((list(rows.columns), numbers, transform), folder / FILE)
    booster.save_model(folder / "model.json")
    np.savetxt(folder / "prepared.csv", features[:1], delimiter=",", fmt="%.7g")


class Model:
    """What was fitted, loaded."""

    def __init__(self, folder: Path) -> None:
        self.columns, numbers, self.transform = joblib.load(folder / FILE)
        self.types = {name: "float64" if name in numbers else "object" for name in self.columns}
        self.booster = xgboost.Booster(model_file=folder / "model.json")
        self.booster.set_param({"nthread": 1})

    def answer(self, body: bytes) -> str:
        """Raw rows as CSV in, a label and a probability a line out."""
        frame = pd.read_csv(io.BytesIO(body), names=self.columns, dtype=self.types)
        return self._told(self.transform.transform(frame).astype(np.float32))

    def answer_prepared(self, body: bytes) -> str:
        """Rows of features as CSV in, the same out."""
        return self._told(np.loadtxt(io.BytesIO(body), delimiter=",", dtype=np.float32, ndmin=2))

    def _told(self, features: Any) -> str:
        scores = self.booster.inplace_predict(features, validate_features=False)
        return "".join(f"{'yes' if score >= 0.5 else 'no'},{score}\n" for score in scores)


if __name__ == "__main__":
    fit(Path(sys.argv[1]), Path(sys.argv[2]))
