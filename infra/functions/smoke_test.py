"""SmokeTest: asks a deployed endpoint for sample rows, and compares with what is known of them.

The event is {"EndpointName": …, "ModelDataUrl": …} for an archive that travels with its own samples: it is read as a
stream up to its `samples.json`; nothing is unpacked. Or it is {"EndpointName": …, "SamplesUri": …}, the address of an
object {"rows": lines of CSV, "answers": the cells of each line of the answer}. Numbers may differ in the last digits,
as they do between processors; labels may not.
"""

from __future__ import annotations

import csv
import io
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
    if "SamplesUri" in event:
        samples = read_object(event["SamplesUri"])
        expected, found = samples["answers"], answers(event["EndpointName"], samples["rows"])
        who = "the candidate"
    else:
        samples = read_samples(event["ModelDataUrl"])
        expected, found = samples["predictions"], predictions(event["EndpointName"], samples["rows"])
        who = "training"
    if len(found) != len(expected):
        raise ValueError(f"The endpoint answered {len(found)} predictions for {len(expected)} sample rows.")
    for number, (one, other) in enumerate(zip(found, expected, strict=True), 1):
        if not same(one, other):
            raise ValueError(f"The endpoint predicts {one} for sample row {number}, where {who} predicted {other}.")
    print(f"{event['EndpointName']} predicts what {who} did for {len(expected)} sample rows.")
    return {"Rows": str(len(expected))}


def read_samples(uri: str) -> Any:
    """Return the sample rows and predictions of a model archive."""
    with tarfile.open(fileobj=opened(uri), mode="r|gz") as archive:
        for member in archive:
            if member.name.removeprefix("./") == SAMPLES and member.isfile() and member.size <= MAX_SAMPLES_BYTES:
                file = archive.extractfile(member)
                return json.load(file) if file is not None else {}
    raise ValueError(f"The archive {uri} holds no {SAMPLES}.")


def read_object(uri: str) -> Any:
    """Return the sample rows and answers in an object of their own."""
    content = opened(uri).read(MAX_SAMPLES_BYTES + 1)
    if len(content) > MAX_SAMPLES_BYTES:
        raise ValueError(f"{uri} holds more than {MAX_SAMPLES_BYTES} bytes, and no sample rows.")
    return json.loads(content)


def opened(uri: str) -> Any:
    """Return an object's content as a stream."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"]


def predictions(endpoint: str, rows: list[Any]) -> list[Any]:
    """Ask an endpoint of our own archives."""
    body = json.dumps({"instances": rows})
    found: list[Any] = json.loads(invoked(endpoint, "application/json", body))["predictions"]
    return found


def answers(endpoint: str, rows: str) -> list[Any]:
    """Ask an endpoint that is asked and answers in CSV; returns the cells of each line."""
    return [row for row in csv.reader(io.StringIO(invoked(endpoint, "text/csv", rows), newline="")) if row]


def invoked(endpoint: str, content_type: str, body: str) -> str:
    """Return the endpoint's answer, of the type that it was asked in."""
    runtime = boto3.client("sagemaker-runtime")
    answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType=content_type, Accept=content_type, Body=body)
    text: str = answer["Body"].read().decode("utf-8")
    return text


def same(one: Any, other: Any) -> bool:
    """Say whether two predictions are the same, but for the last digits of their numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, str) and isinstance(other, str):
        return one == other or same_in_text(one, other)
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(one == other)


def same_in_text(one: str, other: str) -> bool:
    """Say whether two different cells of CSV are the same number, or lists of the same numbers.

    Whole numbers may be labels.
    """
    try:
        first, second = json.loads(one), json.loads(other)
    except ValueError:
        return False
    return first == second if isinstance(first, int) and isinstance(second, int) else same(first, second)
