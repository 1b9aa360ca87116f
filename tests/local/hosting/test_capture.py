"""Data capture through boto3: the service's own lines, sampled, and never in a request's way."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from local.hosting import capture
from local.hosting.exchange import Exchange
from processing_scripts.drifting.baseline import Baseline, NumericBaseline
from processing_scripts.drifting.captured import read_captured
from tests.support.endpoints import ECHO, Cloud
from tests.support.models import variant
from tests.support.pipelines import await_value

HEADERS = {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]}


def wanted(place: str, percent: int = 100, modes: tuple[str, ...] = ("Input", "Output"), **more: Any) -> dict[str, Any]:
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": percent,
        "DestinationS3Uri": f"s3://captured/{place}",
        "CaptureOptions": [{"CaptureMode": mode} for mode in modes],
        "CaptureContentTypeHeader": HEADERS,
        **more,
    }


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    made = Cloud(tmp_path_factory.mktemp("capture"))
    made.script("echo", ECHO)
    yield made
    made.close()


def keys(cloud: Cloud, place: str) -> list[str]:
    return [info.key for info in cloud.store.objects.list("captured", f"{place}/")]


def lines(cloud: Cloud, place: str) -> list[Any]:
    cloud.recorder.captures.flush()
    found = []
    for key in keys(cloud, place):
        with cloud.store.objects.open("captured", key) as file:
            found += [json.loads(line) for line in file]
    return found


def test_a_request_and_its_answer_are_a_line_below_the_hour(cloud: Cloud) -> None:
    cloud.endpoint("whole", variant("echo"), DataCaptureConfig=wanted("deep/er/"))
    shown = cloud.sagemaker.describe_endpoint(EndpointName="whole")["DataCaptureConfig"]
    assert (shown["CaptureStatus"], shown["CurrentSamplingPercentage"]) == ("Started", 100)
    before = datetime.now(UTC)
    cloud.say("whole", "1,2", InferenceId="row 7", CustomAttributes="trace=1", ContentType="text/csv; charset=utf-8")
    (line,) = lines(cloud, "deep/er/whole/AllTraffic")
    piece = {"observedContentType": "text/csv; charset=utf-8", "mode": "INPUT", "data": "1,2", "encoding": "CSV"}
    assert line["captureData"]["endpointInput"] == piece
    assert line["captureData"]["endpointOutput"] == {**piece, "observedContentType": "text/csv", "mode": "OUTPUT"}
    metadata = line["eventMetadata"]
    assert (metadata["inferenceId"], metadata["customAttributes"]) == ("row 7", ["trace=1"])
    moment = datetime.fromisoformat(metadata["inferenceTime"])
    assert before.replace(microsecond=0) <= moment <= datetime.now(UTC)
    assert re.fullmatch(r"[0-9a-f-]{36}", metadata["eventId"])
    assert line["eventVersion"] == "0"
    (key,) = keys(cloud, "deep")
    name = rf"deep/er/whole/AllTraffic/{moment:%Y/%m/%d/%H}/\d\d-\d\d-\d\d\d-[0-9a-f-]{{36}}\.jsonl"
    assert re.fullmatch(name, key)


def test_types_that_are_not_named_are_in_base64(cloud: Cloud) -> None:
    cloud.endpoint("types", variant("echo"), DataCaptureConfig=wanted("types", modes=("InputAndOutput",)))
    cloud.say("types", "\x00", ContentType="application/x-npy", Accept="application/json")
    (line,) = lines(cloud, "types")
    data = line["captureData"]
    assert base64.b64decode(data["endpointInput"]["data"]) == b"\x00"
    assert (data["endpointInput"]["encoding"], data["endpointOutput"]["encoding"]) == ("BASE64", "JSON")


def test_a_text_that_is_none_is_in_base64(cloud: Cloud) -> None:
    config = wanted("x")
    exchange = Exchange("e", "c", "v", 200, 0.0, request=b"\xff", request_type="text/csv")
    line = json.loads(capture.line(config, exchange))
    assert line["captureData"]["endpointInput"]["encoding"] == "BASE64"
    assert (
        capture.folder({"DestinationS3Uri": "https://s3.amazonaws.com/b/k"}, exchange) == "s3://b/k/e/v/1970/01/01/00"
    )


def test_only_what_is_asked_for_is_kept(cloud: Cloud) -> None:
    cloud.endpoint("inputs", variant("echo"), DataCaptureConfig=wanted("inputs", modes=("Input",)))
    cloud.say("inputs", "1")
    for body in ("fail", "refuse"):
        with pytest.raises(cloud.runtime.exceptions.ModelError):
            cloud.say("inputs", body)
    assert [list(line["captureData"]) for line in lines(cloud, "inputs")] == [["endpointInput"]]
    cloud.endpoint("off", variant("echo"), DataCaptureConfig=wanted("off", EnableCapture=False))
    cloud.say("off", "1")
    assert lines(cloud, "off") == []
    shown = cloud.sagemaker.describe_endpoint(EndpointName="off")["DataCaptureConfig"]
    assert shown["CaptureStatus"] == "Stopped"


def test_a_sample_is_the_same_for_the_same_ids_and_even_without(cloud: Cloud) -> None:
    cloud.endpoint("part", variant("echo"), DataCaptureConfig=wanted("part", 25))
    for _ in range(2):
        for number in range(40):
            cloud.say("part", "1", InferenceId=f"id {number}")
    counted: dict[str, int] = {}
    for line in lines(cloud, "part"):
        name = line["eventMetadata"]["inferenceId"]
        counted[name] = counted.get(name, 0) + 1
    assert set(counted.values()) == {2}
    assert 4 <= len(counted) <= 17
    before = len(lines(cloud, "part"))
    for _ in range(40):
        cloud.say("part", "1")
    assert 9 <= len(lines(cloud, "part")) - before <= 11


def test_what_cannot_be_captured_is_answered_all_the_same(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud.endpoint("lost", variant("echo"), DataCaptureConfig=wanted("../../outside"))
    assert cloud.say("lost", "1") == "1"
    cloud.recorder.captures.flush()
    log = (cloud.home / "endpoints" / "lost.log").read_text()
    assert "1 requests could not be captured below s3://captured/../../outside/lost/AllTraffic/" in log
    monkeypatch.setattr(capture, "MOST_BYTES", 1)
    assert cloud.say("lost", "22") == "22"
    cloud.recorder.captures.flush()
    assert "1 requests were not captured: more came" in (cloud.home / "endpoints" / "lost.log").read_text()


def test_a_file_is_there_a_moment_later_by_itself(cloud: Cloud) -> None:
    cloud.endpoint("soon", variant("echo"), DataCaptureConfig=wanted("soon"))
    cloud.say("soon", "1")
    assert await_value(lambda: keys(cloud, "soon"), "the captured file", 10)


def test_the_drift_check_reads_it(cloud: Cloud) -> None:
    cloud.endpoint("drift", variant("echo"), DataCaptureConfig=wanted("drift"))
    cloud.say("drift", "1,2\n3,4\n")
    cloud.say("drift", '{"instances": [[5, 6]]}', ContentType="application/json", Accept="application/json")
    bare = {name: value for name, value in wanted("drift").items() if name != "CaptureContentTypeHeader"}
    cloud.endpoint("drift-too", variant("echo"), DataCaptureConfig=bare)
    cloud.say("drift-too", "7,8")
    cloud.recorder.captures.flush()
    empty = np.array([])
    columns = tuple(NumericBaseline(name, 0, 0, frozenset(), empty, empty) for name in ("a", "b"))
    baseline = Baseline(("a", "b"), "y", frozenset(), columns)
    found = read_captured(Path(cloud.store.objects.root / "captured" / "drift"), baseline)
    assert (found.requests, found.unreadable, found.rows) == (3, 0, 4)
    assert sorted(float(cell) for cell in found.cells["a"]) == [1, 3, 5, 7]
    assert found.times[0].endswith("Z")
