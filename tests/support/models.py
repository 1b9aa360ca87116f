"""Small model archives as their containers take them, and the requests that make models of them."""

from __future__ import annotations

import io
import tarfile
from typing import Any

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
XGBOOST = f"{REGISTRY}/sagemaker-xgboost:3.2-0"
SKLEARN = f"{REGISTRY}/sagemaker-scikit-learn:1.4-2-cpu-py3"
ROLE = "arn:aws:iam::000000000000:role/models"
SCRIPT_MODE = {"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}

# A script as somebody else would write it: four hooks, JSON in and out, a file of the model read by a fixed path.
FOREIGN = """
import json
import os

import helper


def model_fn(model_dir):
    with open(os.path.join(model_dir, "weights.json")) as file:
        return json.load(file)


def input_fn(body, content_type):
    if content_type != "application/json":
        raise ValueError("send JSON, not " + content_type)
    return json.loads(body)["instances"]


def predict_fn(rows, weights):
    return [helper.dot(row, weights) for row in rows]


def output_fn(prediction, accept):
    return json.dumps({"predictions": prediction}), accept
"""
HELPER = "def dot(a, b):\n    return sum(x * y for x, y in zip(a, b))\n"


def archive(**files: str | bytes) -> bytes:
    """A tar.gz of files given by path, written with two underscores for a slash, and content."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as opened:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name.replace("__", "/"))
            member.size = len(data)
            opened.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def foreign_archive(weights: str = "[1, 2]") -> bytes:
    return archive(**{"weights.json": weights, "code__inference.py": FOREIGN, "code__helper.py": HELPER})


def script_container(uri: str, image: str = SKLEARN, **environment: str) -> dict[str, Any]:
    return {"Image": image, "ModelDataUrl": uri, "Environment": {**SCRIPT_MODE, **environment}}


def variant(model: Any, name: str = "AllTraffic", weight: float = 1.0) -> dict[str, Any]:
    return {
        "VariantName": name,
        "ModelName": model,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
        "InitialVariantWeight": weight,
    }
