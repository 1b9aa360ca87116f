"""Commands with `--env`, which go where boto3 goes: to a CloudFormation and STS by moto, and, behind one port, to a
SageMaker that runs what is deployed there."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.store.names import DATA_BUCKET
from tests.support.command import ROOT, Done, Finished, here
from tests.support.moto.server import Server
from tests.support.moto.stacks import Stacks
from tests.support.served import served

OUTPUTS = {"ArtifactBucketName": "artifacts-that-hold-no-record", "DataBucketName": DATA_BUCKET}
HERE = ("sagemaker", "sagemaker_runtime", "s3", "cloudwatch_logs")


class Cloud:
    """An account with the development environment in it, and a person's machine that knows of it alone."""

    def __init__(self, moto: Server, url: str, home: Path) -> None:
        self._moto, self._url, self._home = moto, url, home

    def sageline(self, *words: str, **more: str) -> Done:
        """Run a command with `--env dev`."""
        services = {f"AWS_ENDPOINT_URL_{name.upper()}": self._url for name in HERE}
        return here(self._home, *words, "--env", "dev", more=self._moto.environment() | services | more)


@pytest.fixture(scope="module")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server("111122223333", "eu-central-1", tmp_path_factory.mktemp("moto") / "server.log") as server:
        yield server


@pytest.fixture(scope="module")
def cloud(finished: Finished, moto: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An environment that is deployed, and in which the bundled problem has run once."""
    template = {
        "Resources": {"Some": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "some"}}},
        "Outputs": {name: {"Value": value} for name, value in OUTPUTS.items()},
    }
    Stacks(moto).bring("sageline-dev-data", template)
    with served(finished.home) as url:
        yield Cloud(moto, url, tmp_path_factory.mktemp("person"))


@pytest.fixture(scope="module")
def ran(cloud: Cloud) -> Done:
    done = cloud.sageline("run", "breast_cancer", "--json", "-p", "MetricThreshold=0.9")
    assert done.code == 0, done.err
    return done


def without_times(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: each[name] for name in ("name", "type", "status")} for each in steps]


def test_a_run_goes_as_on_the_laptop_and_is_followed_to_its_end(finished: Finished, ran: Done) -> None:
    assert set(ran.json) == set(finished.result)
    assert without_times(ran.json["steps"]) == without_times(finished.result["steps"])
    assert ran.json["status"] == "Succeeded"
    assert ran.json["metrics"] == finished.result["metrics"]
    assert ran.json["model_package"].rpartition("/")[0] == finished.result["model_package"].rpartition("/")[0]
    assert {each["name"]: each["cache"] for each in ran.json["steps"]}["Prepare"] == "hit"
    assert re.search(r"^Register: succeeded", ran.err, re.MULTILINE)
    assert "sageline approve sageline-breast-cancer/" in ran.err
    assert re.search(r"sageline approve sageline-breast-cancer/\d+ --env dev$", ran.err, re.MULTILINE)


def test_the_report_is_made_of_what_the_service_says(ran: Done) -> None:
    page = Path(ran.json["report"]).read_text(encoding="utf-8")
    assert "MetricThreshold" in page
    assert "Prepare" in page
    assert "is not shown" not in page


def test_the_other_commands_look_at_the_same_account(cloud: Cloud, ran: Done) -> None:
    execution = ran.json["execution"].rpartition("/")[2]
    assert execution in [each["execution"].rpartition("/")[2] for each in cloud.sageline("runs", "--json").json]
    shown = cloud.sageline("show", execution)
    assert "MetricThreshold=0.9" in shown.out
    assert "Prepare.profile: s3://" in shown.out
    written = cloud.sageline("report", execution)
    assert Path(written.out.strip()).name == f"sageline-breast-cancer-{execution}.html"
    assert cloud.sageline("logs", execution, "Evaluate").out != ""
    models = cloud.sageline("models", "breast_cancer", "--json").json
    assert ran.json["model_package"] in [each["model_package"] for each in models]


def test_decisions_are_made_there(cloud: Cloud, ran: Done) -> None:
    name = ran.json["model_package"].rpartition("model-package/")[2]
    assert cloud.sageline("approve", name, "--comment", "seen").out == f"{name}: approved\n"
    assert cloud.sageline("reject", name).out == f"{name}: rejected\n"


def test_rows_are_asked_of_an_endpoint_there(cloud: Cloud, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("1,2\n", encoding="utf-8")
    done = cloud.sageline("invoke", "breast_cancer", str(tmp_path / "rows.csv"))
    assert done.code == 2
    assert "There is no endpoint 'breast_cancer'." in done.err
    assert "-p DeployEndpoint=true --env dev` deploys a problem's." in done.err


def test_an_execution_that_has_ended_cannot_be_stopped(cloud: Cloud, ran: Done) -> None:
    done = cloud.sageline("stop", ran.json["execution"])
    assert done.code == 2
    assert done.err.startswith("sageline: ")


def test_a_problem_that_the_environment_does_not_have_is_named(cloud: Cloud) -> None:
    done = cloud.sageline("run", "digits")
    assert done.code == 2
    assert (
        "The environment dev has no pipeline sageline-digits. Add digits to its `problems`, and deploy it" in done.err
    )


def test_the_laptops_choice_of_caches_is_refused(cloud: Cloud) -> None:
    done = cloud.sageline("run", "breast_cancer", "--cache", "content")
    assert done.code == 2
    assert "--cache chooses between caches of the laptop's" in done.err


def test_missing_credentials_are_said(cloud: Cloud, tmp_path: Path) -> None:
    done = cloud.sageline("runs", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", HOME=str(tmp_path))
    assert done.code == 2
    assert done.err.startswith(
        "sageline: There are no AWS credentials that work (Unable to locate credentials). Sign in"
    )
    profile = cloud.sageline("runs", AWS_PROFILE="nobody")
    assert profile.code == 2
    assert "The config profile (nobody) could not be found" in profile.err


def test_an_environment_that_is_not_there_lists_those_that_are(tmp_path: Path) -> None:
    done = here(tmp_path, "runs", "--env", "nowhere")
    assert done.code == 2
    assert "nowhere" in done.err


def changed(folder: Path, name: str, **values: str) -> Path:
    """Return a copy of the environment's file with other values."""
    text = (ROOT / "config" / "environments" / "dev.yaml").read_text(encoding="utf-8")
    for setting, value in values.items():
        text = re.sub(rf"(?m)^{setting}: .*$", f"{setting}: {json.dumps(value)}", text)
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_credentials_of_another_account_are_refused(moto: Server, tmp_path: Path) -> None:
    file = changed(tmp_path, "other", account="444455556666")
    done = here(tmp_path / "home", "models", "--env", str(file), more=moto.environment())
    assert done.code == 2
    assert "The credentials are of the account 111122223333, and the environment other is in 444455556666." in done.err


def test_an_environment_that_is_not_deployed_is_said(moto: Server, tmp_path: Path) -> None:
    file = changed(tmp_path, "new")
    done = here(tmp_path / "home", "models", "--env", str(file), more=moto.environment())
    assert done.code == 2
    assert "The environment new is not deployed in account 111122223333, region eu-central-1" in done.err
    assert "There is no stack sageline-new-data." in done.err


def test_an_aws_that_does_not_answer_is_said(tmp_path: Path, moto: Server) -> None:
    nobody = moto.environment() | {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    done = here(tmp_path, "runs", "--env", "dev", more={**os.environ, **nobody})
    assert done.code == 1
    assert done.err.startswith("sageline: AWS cannot be reached: Could not connect to the endpoint URL")
