"""SmokeTest: asks a deployed endpoint for the archive's own sample rows, and compares with what training predicted.

The event is {"EndpointName": …, "ModelDataUrl": …}. The archive is read as a stream up to its `samples.json`; nothing
is unpacked. Numbers may differ in the last digits, as they do between processors; labels may not.
"""

from __future__ import annotations

import json
import math
import tarfile
from typing import Any

import boto3

SAMPLES = "samples.json"
MAX_SAMPLES_BYTES = 4 * 1024 * 1024
RELATIVE, ABSOLUTE = 1e-5, 1e-7


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Return {"Rows": how many rows were compared}; raises ValueError where the endpoint predicts otherwise."""
    del context
    samples = read_samples(event["ModelDataUrl"])
    rows, expected = samples["rows"], samples["predictions"]
    found = predictions(event["EndpointName"], rows)
    if len(found) != len(expected):
        raise ValueError(f"The endpoint answered {len(found)} predictions for {len(expected)} sample rows.")
    for number, (one, other) in enumerate(zip(found, expected, strict=True), 1):
        if not same(one, other):
            raise ValueError(f"The endpoint predicts {one} for sample row {number}, where training predicted {other}.")
    print(f"{event['EndpointName']} predicts what training did for {len(rows)} sample rows.")
    return {"Rows": str(len(rows))}


def read_samples(uri: str) -> Any:
    """Return the sample rows and predictions of a model archive."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    body = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"]
    with tarfile.open(fileobj=body, mode="r|gz") as archive:
        for member in archive:
            if member.name.removeprefix("./") == SAMPLES and member.isfile() and member.size <= MAX_SAMPLES_BYTES:
                opened = archive.extractfile(member)
                return json.load(opened) if opened is not None else {}
    raise ValueError(f"The archive {uri} holds no {SAMPLES}.")


def predictions(endpoint: str, rows: list[Any]) -> list[Any]:
    """Ask the endpoint."""
    answer = boto3.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=endpoint,
        ContentType="application/json",
        Accept="application/json",
        Body=json.dumps({"instances": rows}),
    )
    found: list[Any] = json.loads(answer["Body"].read())["predictions"]
    return found


def same(one: Any, other: Any) -> bool:
    """Say whether two predictions are the same, but for the last digits of their numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(one == other)
