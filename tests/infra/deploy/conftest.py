"""The development environment, bootstrapped and deployed by the CDK's command line, once for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config import load_environment
from tests.infra.deploy.deployed import Deployed
from tests.support.deploy_report import DeployReport
from tests.support.moto.cdk import Cdk
from tests.support.moto.server import Server


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Deployed]:
    """The environment as it was first deployed. Tests that change it bring it back to the same assembly."""
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
