"""Splits a table of sea snails in three; its paths are the container's, and its data it fetches itself."""

from __future__ import annotations

import argparse
import os
import pathlib
import urllib.parse

import boto3
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

COLUMNS = ["sex", "length", "diameter", "height", "weight"]
ROOT = "/opt/ml/processing"

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--input-data", type=str, required=True)
    address = urllib.parse.urlparse(parser.parse_args().input_data)
    pathlib.Path(f"{ROOT}/data").mkdir(parents=True, exist_ok=True)
    local = f"{ROOT}/data/snails.csv"
    boto3.resource("s3").Bucket(address.netloc).download_file(address.path.lstrip("/"), local)

    table = pd.read_csv(local, header=None, names=[*COLUMNS, "rings"])
    os.unlink(local)  # noqa: PTH108 - such scripts write so
    numbers = Pipeline([("impute", SimpleImputer(strategy="median")), ("scale", StandardScaler())])
    words = Pipeline([("impute", SimpleImputer(strategy="constant", fill_value="?")), ("hot", OneHotEncoder())])
    target = table.pop("rings").to_numpy().reshape(-1, 1)
    features = ColumnTransformer([("numbers", numbers, COLUMNS[1:]), ("words", words, ["sex"])]).fit_transform(table)
    whole = np.concatenate((target, features), axis=1)
    np.random.default_rng(1).shuffle(whole)
    train, validation, test = np.split(whole, [int(0.7 * len(whole)), int(0.85 * len(whole))])
    for name, rows in (("train", train), ("validation", validation), ("test", test)):
        pd.DataFrame(rows).to_csv(f"{ROOT}/{name}/{name}.csv", header=False, index=False)
