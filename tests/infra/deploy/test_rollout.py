"""An approval deploys the serving stack as it stands, through the function as it stands beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from infra.functions import deploy_approved
from tests.infra.deploy.deployed import Deployed, changed
from tests.infra.deploy.test_identity import statements
from tests.support.recorded import Recorder, check

GROUP, STACK = "sageline-breast-cancer", "serving-breast-cancer"
ENDPOINT = "live-sageline-breast-cancer"


@pytest.fixture
def recorder(own: Deployed) -> Iterator[Recorder]:
    with Recorder(own.server) as recorder:
        yield recorder


@pytest.fixture
def served(own: Deployed, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> Deployed:
    """The environment, with the function's own settings and recorded clients; nothing is served yet."""
    name = own.one("approvals", "AWS::Lambda::Function")
    function = own.client("lambda").get_function_configuration(FunctionName=name)
    for variable, value in function["Environment"]["Variables"].items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(deploy_approved, "aws", cache(recorder.client))
    return own


def approved(deployed: Deployed, minute: int) -> str:
    """Register and approve a version, tell the function, and return the version's ARN."""
    sagemaker = deployed.client("sagemaker")
    container = {"Image": "111122223333.dkr.ecr.eu-central-1.amazonaws.com/image:1", "ModelDataUrl": "s3://b/m.tar.gz"}
    arn: str = sagemaker.create_model_package(
        ModelPackageGroupName=GROUP,
        ModelApprovalStatus="PendingManualApproval",
        InferenceSpecification={
            "Containers": [container],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]
    sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    event = {
        "source": "aws.sagemaker",
        "time": f"2026-01-01T00:{minute:02}:00Z",
        "detail": {
            "ModelPackageArn": arn,
            "ModelPackageGroupName": GROUP,
            "ModelApprovalStatus": "Approved",
            "UpdatedModelPackageFields": ["ModelApprovalStatus"],
        },
    }
    assert deploy_approved.handler(event, None) == {"Deployment": arn}
    return arn


def tell_of_the_end(deployed: Deployed, minute: int) -> None:
    """Tell the function how the stack's last deployment ended."""
    newest: Any = deployed.events(STACK)[0]
    detail = {
        "stack-id": newest["StackId"],
        "status-details": {"status": newest["ResourceStatus"], "status-reason": ""},
        "client-request-token": newest["ClientRequestToken"],
    }
    event = {"source": "aws.cloudformation", "time": f"2026-01-01T00:{minute:02}:00Z", "detail": detail}
    assert deploy_approved.handler(event, None) == {"Deployment": "none"}


def parameter(deployed: Deployed) -> str:
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in deployed.stack(STACK)["Parameters"]}
    return str(parameters["ModelPackageArn"])


def served_package(deployed: Deployed) -> str:
    """What the endpoint's configuration's model is made of."""
    sagemaker = deployed.client("sagemaker")
    configuration = sagemaker.describe_endpoint(EndpointName=ENDPOINT)["EndpointConfigName"]
    (variant,) = sagemaker.describe_endpoint_config(EndpointConfigName=configuration)["ProductionVariants"]
    (container,) = sagemaker.describe_model(ModelName=variant["ModelName"])["Containers"]
    return str(container["ModelPackageName"])


def test_approving_makes_the_endpoint_and_approving_the_next_version_changes_it(served: Deployed) -> None:
    first = approved(served, 1)
    tell_of_the_end(served, 2)
    assert served_package(served) == first
    made = {each for each, status in changed(served.events(STACK)).items() if status == "CREATE_COMPLETE"}
    assert made == set(served.templates[STACK]["Resources"])

    second = approved(served, 3)
    tell_of_the_end(served, 4)
    assert served_package(served) == second
    assert served.stack(STACK)["StackStatus"] == "UPDATE_COMPLETE"
    listed = served.cdk.deploy(served.assembly, only="dev/Serving-breast-cancer").succeeded().output
    assert "(no changes)" in listed  # a deployment of the settings keeps the version
    assert served_package(served) == second


def test_a_deployment_that_fails_leaves_what_served_and_rejects_the_version_with_exactly_the_rights_of_its_role(
    served: Deployed, recorder: Recorder
) -> None:
    logs = served.client("logs")
    logs.create_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{ENDPOINT}")
    version = approved(served, 11)
    tell_of_the_end(served, 12)
    logs.delete_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{ENDPOINT}")
    assert served.stack(STACK)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert parameter(served) == ""
    package = served.client("sagemaker").describe_model_package(ModelPackageName=version)
    assert package["ModelApprovalStatus"] == "Rejected"
    assert package["ApprovalDescription"].startswith("Its deployment failed: Log")
    check(recorder, statements(served, served.one("approvals", "AWS::IAM::Role", "DeployApprovedRole")))


def test_the_function_lists_every_type_that_the_stack_holds(deployed: Deployed) -> None:
    name = deployed.one("approvals", "AWS::Lambda::Function")
    variables = deployed.client("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    held = {each["Type"] for each in deployed.templates[STACK]["Resources"].values()}
    assert held == set(json.loads(variables["RESOURCE_TYPES"]))
