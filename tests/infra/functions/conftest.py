"""What tests of deploy_approved share: a serving stack of their own beside a registry of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from infra.functions import deploy_approved
from local.client import client
from local.store.home import Home
from local.store.store import Store
from tests.support.approvals import GROUP, TEMPLATE, TYPES, Place
from tests.support.moto.server import Server


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A CloudFormation, for all tests of the folder: each has a stack of its own."""
    with Server("111122223333", "eu-central-1", tmp_path_factory.mktemp("moto") / "server.log") as server:
        for service in ("cloudformation", "sagemaker", "ssm"):
            server.client(service)  # made while boto3 makes the ordinary ones
        yield server


@pytest.fixture
def place(tmp_path: Path, account: Server, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Place:
    """A registry and a stack with nothing in them, and the function between them."""
    store = Store(Home(tmp_path / "home"))
    name = request.node.name.replace("_", "-")[:100]
    account.client("cloudformation").create_change_set(
        StackName=name,
        ChangeSetName="create",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps(TEMPLATE),
        Parameters=[{"ParameterKey": "ShadowModelPackageArn", "ParameterValue": "kept"}],
        Tags=[{"Key": "kept", "Value": "as well"}],
        Capabilities=["CAPABILITY_IAM"],
    )
    account.client("cloudformation").execute_change_set(StackName=name, ChangeSetName="create")
    monkeypatch.setattr(
        boto3,
        "client",
        lambda service: client(service, store.home.root) if service == "sagemaker" else account.client(service),
    )
    deploy_approved.aws.cache_clear()
    monkeypatch.setenv("SERVING", json.dumps({GROUP: name}))
    monkeypatch.setenv("RESOURCE_TYPES", json.dumps(TYPES))
    made = Place(store, account, name)
    made.registry.create_model_package_group(ModelPackageGroupName=GROUP)
    return made
