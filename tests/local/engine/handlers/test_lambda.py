from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.client import client
from tests.support.functions import register
from tests.support.pipelines import Ended, Lab, condition, definition, fail, get, processing

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:sample"


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab.at(tmp_path)


def lambda_step(name: str, outputs: dict[str, str], arn: Any = ARN, **arguments: Any) -> dict[str, Any]:
    declared = [{"OutputName": key, "OutputType": kind} for key, kind in outputs.items()]
    return {
        "Name": name,
        "Type": "Lambda",
        "Arguments": arguments,
        "FunctionArn": arn,
        "OutputParameters": declared,
    }


def run(lab: Lab, source: str, outputs: dict[str, str]) -> Ended:
    register(lab.store, "sample", source)
    return lab.run(definition(lambda_step("Ask", outputs)))


def test_outputs_are_typed_and_read_by_later_steps(lab: Lab) -> None:
    register(
        lab.store,
        "sample",
        """
        def handler(event, context):
            print(f"asked with {event['rows']} rows")
            return {"statusCode": 200, "share": "0.25", "rows": event["rows"] + 1, "done": True, "body": {"a": [1]},
                    "not declared": "x"}
        """,
    )
    outputs = {"statusCode": "String", "share": "Float", "rows": "Integer", "done": "Boolean", "body": "String"}
    test = {
        "Type": "GreaterThan",
        "LeftValue": get("Steps.Ask.OutputParameters['rows']"),
        "RightValue": 5,
    }
    raw = definition(
        lambda_step("Ask", outputs, get("Parameters.Function"), rows=get("Parameters.Rows")),
        condition("Many", test, [], [fail("Few", get("Steps.Ask.OutputParameters['body']"))]),
        Rows=4,
        Function=ARN,
    )
    ended = lab.run(raw)
    assert ended.execution.failure_reason == '{"a": [1]}'
    assert ended.steps["Ask"].properties == {
        "OutputParameters": {"statusCode": "200", "share": 0.25, "rows": 5, "done": True, "body": '{"a": [1]}'}
    }
    assert ended.steps["Ask"].how == "ran"
    job = ended.steps["Ask"].job
    assert job is not None
    assert (job["kind"], job["arn"]) == ("Lambda", "arn:aws:lambda:us-east-1:000000000000:function:sample")
    listed = client("sagemaker", lab.store.home.root).list_pipeline_execution_steps(
        PipelineExecutionArn=ended.execution.arn
    )["PipelineExecutionSteps"]
    metadata = next(step["Metadata"]["Lambda"] for step in listed if step["StepName"] == "Ask")
    assert metadata["Arn"] == job["arn"]
    assert {"Name": "rows", "Value": "5"} in metadata["OutputParameters"]
    events = client("logs", lab.store.home.root).get_log_events(
        logGroupName=job["log_group"], logStreamName=job["log_stream"], startFromHead=True
    )["events"]
    assert events[0]["message"].startswith("START RequestId: ")
    assert "asked with 4 rows" in [event["message"] for event in events]


def test_the_functions_boto3_asks_the_laptop(lab: Lab) -> None:
    uri = lab.put("words.txt", "hello")
    register(
        lab.store,
        "sample",
        """
        import boto3
        def handler(event, context):
            bucket, _, key = event["uri"].removeprefix("s3://").partition("/")
            body = boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode()
            return {"body": body, "account": boto3.client("sts").get_caller_identity()["Account"]}
        """,
    )
    ended = lab.run(definition(lambda_step("Ask", {"body": "String", "account": "String"}, uri=uri)))
    assert ended.steps["Ask"].reason is None
    assert ended.steps["Ask"].properties == {"OutputParameters": {"body": "hello", "account": "000000000000"}}


@pytest.mark.parametrize(
    ("returned", "outputs", "reason"),
    [
        ("None", {"a": "String"}, "Ask returned no output 'a', which its step declares."),
        (
            "{'a': 1.5, 'b': 'x'}",
            {"a": "Integer", "b": "Float"},
            (
                "Ask returned 'a' as 1.5, which is not a whole number, "
                "and returned 'b' as \"x\", which is not a finite number."
            ),
        ),
        ("{'a': 'yes'}", {"a": "Boolean"}, "Ask returned 'a' as \"yes\", which is not true or false."),
        (
            "{'a': 'x' * 1025}",
            {"a": "String"},
            "Ask returned 'a' with 1025 characters, and the service takes 1024: write it to S3, return where.",
        ),
    ],
)
def test_outputs_that_do_not_fit_fail_the_step(lab: Lab, returned: str, outputs: dict[str, str], reason: str) -> None:
    ended = run(lab, f"def handler(event, context):\n    return {returned}\n", outputs)
    assert (ended.steps["Ask"].status, ended.steps["Ask"].reason) == ("Failed", reason)


def test_the_functions_error_is_the_steps_reason(lab: Lab) -> None:
    ended = run(lab, "def handler(event, context):\n    raise ValueError('no such group')\n", {})
    assert ended.execution.failure_reason == ("Step Ask failed: The function sample failed. ValueError: no such group.")
    assert ended.execution.status == "Failed"


def test_a_function_that_is_not_known_is_named_before_anything_starts(lab: Lab) -> None:
    ended = lab.run(definition(processing("First", "pass"), lambda_step("Ask", {}, get("Parameters.Who")), Who=ARN))
    assert ended.execution.failure_reason == (
        f"Step Ask invokes {ARN}, which is not known on the laptop: create it (lambda CreateFunction) or "
        "register its file with local.functions.manifest.register."
    )
    assert set(ended.statuses.values()) == {"NotExecuted"}
