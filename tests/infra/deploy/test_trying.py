"""`make try` against what is deployed: its commands' calls, and what the delivery role may do, are the same.

CloudFormation and STS are moto's, with the deployed stacks; SageMaker and S3 are the laptop's, with the deployed
definition, so that the pipeline really runs and its endpoint answers. Every call is recorded on its way.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.builtin_data import materialise
from local.store.names import ACCOUNT, REGION
from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.laptop import Laptop
from tests.infra.deploy.test_identity import statements
from tests.support.authorised import Account, unused
from tests.support.command import ROOT, SAGELINE, environment, share_definitions
from tests.support.iam import ALLOWED, NOT_ALLOWED, Call, decision
from tests.support.recorded import account_of
from tests.support.wire import Asked, Wire

HERE = ("sagemaker", "s3")
#: `cdk deploy` takes on the bootstrap's roles, which no command here does.
DEPLOYING = "TakeOnBootstrapRoles"


class Try:
    """A person's or a job's machine, from which the environment is tried, and what it has asked for."""

    def __init__(self, deployed: Deployed, laptop: Laptop, wire: Wire, home: Path) -> None:
        self.deployed, self.wire, self.home = deployed, wire, home
        self.bucket = deployed.one("data", "AWS::S3::Bucket", "Raw")
        laptop.client("s3").create_bucket(Bucket=self.bucket)
        share_definitions(home)
        server = deployed.server.environment() | {"AWS_ENDPOINT_URL": wire.url}
        self.environment = environment(home) | {name: each for name, each in server.items() if name.startswith("AWS_")}

    def run(self, *command: str) -> str:
        """Run a command to its end, which is success; return what it said."""
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def interrupt(self, *command: str) -> int:
        """Run a command until it shows an execution's first step, press Ctrl-C, and return its exit code."""
        with subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            next(line for line in process.stderr if line.startswith("Prepare"))
            process.send_signal(signal.SIGINT)
            process.stderr.read()
            return process.wait(120)

    def calls(self) -> list[Call]:
        """Return what IAM is asked for all of that, in the account's own names."""
        account = account_of(self.deployed.server)
        return [call for asked in self.wire.asked for call in _in_place(asked, account)]


def _in_place(asked: Asked, account: Account) -> list[Call]:
    given = json.loads(json.dumps(asked.given).replace(f":{REGION}:{ACCOUNT}:", f":{account.region}:{account.number}:"))
    return account.asked(asked.service, asked.operation, given, missing=asked.status == 404)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """Serve a home on a port; give its address."""
    with subprocess.Popen(
        [*SAGELINE, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env={**environment(home), "PYTHONUNBUFFERED": "1"},
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().split()[0]
        server.send_signal(signal.SIGTERM)


@pytest.fixture(scope="module")
def granted(deployed: Deployed) -> Iterator[list[Any]]:
    """What GitHub's role may do, once it is deployed; afterwards its stack is gone."""
    settings = {"delivery": {"github": {"repository": "team/models"}}}
    output = deployed.cdk.deploy(deployed.with_settings("delivered", settings)).succeeded().output
    assert output.count("(no changes)") == len(deployed.templates)
    yield statements(deployed, deployed.one("delivery", "AWS::IAM::Role"))
    deployed.client("cloudformation").delete_stack(StackName="sageline-dev-delivery")


@pytest.fixture(scope="module")
def tried(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try]:
    """The environment after `make try`, and after a try with a large file of data that somebody interrupted."""
    folder = tmp_path_factory.mktemp("try")
    laptop = Laptop(folder / "account", deployed)
    laptop.fetch()
    with serving(laptop.home) as url, Wire({"": deployed.server.endpoint, **dict.fromkeys(HERE, url)}) as wire:
        made = Try(deployed, laptop, wire, folder / "home")
        rows = folder / "rows.csv"
        rows.write_bytes(materialise("breast_cancer"))
        command = f"{sys.executable} -m cli"
        made.run("make", "-o", "setup", "try", "ENVIRONMENT=dev", f"ROWS={rows}", f"SAGELINE={command}")
        assert made.interrupt(*SAGELINE, "run", str(with_much_data(folder)), "--env", "dev") == 130
        yield made


def with_much_data(folder: Path) -> Path:
    """Return the file of the same problem, with data that is brought in parts."""
    header, _, rows = materialise("breast_cancer").partition(b"\n")
    (folder / "much.csv").write_bytes(header + b"\n" + rows * (9 * 1024**2 // len(rows) + 1))
    text = (ROOT / "config" / "problems" / "breast_cancer.yaml").read_text("utf-8")
    file = folder / "breast_cancer.yaml"
    file.write_text(text.replace("builtin://breast_cancer", str(folder / "much.csv")), encoding="utf-8")
    return file


def test_the_delivery_role_may_make_every_call_of_a_try(granted: list[Any], tried: Try) -> None:
    refused = [call for call in tried.calls() if decision(granted, call) != ALLOWED]
    assert refused == []


def test_the_delivery_role_has_no_permission_that_a_try_does_not_use(granted: list[Any], tried: Try) -> None:
    for each in granted:
        if each["Sid"] != DEPLOYING:
            # Statement by statement: no right to one bucket hides behind the use of another.
            used = [call for call in tried.calls() if decision([each], call) == ALLOWED]
            assert unused([each], used) == set(), each["Sid"]


def test_the_endpoint_of_the_candidate_is_asked_and_no_other(tried: Try) -> None:
    assert {each.given["EndpointName"] for each in tried.wire.asked if each.operation == "InvokeEndpoint"} == {
        "sageline-breast-cancer"
    }


def test_what_a_try_does_not_do_is_refused(granted: list[Any], tried: Try) -> None:
    place = f"arn:aws:sagemaker:{tried.deployed.server.region}:{tried.deployed.server.account}"
    raw = f"arn:aws:s3:::{tried.bucket}"
    for call in (
        Call("sagemaker:UpdateModelPackage", f"{place}:model-package/sageline-breast-cancer/1"),
        Call("sagemaker:InvokeEndpoint", f"{place}:endpoint/live-sageline-breast-cancer"),
        Call("sagemaker:UpdatePipeline", f"{place}:pipeline/sageline-breast-cancer"),
        Call("s3:PutObject", f"{raw}/breast_cancer/input/rows.csv"),
        Call("s3:GetObject", f"{raw}/breast_cancer/input/rows.csv"),
    ):
        assert decision(granted, replace(call, context={})) == NOT_ALLOWED, call


def test_data_is_brought_under_the_environments_own_key(tried: Try) -> None:
    puts = [each.given for each in tried.wire.asked if each.operation in ("PutObject", "CreateMultipartUpload")]
    assert {each["Bucket"] for each in puts} == {tried.bucket}
    assert {each["Key"].partition("/")[0] for each in puts} == {"builtin", "imports"}
