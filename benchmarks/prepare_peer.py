"""What a person would write with pandas and scikit-learn to prepare a table; called by `benchmarks.prepare`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def main() -> None:
    """Prepare the one file of the input folder."""
    parser = argparse.ArgumentParser()
    for name in ("--input", "--output", "--target", "--metric"):
        parser.add_argument(name, required=True)
    options = parser.parse_args()
    (path,) = Path(options.input).iterdir()
    frame = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    labels = (frame.pop(options.target) == "yes").astype("float32")
    train, rest, train_y, rest_y = train_test_split(frame, labels, test_size=0.2, stratify=labels, random_state=7)
    validation, test, validation_y, test_y = train_test_split(
        rest, rest_y, test_size=0.5, stratify=rest_y, random_state=7
    )
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    levels = OneHotEncoder(handle_unknown="ignore", sparse_output=False, dtype="float32")
    numeric = frame.select_dtypes("number").columns
    transform: Any = make_column_transformer((numbers, numeric), (levels, frame.columns.difference(numeric)))
    transform.fit(train)
    parts = {"train": (train, train_y), "validation": (validation, validation_y), "test": (test, test_y)}
    for name, (rows, answers) in parts.items():
        folder = Path(options.output) / name
        folder.mkdir(parents=True)
        features = pd.DataFrame(transform.transform(rows).astype("float32"), columns=transform.get_feature_names_out())
        features["label"] = answers.to_numpy()
        features.to_parquet(folder / "features.parquet")
        if name != "train":
            rows.to_parquet(folder / "rows.parquet")


if __name__ == "__main__":
    main()
