"""`make try` against what is deployed: its commands' calls, and what the delivery role may do, are the same."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.test_identity import statements
from tests.infra.deploy.trying import Try
from tests.support.authorised import unused
from tests.support.iam import ALLOWED, NOT_ALLOWED, Call, decision

#: `cdk deploy` takes on the bootstrap's roles, which no command here does.
DEPLOYING = "TakeOnBootstrapRoles"


@pytest.fixture(scope="module")
def granted(delivered: Deployed) -> list[Any]:
    """What GitHub's role may do, once it is deployed."""
    return statements(delivered, delivered.one("delivery", "AWS::IAM::Role", "GitHub"))


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
