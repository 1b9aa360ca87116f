from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import boto3
import pytest

from cli.inputs import input_parameters
from cli.session import open_session
from config import load_problem
from infra.functions import start_pipeline
from local.client import client
from local.functions.invoke import invoke
from local.functions.manifest import Function, register
from local.functions.process import request_id
from local.store.home import Home
from local.store.store import Store

FILE = Path(__file__).parents[3] / "infra" / "functions" / "start_pipeline.py"
URI = "s3://raw/two/input/"
PARAMETERS = [{"Name": name, "Type": "String", "DefaultValue": "x"} for name in ("InputDataUri", "DataVersion")]
STEP = {"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "nothing more to do"}}
DEFINITION = json.dumps({"Version": "2020-12-01", "Parameters": PARAMETERS, "Steps": [STEP]})


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A place with a bucket and a pipeline, which the function's clients call as well."""
    store = Store(Home(tmp_path / "home"))
    monkeypatch.setattr(boto3, "client", lambda service: client(service, store.home.root))
    client("s3", store.home.root).create_bucket(Bucket="raw")
    client("sagemaker", store.home.root).create_pipeline(
        PipelineName="sageline-two",
        PipelineDefinition=DEFINITION,
        RoleArn="arn:aws:iam::111122223333:role/any",
        ClientRequestToken="t" * 32,
    )
    return store


def put(store: Store, name: str, content: bytes = b"a,b\n1,2\n", *, seconds_ago: float = 0) -> None:
    client("s3", store.home.root).put_object(Bucket="raw", Key=f"two/input/{name}", Body=content)
    (path,) = (store.home.objects / "raw").rglob(name)
    then = time.time() - seconds_ago
    os.utime(path, (then, then))


def started(**members: Any) -> str:
    event = {"PipelineName": "sageline-two", "InputDataUri": URI, "Reason": "Test", **members}
    return start_pipeline.handler(event, None)["PipelineExecutionArn"]


def given(store: Store, execution: str) -> dict[str, str]:
    """The parameters of an execution."""
    sagemaker = client("sagemaker", store.home.root)
    listed = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=execution)["PipelineParameters"]
    return {each["Name"]: each["Value"] for each in listed}


def test_the_function_starts_a_pipeline_as_it_is_deployed(store: Store) -> None:
    put(store, "one.csv")
    function = register(store, Function("start-pipeline", FILE, "start_pipeline.handler"), now=0.0)
    event = {"PipelineName": "sageline-two", "InputDataUri": URI, "Reason": "New data"}
    outcome = invoke(store, function, event, request=request_id("test")).wait()
    assert outcome.error is None, outcome.error
    execution = outcome.payload["PipelineExecutionArn"]
    assert given(store, execution)["InputDataUri"] == URI
    described = client("sagemaker", store.home.root).describe_pipeline_execution(PipelineExecutionArn=execution)
    assert described["PipelineExecutionDescription"] == "New data"


def test_the_same_files_start_one_execution_and_further_files_another(store: Store) -> None:
    put(store, "one.csv")
    first = started()
    assert started() == first
    put(store, "two.csv")
    second = started()
    assert second != first
    assert given(store, first)["DataVersion"] != given(store, second)["DataVersion"]


def test_the_same_bytes_once_more_are_the_same_version_and_start_again(store: Store) -> None:
    put(store, "one.csv", seconds_ago=60)
    first = started()
    put(store, "one.csv")
    again = started()
    assert again != first
    assert given(store, again) == given(store, first)


def test_each_occasion_starts_one_execution_whatever_lies_there(store: Store) -> None:
    put(store, "one.csv")
    monday = started(Occasion="schedule 2026-01-05T06:00:00Z")
    assert started(Occasion="schedule 2026-01-05T06:00:00Z") == monday
    tuesday = started(Occasion="schedule 2026-01-06T06:00:00Z")
    assert tuesday != monday
    assert given(store, tuesday) == given(store, monday)


def test_the_version_is_the_one_that_the_command_line_gives_the_same_data(store: Store) -> None:
    put(store, "one.csv")
    put(store, "two.csv", b"a,b\n3,4\n")
    problem = load_problem("digits").model_copy(update={"data": URI})
    session = open_session(store.home.root)
    assert given(store, started()) == input_parameters(session, problem)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the function would have slept."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def test_a_quiet_folder_is_not_waited_for(store: Store, waits: list[float]) -> None:
    put(store, "one.csv", seconds_ago=61)
    assert started(QuietSeconds=60) != "none"
    assert waits == []


def test_files_that_arrive_together_start_one_execution(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, "one.csv", seconds_ago=40)

    def nothing_more(seconds: float) -> None:
        assert 15 < seconds < 20
        put(store, "one.csv", seconds_ago=60)

    monkeypatch.setattr(time, "sleep", nothing_more)
    execution = started(QuietSeconds=60)
    assert execution != "none"
    assert started(QuietSeconds=60) == execution


def test_where_files_still_arrive_the_last_ones_event_starts_the_pipeline(store: Store, waits: list[float]) -> None:
    put(store, "one.csv")  # and seems to arrive when the waiting is over
    assert started(QuietSeconds=60) == "none"
    assert len(waits) == 1
    found = client("sagemaker", store.home.root).list_pipeline_executions(PipelineName="sageline-two")
    assert found["PipelineExecutionSummaries"] == []


def test_a_folder_without_data_is_said_and_starts_nothing(store: Store) -> None:
    put(store, "marker", b"")
    with pytest.raises(ValueError, match=f"There is no data at {URI}. Put the table there"):
        started()
