"""The development environment, bootstrapped and deployed by the CDK's command line, once for all tests here.

Nobody changes the stacks of a fixture that others use: who changes some takes a copy of the account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import yaml

from config import load_environment
from tests.infra.deploy.deployed import Deployed, changed
from tests.infra.deploy.options import OPTIONS
from tests.infra.deploy.trying import Try, trying
from tests.support.deploy_report import DeployReport
from tests.support.moto.cdk import Cdk
from tests.support.moto.make import make
from tests.support.moto.server import ROOT, Server


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Deployed]:
    """The environment as it was first deployed."""
    folder = tmp_path_factory.mktemp("deploy")
    environment = load_environment("dev")
    with Server(environment.account, environment.region, folder / "server.log") as server:
        cdk, report = Cdk(server, folder), DeployReport()
        with report.timed("bootstrap"):
            cdk.bootstrap().succeeded()
        with report.timed("synth"):
            assembly = cdk.synthesise("dev", "bundled")
        with report.timed("deploy"):
            cdk.deploy(assembly).succeeded()
        deployed = Deployed(server, cdk, assembly, folder, report)
        deployed.count()
        yield deployed
        report.hand_in(request.config)


@pytest.fixture(scope="session")
def delivered(deployed: Deployed) -> Iterator[Deployed]:
    """A copy of the environment to which `make deploy` has added delivery, from GitHub and with CodePipeline."""
    repository = {"repository": "team/models"}
    place = f"{deployed.server.region}:{deployed.server.account}"
    connection = f"arn:aws:codeconnections:{place}:connection/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
    values = yaml.safe_load((ROOT / "config" / "environments" / "dev.yaml").read_text("utf-8"))
    values["delivery"] = {"github": repository, "codepipeline": {**repository, "connection_arn": connection}}
    file = deployed.folder / "delivered" / "dev.yaml"
    file.parent.mkdir()
    file.write_text(yaml.safe_dump(values), encoding="utf-8")
    with deployed.server.copied() as server:
        output = make(server, deployed.folder, "deploy", f"ENVIRONMENT={file}", "CI=true").succeeded().output
        delivered = replace(deployed, server=server, cdk=Cdk(server, deployed.folder))
        # Besides, the data stack lets the new bucket's access be logged.
        assert output.count("(no changes)") == len(deployed.templates) - 1
        assert changed(delivered.events("data")) == {"AccessLogsBucketPolicy3D5B5143": "UPDATE_COMPLETE"}
        yield delivered


@pytest.fixture(scope="session")
def equipped(deployed: Deployed) -> Iterator[Deployed]:
    """The environment after a second deployment, which has switched on all that can be."""
    with deployed.copied() as equipped:
        with equipped.report.timed("options"):
            equipped.cdk.deploy(equipped.with_settings("equipped", OPTIONS)).succeeded()
        yield equipped


@pytest.fixture(scope="session")
def tried(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Try]:
    """The environment after `make try`, and after another try that somebody interrupted."""
    with trying(deployed, tmp_path_factory.mktemp("try")) as tried:
        yield tried


@pytest.fixture
def own(deployed: Deployed) -> Iterator[Deployed]:
    """The environment as it was first deployed, for one test alone."""
    with deployed.copied() as own:
        yield own
