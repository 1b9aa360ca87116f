"""Model, EndpointConfig, Endpoint and Transform steps of definitions that are not ours, run by real engines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.client import client
from tests.support.models import ROLE, SKLEARN, archive, foreign_archive, script_container, variant
from tests.support.pipelines import CACHED, Ended, Lab, definition, get, join

SUM = """
import os


def model_fn(model_dir):
    return os.environ.get("FACTOR", "1")


def transform_fn(factor, body, content_type, accept):
    rows = body.splitlines() if isinstance(body, str) else body.decode().splitlines()
    return "\\n".join(str(int(factor) * sum(int(cell) for cell in row.split(","))) for row in rows), "text/csv"
"""


def model(uri: str, name: str = "Model", **environment: str) -> dict[str, Any]:
    container = script_container(uri, **environment)
    return {"Name": name, "Type": "Model", "Arguments": {"ExecutionRoleArn": ROLE, "PrimaryContainer": container}}


def config(*variants: dict[str, Any], **more: Any) -> dict[str, Any]:
    name = join("config", get("Execution.PipelineExecutionId"), on="-")
    arguments = {"EndpointConfigName": name, "ProductionVariants": list(variants), **more}
    return {"Name": "Config", "Type": "EndpointConfig", "Arguments": arguments}


def endpoint() -> dict[str, Any]:
    arguments = {"EndpointName": "shop", "EndpointConfigName": get("Steps.Config.EndpointConfigName")}
    return {"Name": "Endpoint", "Type": "Endpoint", "Arguments": arguments}


def transform(source: str, **more: Any) -> dict[str, Any]:
    arguments = {
        "ModelName": get("Steps.Model.ModelName"),
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": source}},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        "TransformOutput": {
            "S3OutputPath": join("s3://work/out", get("Execution.PipelineExecutionId"), on="/"),
            "Accept": "text/csv",
            "AssembleWith": "Line",
        },
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        **more,
    }
    return {"Name": "Batch", "Type": "Transform", "Arguments": arguments, "CacheConfig": CACHED}


def read(ended: Ended, key: str) -> str:
    with ended.lab.store.objects.open("work", f"out/{ended.execution.id}/{key}") as handle:
        return handle.read().decode()


def test_an_endpoint_is_deployed_and_a_failed_update_leaves_it_serving(lab: Lab) -> None:
    good = lab.put("good.tar.gz", foreign_archive("[1, 1]"))
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": "s3://w/",
        "CaptureOptions": [],
    }
    steps = (model(good), config(variant(get("Steps.Model.ModelName")), DataCaptureConfig=capture), endpoint())
    ended = lab.run(definition(*steps))
    assert ended.statuses == dict.fromkeys(("Model", "Config", "Endpoint"), "Succeeded"), ended.execution
    assert [record.how for record in ended.steps.values()] == ["ran"] * 3
    assert ended.steps["Config"].reason is None
    assert ended.summary["endpoint"] == "arn:aws:sagemaker:us-east-1:000000000000:endpoint/shop"
    changes = [each for each in lab.store.events.after() if each["detail-type"] == "SageMaker Endpoint State Change"]
    assert [each["detail"]["EndpointStatus"] for each in changes] == ["CREATING", "IN_SERVICE"]

    bad = lab.put("bad.tar.gz", archive(**{"code__inference.py": "raise RuntimeError('no')"}))
    failed = lab.run(definition(model(bad), *steps[1:]), "second000000")
    assert failed.statuses["Endpoint"] == "Failed"
    reason = failed.steps["Endpoint"].reason or ""
    assert "inference.py cannot be imported: RuntimeError: no" in reason
    assert reason.endswith("The endpoint goes on with what it served before.")
    found = client("sagemaker", lab.store.home.root).describe_endpoint(EndpointName="shop")
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", "config-first0000000")
    answer = client("sagemaker-runtime", lab.store.home.root).invoke_endpoint(
        EndpointName="shop", ContentType="application/json", Body=json.dumps({"instances": [[2, 3]]})
    )
    assert json.loads(answer["Body"].read()) == {"predictions": [5]}


def test_an_endpoint_moves_by_stages_and_what_has_no_effect_is_named(lab: Lab) -> None:
    topic = "arn:aws:sns:us-east-1:000000000000:done"
    output = {"S3OutputPath": "s3://work/later", "NotificationConfig": {"SuccessTopic": topic}}
    later = config(variant(get("Steps.Model.ModelName")), AsyncInferenceConfig={"OutputConfig": output})
    routing = {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 1}
    guarded = endpoint()
    guarded["Arguments"]["DeploymentConfig"] = {
        "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing},
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "Errors"}]},
    }
    steps = (model(lab.put("good.tar.gz", foreign_archive())), later, guarded)
    ended = lab.run(definition(*steps))
    assert ended.steps["Config"].reason == "Without effect on the laptop: NotificationConfig."
    again = lab.run(definition(*steps), "second000000")
    assert again.statuses["Endpoint"] == "Succeeded", again.steps["Endpoint"].reason
    assert again.steps["Endpoint"].reason is None
    found = client("sagemaker", lab.store.home.root).describe_endpoint(EndpointName="shop")
    assert found["EndpointConfigName"] == "config-second000000"
    assert found["LastDeploymentConfig"]["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"] == routing


def test_a_transform_job_is_cached_by_what_is_in_its_model(lab: Lab) -> None:
    uri = lab.put("sum.tar.gz", archive(**{"code__inference.py": SUM}))
    lab.put("rows/a.csv", "1,2\n3,4\n")
    lab.put("rows/deep/b.csv", "5,6")
    batch = transform("s3://work/rows/", Environment={"FACTOR": "2"}, MaxConcurrentTransforms=2)
    ended = lab.run(definition(model(uri), batch))
    assert ended.statuses == {"Model": "Succeeded", "Batch": "Succeeded"}, ended.steps["Batch"].reason
    assert (read(ended, "a.csv.out"), read(ended, "deep/b.csv.out")) == ("6\n14\n", "22\n")
    described = client("sagemaker", lab.store.home.root).describe_transform_job(
        TransformJobName=(ended.steps["Batch"].job or {})["name"]
    )
    assert described["TransformJobStatus"] == "Completed"
    again = lab.run(definition(model(uri), batch), "second000000")
    assert (again.steps["Batch"].cache or {})["result"] == "hit"
    lab.put("rows/a.csv", "1,1\n")
    changed = lab.run(definition(model(uri), batch), "third0000000")
    assert (changed.steps["Batch"].cache or {})["result"] == "miss"
    assert read(changed, "a.csv.out") == "4\n"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"BatchStrategy": "SingleRecord"}, "3\n7\n"),
        ({"DataProcessing": {"InputFilter": "$[1:]", "JoinSource": "Input"}}, "1,2,2\n3,4,4\n"),
        ({"DataProcessing": {"JoinSource": "Input", "OutputFilter": "$[0,-1]"}}, "1,3\n3,7\n"),
    ],
    ids=["single", "join", "filter"],
)
def test_transform_variants(lab: Lab, more: dict[str, Any], expected: str) -> None:
    uri = lab.put("sum.tar.gz", archive(**{"code__inference.py": SUM}))
    lab.put("rows/a.csv", "1,2\n3,4\n")
    ended = lab.run(definition(model(uri), transform("s3://work/rows/a.csv", **more)))
    assert ended.statuses["Batch"] == "Succeeded", ended.steps["Batch"].reason
    assert read(ended, "a.csv.out") == expected


def test_a_record_that_the_model_refuses_fails_the_job_with_its_place(lab: Lab) -> None:
    uri = lab.put("sum.tar.gz", archive(**{"code__inference.py": SUM}))
    lab.put("rows/a.csv", "1,2\nx,4\n")
    client_config = {"InvocationsMaxRetries": 0}
    batch = transform("s3://work/rows/", BatchStrategy="SingleRecord", ModelClientConfig=client_config)
    ended = lab.run(definition(model(uri), batch))
    assert ended.statuses["Batch"] == "Failed"
    assert "The input a.csv, record 2: the model answered 500" in (ended.steps["Batch"].reason or "")
    assert "invalid literal" in (ended.steps["Batch"].reason or "")
    assert not list(lab.store.objects.list("work", "out/"))


def test_what_cannot_be_served_is_named_before_the_first_step(lab: Lab) -> None:
    own = model("s3://work/x.tar.gz")
    own["Arguments"]["PrimaryContainer"] = {"Image": SKLEARN.replace("scikit-learn", "linear-learner")}
    batch = transform("s3://work/rows/")
    batch["Arguments"]["TransformInput"]["SplitType"] = "RecordIO"
    ended = lab.run(definition(own, batch))
    assert set(ended.statuses.values()) == {"NotExecuted"}
    reason = ended.execution.failure_reason or ""
    assert "Step Model is served by the program inside the image sagemaker-linear-learner" in reason
    assert "Step Batch has the SplitType RecordIO" in reason


def test_a_model_that_nothing_here_serves_is_recorded_with_the_reason(lab: Lab) -> None:
    own = model("s3://work/x.tar.gz")
    own["Arguments"]["PrimaryContainer"] = {"Image": SKLEARN.replace("scikit-learn", "linear-learner")}
    ended = lab.run(definition(own))
    assert ended.statuses == {"Model": "Succeeded"}
    reason = ended.steps["Model"].reason or ""
    assert reason.startswith("The model is recorded; it is served by the program inside the image sagemaker-linear")
    assert lab.store.resources.get("Model", str((ended.steps["Model"].job or {})["name"])) is not None
