"""A run that deploys what it registers, and the endpoint asked as users do: with boto3 and on the command line."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from local.client import client
from local.hosting.pool import pool_of
from local.store.home import Home
from local.store.store import Store
from tests.support.command import ROOT, Finished, call, here
from tests.support.models import archive
from tests.support.pipelines import await_value

NAME = "sageline-breast-cancer"


@pytest.fixture(scope="module")
def deployed(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A copy of the finished run's home, so that its jobs' results come from the cache."""
    home = finished.copy(tmp_path_factory.mktemp("deployed")).home
    done = here(home, "run", "breast_cancer", "-p", "DeployEndpoint=true", "--json")
    assert done.code == 0, done.err
    yield Finished(home, done.json)
    pool_of(Store(Home(home))).stop()


@pytest.fixture(scope="module")
def table(deployed: Finished) -> list[str]:
    """The header and three rows of the raw data, the target among them."""
    (data,) = deployed.home.glob("s3/sageline-laptop-data/builtin/breast_cancer/*/breast_cancer.csv")
    return data.read_text().splitlines()[:4]


@pytest.fixture(scope="module")
def smoke_test() -> ModuleType:
    spec = importlib.util.spec_from_file_location("smoke_test", ROOT / "infra" / "functions" / "smoke_test.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_run_deploys_and_tries_the_endpoint(deployed: Finished) -> None:
    steps = {step["name"]: step for step in deployed.result["steps"]}
    assert deployed.result["endpoint"].endswith(f":endpoint/{NAME}")
    assert {steps[name]["status"] for name in ("CreateModel", "EndpointConfig", "Endpoint", "SmokeTest")} == {
        "Succeeded"
    }
    assert steps["Train"]["cache"] == "hit"


def test_boto3_gets_predictions_for_raw_rows(deployed: Finished, table: list[str]) -> None:
    runtime = client("sagemaker-runtime", deployed.home)
    answer = runtime.invoke_endpoint(EndpointName=NAME, ContentType="text/csv", Body="\n".join(table))
    found = json.loads(answer["Body"].read())["predictions"]
    assert [each["predicted_label"] for each in found] == ["malignant"] * 3


def test_the_command_reads_csv_json_and_json_lines(deployed: Finished, table: list[str], tmp_path: Path) -> None:
    rows = [dict(zip(table[0].split(","), row.split(","), strict=True)) for row in table[1:]]
    files = {
        "a.csv": "\n".join(table),
        "b.csv": "\n".join(table).replace(",", ";"),
        "c.jsonl": "\n".join(json.dumps(row) for row in rows),
        "d.json": json.dumps({"instances": rows}),
    }
    answers = []
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        done = here(deployed.home, "invoke", "breast_cancer", str(tmp_path / name), "--accept", "text/csv")
        assert done.code == 0, done.err
        answers.append(done.out)
    assert answers[0].count("malignant,0.") == 3
    assert answers == [answers[0]] * 4


def test_the_command_says_what_is_wrong(deployed: Finished, tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text("1,2\n")
    done = here(deployed.home, "invoke", NAME, str(tmp_path / "short.csv"))
    assert done.code == 2
    assert done.err.startswith(f"sageline: The endpoint {NAME} does not take the rows (400): row 1: a row has 2 cells")
    assert "Traceback" not in done.err
    missing = here(deployed.home, "invoke", "shop", str(tmp_path / "short.csv"))
    assert missing.code == 2
    assert f"There are {NAME}." in missing.err


def test_the_command_leaves_no_worker_behind_and_says_where_it_cannot_write(
    deployed: Finished, table: list[str], tmp_path: Path
) -> None:
    (tmp_path / "rows.csv").write_text("\n".join(table))
    before = set(deployed.home.glob("hosting/*"))
    lost = tmp_path / "nowhere" / "answers.csv"
    done = call(deployed.home, "invoke", NAME, str(tmp_path / "rows.csv"), "-o", str(lost))
    assert (done.code, done.err) == (
        2,
        f"sageline: {lost} cannot be written: No such file or directory. Choose another place with -o.\n",
    )
    assert set(deployed.home.glob("hosting/*")) <= before


def test_an_execution_whose_endpoint_predicts_otherwise_fails_and_what_passed_serves_again(
    deployed: Finished, table: list[str]
) -> None:
    """The pipeline as it is, but for the archive whose samples the smoke test compares with: it holds other ones."""
    sagemaker, s3 = client("sagemaker", deployed.home), client("s3", deployed.home)
    before = sagemaker.describe_endpoint(EndpointName=NAME)["EndpointConfigName"]
    samples = json.dumps({"rows": [[1.0] * 30], "predictions": [{"score": 2.0}]})
    s3.put_object(Bucket="sageline-laptop-artifacts", Key="doctored.tar.gz", Body=archive(**{"samples.json": samples}))
    known = sagemaker.describe_pipeline(PipelineName=NAME)["PipelineDefinition"]
    changed = json.loads(known)
    (step,) = [each for each in steps_of(changed) if each["Name"] == "SmokeTest"]
    step["Arguments"]["ModelDataUrl"] = "s3://sageline-laptop-artifacts/doctored.tar.gz"
    sagemaker.update_pipeline(PipelineName=NAME, PipelineDefinition=json.dumps(changed))
    given: Any = sagemaker.list_pipeline_parameters_for_execution(PipelineExecutionArn=deployed.result["execution"])
    arn = sagemaker.start_pipeline_execution(
        PipelineName=NAME, PipelineParameters=given["PipelineParameters"], ClientRequestToken="doctored".ljust(32, "-")
    )["PipelineExecutionArn"]

    def ended() -> Any:
        found = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)
        return found if found["PipelineExecutionStatus"] not in ("Executing", "Stopping") else None

    assert await_value(ended, "the execution to end", 120)["PipelineExecutionStatus"] == "Failed"
    listed = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
    steps = {each["StepName"]: each for each in listed}
    assert steps["Endpoint"]["StepStatus"] == "Succeeded"
    reason = steps["SmokeTest"]["FailureReason"]
    assert f"where training predicted {{'score': 2.0}}. The endpoint serves {before} again" in reason
    found = sagemaker.describe_endpoint(EndpointName=NAME)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", before)
    sagemaker.update_pipeline(PipelineName=NAME, PipelineDefinition=known)
    test_boto3_gets_predictions_for_raw_rows(deployed, table)


def steps_of(definition: Any) -> list[Any]:
    """All steps of a definition, those of branches too."""
    found = []
    for step in definition["Steps"] if isinstance(definition, dict) else definition:
        found.append(step)
        for branch in ("IfSteps", "ElseSteps"):
            found += steps_of(step["Arguments"].get(branch, []) if step["Type"] == "Condition" else [])
    return found


def test_an_endpoint_that_predicts_otherwise_fails_the_smoke_test(
    deployed: Finished, smoke_test: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = type("boto3", (), {"client": lambda name, **_: client(name, deployed.home)})
    monkeypatch.setattr(smoke_test, "boto3", fake)
    rows = [[1.0] * 30]
    found = smoke_test.predictions(NAME, rows)
    s3 = client("s3", deployed.home)

    def event(predictions: list[Any]) -> dict[str, str]:
        samples = json.dumps({"rows": rows, "predictions": predictions})
        s3.put_object(Bucket="sageline-laptop-artifacts", Key="other.tar.gz", Body=archive(**{"samples.json": samples}))
        return {"EndpointName": NAME, "ModelDataUrl": "s3://sageline-laptop-artifacts/other.tar.gz"}

    assert smoke_test.handler(event(found), None) == {"Rows": "1"}
    nearly = [{**found[0], "score": found[0]["score"] * (1 + 1e-7)}]
    assert smoke_test.handler(event(nearly), None) == {"Rows": "1"}
    with pytest.raises(ValueError, match="for sample row 1, where training predicted"):
        smoke_test.handler(event([{**found[0], "score": found[0]["score"] + 0.001}]), None)
    with pytest.raises(ValueError, match="1 predictions for 2 sample rows"):
        smoke_test.handler(event(found * 2), None)

    # Where nothing has passed before: an endpoint that was made for the model is deleted, an older one is not.
    sagemaker = client("sagemaker", deployed.home)
    known = sagemaker.describe_endpoint(EndpointName=NAME)["EndpointConfigName"]
    config = sagemaker.describe_endpoint_config(EndpointConfigName=known)
    sagemaker.create_endpoint(EndpointName="first", EndpointConfigName=known)
    in_service(sagemaker, "first")
    with pytest.raises(ValueError, match=r"rows\. The endpoint, which was made for this model, is deleted: none"):
        smoke_test.handler({**event(found * 2), "EndpointName": "first"}, None)
    with pytest.raises(sagemaker.exceptions.ClientError, match="Could not find endpoint"):
        sagemaker.describe_endpoint(EndpointName="first")
    sagemaker.create_endpoint(EndpointName="older", EndpointConfigName=known)
    in_service(sagemaker, "older")
    sagemaker.create_endpoint_config(EndpointConfigName="newer", ProductionVariants=config["ProductionVariants"])
    sagemaker.update_endpoint(EndpointName="older", EndpointConfigName="newer")
    in_service(sagemaker, "older")
    with pytest.raises(ValueError, match=r"none has passed before, and the endpoint was there before this deployment"):
        smoke_test.handler({**event(found * 2), "EndpointName": "older"}, None)
    in_service(sagemaker, "older")


def in_service(sagemaker: Any, name: str) -> None:
    await_value(lambda: sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"] == "InService", name, 40)
