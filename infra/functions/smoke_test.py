"""SmokeTest: asks a deployed endpoint for sample rows, and compares with what is known of them.

The event is {"EndpointName": …, "ModelDataUrl": …} for an archive that travels with its own samples: it is read as a
stream up to its `samples.json`; nothing is unpacked. Or it is {"EndpointName": …, "SamplesUri": …}, the address of an
object {"rows": lines of CSV, "answers": the cells of each line of the answer}. Numbers may differ in the last digits,
as they do between processors; labels may not.

An endpoint that passes is tagged with its configuration. One that fails is given back the configuration in its tag, and
the execution fails: a model that predicts otherwise serves for no longer than it takes to load the one before. Where
nothing has passed yet, the endpoint that was made for the model is deleted: no answer is better than a wrong one.
"""

from __future__ import annotations

import csv
import io
import json
import math
import tarfile
import time
from typing import Any

import boto3
from botocore.config import Config

SAMPLES = "samples.json"
MAX_SAMPLES_BYTES = 4 * 1024 * 1024
RELATIVE, ABSOLUTE = 1e-5, 1e-7
PASSED = "sageline:passed"
# A model has 60 seconds to answer. Asked again and again, one that hangs would leave no time to go back.
ONCE = Config(read_timeout=70, retries={"total_max_attempts": 1})
PATIENCE_SECONDS, MARGIN_SECONDS, LOOK_SECONDS = 30.0, 10.0, 0.5


def handler(event: dict[str, Any], context: Any) -> dict[str, str]:
    """Return {"Rows": how many rows were compared}.

    Raises:
        ValueError: the endpoint predicts otherwise, or does not answer. It goes back to what passed last, or away.
    """
    endpoint = event["EndpointName"]
    try:
        rows = compare(event)
    except Exception as error:
        raise ValueError(f"{error} {go_back(endpoint, context)}") from error
    keep(endpoint)
    return {"Rows": str(rows)}


def compare(event: dict[str, Any]) -> int:
    """Return how many rows the endpoint predicts as it should; ValueError where it does not."""
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
    return len(expected)


def keep(endpoint: str) -> None:
    """Note, in a tag of the endpoint's own, that its configuration has passed."""
    sagemaker = boto3.client("sagemaker")
    described = sagemaker.describe_endpoint(EndpointName=endpoint)
    tag = {"Key": PASSED, "Value": described["EndpointConfigName"]}
    sagemaker.add_tags(ResourceArn=described["EndpointArn"], Tags=[tag])


def go_back(endpoint: str, context: Any) -> str:
    """Give an endpoint the configuration that passed last, and say so; where that fails, say what stands in its way."""
    sagemaker = boto3.client("sagemaker")
    try:
        described = sagemaker.describe_endpoint(EndpointName=endpoint)
        found = sagemaker.list_tags(ResourceArn=described["EndpointArn"])["Tags"]
        good = next((tag["Value"] for tag in found if tag["Key"] == PASSED), None)
        if good is None:
            return delete(sagemaker, described)
        if good == described["EndpointConfigName"]:
            return f"The endpoint goes on with this model: it is that of {good}, which passed before."
        sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=good)
        back = settle(sagemaker, endpoint, context)
    except Exception as error:  # noqa: BLE001 - why the test failed is told in any case
        return f"The endpoint could not go back to what it served before: {error}"
    return f"The endpoint {'serves' if back else 'is going back to'} {good} again, which passed before."


def delete(sagemaker: Any, described: Any) -> str:
    """Delete an endpoint on which no model has passed, and say so; one that was there before this one is left alone."""
    config = sagemaker.describe_endpoint_config(EndpointConfigName=described["EndpointConfigName"])
    if described["CreationTime"] < config["CreationTime"]:
        return (
            "The endpoint goes on with this model: none has passed before, and the endpoint was there before this "
            "deployment. Delete it where nothing else is known of it."
        )
    sagemaker.delete_endpoint(EndpointName=described["EndpointName"])
    return "The endpoint, which was made for this model, is deleted: none has passed on it."


def settle(sagemaker: Any, endpoint: str, context: Any) -> bool:
    """Wait for a moment until an endpoint has changed; it goes on changing where that takes longer."""
    left = context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS if context is not None else PATIENCE_SECONDS
    deadline = time.monotonic() + min(left, PATIENCE_SECONDS)
    while time.monotonic() < deadline:
        if sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointStatus"] == "InService":
            return True
        time.sleep(LOOK_SECONDS)
    return False


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
    runtime = boto3.client("sagemaker-runtime", config=ONCE)
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
