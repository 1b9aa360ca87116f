"""The drift pipeline on the laptop: captured rows against the approved model's training rows, by its own definition."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cli.problems import load
from cli.publish import CAPTURED_BUCKET, publish_drift
from cli.session import Session, open_session
from local.hosting.pool import pool_of
from local.hosting.recording import recorder_of
from local.store.home import Home
from local.store.store import Store
from tests.support.captured import captured_key, captured_line
from tests.support.command import Finished, here, share_definitions
from tests.support.models import ROLE, variant
from tests.support.patience import looks

ENDED = ("Succeeded", "Failed", "Stopped")


@dataclass(frozen=True)
class Laptop:
    """A home with an approved model, and rows that it was not trained on."""

    session: Session
    pipeline: str
    rows: list[list[Any]]

    def capture(self, rows: Sequence[Sequence[Any]]) -> None:
        """Put rows where an endpoint would, a request each, in every encoding in turn."""
        encodings = ("CSV", "JSON", "BASE64")
        lines = [captured_line([row], encodings[number % 3]) for number, row in enumerate(rows)]
        key = f"breast_cancer/{captured_key('live-sageline-breast-cancer', 1)}"
        self.session.s3.create_bucket(Bucket=CAPTURED_BUCKET)
        self.session.s3.put_object(Bucket=CAPTURED_BUCKET, Key=key, Body="\n".join(lines).encode())

    def check(self, **parameters: str) -> tuple[dict[str, Any], Any]:
        """Run the pipeline to its end; return its description and what was measured."""
        described = self.run(**parameters)
        execution = described["PipelineExecutionArn"].rpartition("/")[2]
        key = f"sageline-breast-cancer/{execution}/MeasureDrift/drift/drift.json"
        body = self.session.s3.get_object(Bucket=self.session.artifact_bucket, Key=key)["Body"].read()
        return described, json.loads(body)

    def run(self, **parameters: str) -> dict[str, Any]:
        """Run the pipeline to its end; return its description."""
        sagemaker = self.session.sagemaker
        given = {"Until": "2026-11-21T00:00:00Z", "LeastRows": "50", **parameters}
        arn = sagemaker.start_pipeline_execution(
            PipelineName=self.pipeline,
            PipelineParameters=[{"Name": name, "Value": value} for name, value in given.items()],
            ClientRequestToken=f"{time.time_ns():040}",
        )["PipelineExecutionArn"]
        for _ in looks(60):
            described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
            if described["PipelineExecutionStatus"] in ENDED:
                break
        return dict(described)


@pytest.fixture(scope="module")
def copied(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Laptop]:
    """Makes copies of the home: other tests count on nobody having approved anything in theirs."""

    def laptop(name: str) -> Laptop:
        home = finished.copy(tmp_path_factory.mktemp(name)).home
        share_definitions(home)
        session = open_session(home)
        execution = finished.result["execution"].rpartition("/")[2]
        key = f"sageline-breast-cancer/{execution}/Prepare/test/rows-00000.parquet"
        body = session.s3.get_object(Bucket=session.artifact_bucket, Key=key)["Body"].read()
        problem, environment = load("breast_cancer")
        table = pq.read_table(BytesIO(body)).drop_columns([problem.target])
        rows = [list(row.values()) for row in table.to_pylist()]
        return Laptop(session, publish_drift(session, problem, environment), rows)

    return laptop


@pytest.fixture(scope="module")
def laptop(copied: Callable[[str], Laptop]) -> Laptop:
    found = copied("approved")
    assert here(Path(found.session.home.root), "approve", "breast_cancer/1").code == 0
    return found


def test_rows_like_those_of_training_end_well(laptop: Laptop) -> None:
    laptop.capture(laptop.rows)
    described, found = laptop.check()
    assert described["PipelineExecutionStatus"] == "Succeeded", described.get("FailureReason")
    assert (found["status"], found["rows"], found["unreadable_requests"]) == ("measured", len(laptop.rows), 0)
    assert (found["from"], found["drifted_columns"], len(found["columns"])) == ("2026-11-20T10:00:00Z", 0, 30)


def test_drift_fails_the_execution_and_says_where(laptop: Laptop) -> None:
    laptop.capture([[3 * float(row[0]), *row[1:]] for row in laptop.rows])
    described, found = laptop.check()
    assert described["PipelineExecutionStatus"] == "Failed"
    (drifted,) = [column for column in found["columns"] if column["drifted"]]
    assert drifted["ks"] > 0.9
    assert f"Drift: 1 of 30 columns have drifted in {len(laptop.rows)} captured rows" in described["FailureReason"]
    steps = laptop.session.sagemaker.list_pipeline_execution_steps(
        PipelineExecutionArn=described["PipelineExecutionArn"]
    )["PipelineExecutionSteps"]
    # What rules listen to: the check that broke has no such step.
    assert [each["StepStatus"] for each in steps if each["StepName"] == "Drifted"] == ["Failed"]
    assert laptop.run(MostDriftedColumns="1")["PipelineExecutionStatus"] == "Succeeded"


def test_days_without_captured_rows_end_well(laptop: Laptop) -> None:
    described, found = laptop.check(Until="2020-01-01T00:00:00Z")
    assert described["PipelineExecutionStatus"] == "Succeeded"
    assert (found["status"], found["files"]) == ("too few rows", 0)


def test_before_a_model_is_approved_there_is_nothing_to_compare_with(copied: Callable[[str], Laptop]) -> None:
    nobody = copied("unapproved")
    nobody.capture(nobody.rows)
    described, found = nobody.check()
    assert (described["PipelineExecutionStatus"], found["status"]) == ("Succeeded", "no model")


def test_what_an_endpoint_captured_is_what_is_compared(copied: Callable[[str], Laptop]) -> None:
    """An endpoint of the approved version, asked for its test rows by requests; nothing is put where it captures."""
    asked = copied("asked")
    home = Path(asked.session.home.root)
    assert here(home, "approve", "breast_cancer/1").code == 0
    sagemaker, runtime = asked.session.sagemaker, asked.session.runtime
    version = sagemaker.list_model_packages(ModelPackageGroupName="sageline-breast-cancer")["ModelPackageSummaryList"]
    container: Any = {"ModelPackageName": version[0]["ModelPackageArn"]}
    sagemaker.create_model(ModelName="live", ExecutionRoleArn=ROLE, PrimaryContainer=container)
    sagemaker.create_endpoint_config(
        EndpointConfigName="live",
        ProductionVariants=[variant("live")],  # type: ignore[list-item]
        DataCaptureConfig={
            "EnableCapture": True,
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": f"s3://{CAPTURED_BUCKET}/breast_cancer",
            "CaptureOptions": [{"CaptureMode": "InputAndOutput"}],
            "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]},
        },
    )
    sagemaker.create_endpoint(EndpointName="live-sageline-breast-cancer", EndpointConfigName="live")
    sagemaker.get_waiter("endpoint_in_service").wait(
        EndpointName="live-sageline-breast-cancer", WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    for row in asked.rows:
        runtime.invoke_endpoint(
            EndpointName="live-sageline-breast-cancer", ContentType="text/csv", Body=",".join(map(str, row))
        )
    store = Store(Home(home))
    recorder_of(store).close()
    described, found = asked.check(Until="now")
    pool_of(store).stop()
    assert described["PipelineExecutionStatus"] == "Succeeded", described.get("FailureReason")
    assert (found["status"], found["rows"], found["unreadable_requests"]) == ("measured", len(asked.rows), 0)
    assert found["drifted_columns"] == 0
