"""The AWS CLI as it is installed, as a client of the server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE
from typing import Any, TypeAlias

import pytest

from local.api.http.server import listen, serve, url_of
from local.client import client
from local.functions.wake import settle
from local.store.home import Home
from local.store.names import arn, role_arn
from local.store.steps import StepRecord
from local.store.store import Store
from tests.local.api.sagemaker.following import ended
from tests.local.api.sagemaker.test_jobs import training_job
from tests.support.functions import register

AWS = Path(sys.executable).with_name("aws")
# The program that `aws` is, one command after another in one process: its imports take most of a second.
COMMANDS = """
import contextlib, io, json, sys
from awscli.clidriver import create_clidriver
for line in sys.stdin:
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = create_clidriver().main(json.loads(line))
    print(json.dumps([code, *(each.buffer.getvalue().decode() for each in (out, err))]), flush=True)
"""
Aws: TypeAlias = Callable[..., Any]
DEFINITION = {
    "Version": "2020-12-01",
    "Parameters": [{"Name": "Go", "Type": "String", "DefaultValue": "yes"}],
    "Steps": [
        {
            "Name": "Decide",
            "Type": "Condition",
            "Arguments": {
                "Conditions": [{"Type": "Equals", "LeftValue": {"Get": "Parameters.Go"}, "RightValue": "yes"}],
                "IfSteps": [],
                "ElseSteps": [],
            },
        }
    ],
}


# Appends what it is given: a rule's part of an event, or the bodies of a queue's messages.
NOTING = """
import json, pathlib
def handler(event, context):
    with pathlib.Path(__file__).with_name("noted").open("a") as file:
        for line in [record["body"] for record in event.get("Records", [])] or [json.dumps(event)]:
            file.write(line + "\\n")
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a training job, its log, and a model package."""
    home = tmp_path_factory.mktemp("cli") / "home"
    store = Store(Home.find(home))
    body = training_job("train-1", 1000.0, "Completed")
    store.resources.put("TrainingJob", "train-1", body["TrainingJobArn"], body, now=1000.0)
    sagemaker = client("sagemaker", home)
    sagemaker.create_pipeline(
        PipelineName="Demo",
        PipelineDefinition=json.dumps(DEFINITION),
        RoleArn=role_arn("pipeline"),
        ClientRequestToken="t" * 32,
        Tags=[{"Key": "team", "Value": "red"}],
    )
    sagemaker.create_model_package_group(ModelPackageGroupName="group")
    sagemaker.create_model_package(ModelPackageGroupName="group")
    started = sagemaker.start_pipeline_execution(PipelineName="Demo", ClientRequestToken="t" * 32)
    execution = started["PipelineExecutionArn"]
    ended(sagemaker, execution)
    job = {"kind": "TrainingJob", "name": "train-1", "arn": arn("training-job/train-1")}
    store.steps.save(StepRecord(execution, "Train", 9, "Training", "Succeeded", started=5.0, ended=6.0, job=job))
    path = store.home.step_log(execution.rpartition("/")[2], "Train")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[0] train-auc:0.9\nthe end\n", encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def environment(shared: Path) -> Iterator[dict[str, str]]:
    """That of a person's shell, with a server of the shared home as its AWS."""
    listening = listen()
    done = threading.Event()
    thread = threading.Thread(target=serve, args=(Home.find(shared), listening), kwargs={"until": done.wait})
    thread.start()
    yield {
        "PATH": os.environ["PATH"],
        "HOME": str(shared),
        "AWS_ENDPOINT_URL": url_of(listening),
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_EC2_METADATA_DISABLED": "true",
    }

    done.set()
    thread.join(20)


@pytest.fixture(scope="module")
def aws(environment: dict[str, str]) -> Iterator[Aws]:
    """Runs a command of `aws`; gives what it printed, read as JSON where it is that."""
    command = [sys.executable, "-c", COMMANDS]
    with subprocess.Popen(command, env=environment, stdin=PIPE, stdout=PIPE, text=True) as process:

        def run(*arguments: str, code: int = 0) -> Any:
            assert process.stdin is not None
            assert process.stdout is not None
            print(json.dumps(arguments), file=process.stdin, flush=True)
            returned, out, err = json.loads(process.stdout.readline())
            assert returned == code, err
            text = out if code == 0 else err
            return json.loads(text) if text.startswith("{") else text.strip()

        yield run
        process.communicate()


def test_executions(aws: Aws, shared: Path) -> None:
    started = aws("sagemaker", "start-pipeline-execution", "--pipeline-name", "Demo")["PipelineExecutionArn"]
    ended(client("sagemaker", shared), started)
    listed = aws("sagemaker", "list-pipeline-execution-steps", "--pipeline-execution-arn", started)
    (step,) = listed["PipelineExecutionSteps"]
    assert (step["StepName"], step["StepStatus"]) == ("Decide", "Succeeded")
    assert step["Metadata"] == {"Condition": {"Outcome": "True"}}


def test_jobs_and_search(aws: Aws) -> None:
    described = aws("sagemaker", "describe-training-job", "--training-job-name", "train-1")
    assert described["TrainingJobStatus"] == "Completed"
    expression = {"Filters": [{"Name": "Metrics.m", "Operator": "GreaterThan", "Value": "0.4"}]}
    found = aws("sagemaker", "search", "--resource", "TrainingJob", "--search-expression", json.dumps(expression))
    assert found["Results"][0]["TrainingJob"]["TrainingJobName"] == "train-1"
    missing = aws("sagemaker", "describe-training-job", "--training-job-name", "no", code=255)
    assert "(ValidationException)" in missing
    assert "Requested resource not found." in missing


def test_the_registry(aws: Aws, shared: Path) -> None:
    package = arn("model-package/group/1")
    given = ("--model-package-arn", package, "--model-approval-status", "Approved")
    assert aws("sagemaker", "update-model-package", *given) == {"ModelPackageArn": package}
    described = client("sagemaker", shared).describe_model_package(ModelPackageName=package)
    assert described["ModelApprovalStatus"] == "Approved"
    tags = aws("sagemaker", "list-tags", "--resource-arn", arn("pipeline/demo"))["Tags"]
    assert tags == [{"Key": "team", "Value": "red"}]


def test_files_up_and_down(aws: Aws, tmp_path: Path) -> None:
    folder = tmp_path / "up"
    contents = {"small.txt": b"hello", "deep/sp ace \u00fc.csv": b"1,2\n", "big.bin": os.urandom(9 << 20)}
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    aws("s3", "mb", "s3://cli-files")
    aws("s3", "sync", str(folder), "s3://cli-files/tree", "--no-progress")
    listed = aws("s3", "ls", "s3://cli-files/tree/", "--recursive")
    assert [line.split(maxsplit=3)[2:] for line in listed.splitlines()] == [
        [str(len(contents[name])), f"tree/{name}"] for name in sorted(contents)
    ]
    aws("s3", "sync", "s3://cli-files/tree", str(tmp_path / "down"), "--no-progress")
    assert {name: (tmp_path / "down" / name).read_bytes() for name in contents} == contents
    assert aws("s3", "cp", "s3://cli-files/tree/small.txt", "-") == "hello"


def test_a_rule_and_a_queue_start_a_function(aws: Aws, shared: Path) -> None:
    store = Store(Home.find(shared))
    arn_of_function = register(store, "noting", NOTING).arn
    aws("events", "put-rule", "--name", "mine", "--event-pattern", '{"source": ["cli"]}')
    aws("events", "put-targets", "--rule", "mine", "--targets", f"Id=f,Arn={arn_of_function},InputPath=$.detail")
    assert [rule["Name"] for rule in aws("events", "list-rules")["Rules"]] == ["mine"]
    assert aws("events", "list-targets-by-rule", "--rule", "mine")["Targets"][0]["InputPath"] == "$.detail"
    aws("events", "put-events", "--entries", '[{"Source": "cli", "DetailType": "x", "Detail": "{\\"a\\": 1}"}]')

    sqs = client("sqs", shared)
    queue = sqs.create_queue(QueueName="fed")["QueueUrl"]
    source = arn("fed", service="sqs")
    mapping = aws("lambda", "create-event-source-mapping", "--event-source-arn", source, "--function-name", "noting")
    sqs.send_message(QueueUrl=queue, MessageBody="hello")

    assert settle(store, 60)
    assert (store.home.root / "code" / "noting" / "noted").read_text().splitlines() == ['{"a": 1}', "hello"]
    listed = aws("lambda", "list-event-source-mappings", "--function-name", "noting")["EventSourceMappings"]
    assert [each["UUID"] for each in listed] == [mapping["UUID"]]
    aws("lambda", "delete-event-source-mapping", "--uuid", mapping["UUID"])
    aws("events", "remove-targets", "--rule", "mine", "--ids", "f")
    aws("events", "disable-rule", "--name", "mine")
    aws("events", "delete-rule", "--name", "mine")
    assert aws("events", "list-rules")["Rules"] == []


def test_logs_and_who_one_is(aws: Aws, environment: dict[str, str]) -> None:
    group = "/aws/sagemaker/TrainingJobs"
    events = aws("logs", "filter-log-events", "--log-group-name", group, "--filter-pattern", "auc")["events"]
    assert [event["message"] for event in events] == ["[0] train-auc:0.9"]
    installed = subprocess.run([AWS, "sts", "get-caller-identity"], env=environment, capture_output=True, check=True)
    assert json.loads(installed.stdout)["Account"] == "000000000000"
