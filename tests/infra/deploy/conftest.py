"""The development environment, bootstrapped and deployed by the CDK's command line, once for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config import load_environment
from tests.infra.deploy.deployed import Deployed
from tests.support.moto.cdk import Cdk
from tests.support.moto.server import Server


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The environment as it was first deployed. Tests that change it bring it back to the same assembly."""
    folder = tmp_path_factory.mktemp("deploy")
    environment = load_environment("dev")
    with Server(environment.account, environment.region, folder / "server.log") as server:
        cdk = Cdk(server, folder)
        cdk.bootstrap().succeeded()
        assembly = cdk.synthesise("dev", "bundled")
        cdk.deploy(assembly).succeeded()
        yield Deployed(server, cdk, assembly, folder)
