"""The model registry through boto3: groups, versions, approval, and the events that announce it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.client import client
from local.store.store import Store

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

Refused = Callable[..., tuple[str, str]]
GROUP = "Sageline-Demo"
ARN = "arn:aws:sagemaker:us-east-1:000000000000:"
SPECIFICATION: Any = {
    "Containers": [{"Image": "000000000000.dkr.ecr.us-east-1.amazonaws.com/x:1", "ModelDataUrl": "s3://b/m.tar.gz"}],
    "SupportedContentTypes": ["text/csv"],
    "SupportedResponseMIMETypes": ["text/csv"],
}


@pytest.fixture
def group(sagemaker: SageMakerClient) -> str:
    sagemaker.create_model_package_group(ModelPackageGroupName=GROUP, ModelPackageGroupDescription="For tests.")
    return GROUP


@pytest.fixture
def version(sagemaker: SageMakerClient, group: str) -> str:
    """The ARN of a first version that waits for approval."""
    return sagemaker.create_model_package(
        ModelPackageGroupName=group,
        InferenceSpecification=SPECIFICATION,
        CustomerMetadataProperties={"problem": "demo"},
    )["ModelPackageArn"]


def test_a_group_is_described_by_name_and_by_arn(sagemaker: SageMakerClient, group: str) -> None:
    by_name = sagemaker.describe_model_package_group(ModelPackageGroupName=group)
    by_arn = sagemaker.describe_model_package_group(ModelPackageGroupName=by_name["ModelPackageGroupArn"])
    assert by_name["ModelPackageGroupArn"] == f"{ARN}model-package-group/sageline-demo"
    assert by_name["ModelPackageGroupDescription"] == by_arn["ModelPackageGroupDescription"] == "For tests."
    assert by_name["ModelPackageGroupStatus"] == "Completed"
    assert "LastVersion" not in by_name


def test_a_groups_name_is_taken_in_any_case(sagemaker: SageMakerClient, group: str, refused: Refused) -> None:
    for name in (group, group.upper()):
        code, message = refused(sagemaker.create_model_package_group, ModelPackageGroupName=name)
        assert (code, message) == (
            "ValidationException",
            f"Model Package Group already exists: {ARN}model-package-group/sageline-demo",
        )


def test_groups_are_listed_with_filters_and_in_pages(sagemaker: SageMakerClient) -> None:
    for name in ("beta", "alpha", "alphabet"):
        sagemaker.create_model_package_group(ModelPackageGroupName=name)

    def names(**params: Any) -> list[str]:
        pages = sagemaker.get_paginator("list_model_package_groups").paginate(
            **params, PaginationConfig={"PageSize": 2}
        )
        return [each["ModelPackageGroupName"] for page in pages for each in page["ModelPackageGroupSummaryList"]]

    assert names() == ["beta", "alpha", "alphabet"]
    assert names(SortBy="Name") == ["alpha", "alphabet", "beta"]
    assert names(SortBy="Name", SortOrder="Descending") == ["beta", "alphabet", "alpha"]
    assert names(NameContains="PHA") == ["alpha", "alphabet"]
    assert names(CreationTimeAfter=4e9) == []
    assert names(CrossAccountFilterOption="CrossAccount") == []


def test_a_version_is_described_by_arn_and_by_number(sagemaker: SageMakerClient, version: str) -> None:
    assert version == f"{ARN}model-package/sageline-demo/1"
    described = sagemaker.describe_model_package(ModelPackageName=version)
    assert described["ModelPackageVersion"] == 1
    assert described["ModelPackageGroupName"] == described["ModelPackageName"] == GROUP
    assert (described["ModelPackageStatus"], described["ModelApprovalStatus"]) == ("Completed", "PendingManualApproval")
    assert described["InferenceSpecification"] == SPECIFICATION
    assert described["CustomerMetadataProperties"] == {"problem": "demo"}
    by_number = sagemaker.describe_model_package(ModelPackageName=f"{GROUP}/1")
    assert by_number["ModelPackageArn"] == version


def test_numbers_are_never_given_twice(sagemaker: SageMakerClient, group: str, version: str) -> None:
    sagemaker.delete_model_package(ModelPackageName=version)
    again = sagemaker.create_model_package(ModelPackageGroupName=group, InferenceSpecification=SPECIFICATION)
    assert again["ModelPackageArn"].endswith("/2")


def test_the_same_token_is_the_same_version(sagemaker: SageMakerClient, group: str) -> None:
    made = {
        sagemaker.create_model_package(ModelPackageGroupName=group, ClientToken="one-token")["ModelPackageArn"]
        for _ in range(3)
    }
    assert len(made) == 1


def test_versions_made_at_once_have_their_own_numbers(group: str, home: Path) -> None:
    arns: list[str] = []

    def register() -> None:
        made = client("sagemaker", home)
        arns.extend(made.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"] for _ in range(4))

    threads = [threading.Thread(target=register) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(arn.rpartition("/")[2]) for arn in arns) == list(range(1, 17))


@pytest.mark.parametrize("status", ["Approved", "Rejected", "PendingManualApproval"])
def test_approval_is_recorded_and_announced(
    sagemaker: SageMakerClient, store: Store, version: str, status: Any
) -> None:
    before = store.events.after()[-1]["id"]
    sagemaker.update_model_package(
        ModelPackageArn=version, ModelApprovalStatus=status, ApprovalDescription="Looked at it."
    )
    described = sagemaker.describe_model_package(ModelPackageName=version)
    assert (described["ModelApprovalStatus"], described["ApprovalDescription"]) == (status, "Looked at it.")
    assert described["LastModifiedTime"] > described["CreationTime"]
    (event,) = store.events.after(int(before))
    assert event["detail-type"] == "SageMaker Model Package State Change"
    assert event["resources"] == [version]
    detail = event["detail"]
    assert (detail["ModelPackageGroupName"], detail["ModelPackageVersion"]) == (GROUP, 1)
    assert detail["ModelApprovalStatus"] == status
    changed = (
        ["ApprovalDescription"] if status == "PendingManualApproval" else ["ModelApprovalStatus", "ApprovalDescription"]
    )
    assert detail["UpdatedModelPackageFields"] == changed
    assert detail["CreationTime"].endswith("Z")


def test_a_new_version_is_announced(sagemaker: SageMakerClient, store: Store, version: str) -> None:
    (event,) = store.events.after()
    assert (event["resources"], event["detail"]["ModelApprovalStatus"]) == ([version], "PendingManualApproval")
    assert "UpdatedModelPackageFields" not in event["detail"]


def test_metadata_is_added_and_removed(sagemaker: SageMakerClient, version: str) -> None:
    def metadata() -> Any:
        return sagemaker.describe_model_package(ModelPackageName=version).get("CustomerMetadataProperties")

    sagemaker.update_model_package(ModelPackageArn=version, CustomerMetadataProperties={"a": "1", "b": "2"})
    assert metadata() == {"problem": "demo", "a": "1", "b": "2"}
    sagemaker.update_model_package(ModelPackageArn=version, CustomerMetadataPropertiesToRemove=["a", "never"])
    assert metadata() == {"problem": "demo", "b": "2"}
    sagemaker.update_model_package(ModelPackageArn=version, CustomerMetadataPropertiesToRemove=["problem", "b"])
    assert metadata() is None


def test_specifications_are_added_under_names_of_their_own(
    sagemaker: SageMakerClient, version: str, refused: Refused
) -> None:
    more: Any = [{"Name": "batch", "Containers": SPECIFICATION["Containers"]}]
    sagemaker.update_model_package(ModelPackageArn=version, AdditionalInferenceSpecificationsToAdd=more)
    described = sagemaker.describe_model_package(ModelPackageName=version)
    assert described["AdditionalInferenceSpecifications"] == more
    code, _ = refused(
        sagemaker.update_model_package, ModelPackageArn=version, AdditionalInferenceSpecificationsToAdd=more
    )
    assert code == "ValidationException"


def test_versions_are_listed_with_filters_and_in_pages(sagemaker: SageMakerClient, group: str) -> None:
    arns = [sagemaker.create_model_package(ModelPackageGroupName=group)["ModelPackageArn"] for _ in range(12)]
    sagemaker.create_model_package(ModelPackageName="alone", InferenceSpecification=SPECIFICATION)
    sagemaker.update_model_package(ModelPackageArn=arns[10], ModelApprovalStatus="Approved")

    def versions(**params: Any) -> list[int]:
        pages = sagemaker.get_paginator("list_model_packages").paginate(**params, PaginationConfig={"PageSize": 5})
        return [each.get("ModelPackageVersion", 0) for page in pages for each in page["ModelPackageSummaryList"]]

    assert versions(ModelPackageGroupName=group) == list(range(1, 13))
    assert versions(ModelPackageGroupName=group, SortOrder="Descending") == list(range(12, 0, -1))
    assert versions(ModelPackageGroupName=group, SortBy="Name") == list(range(1, 13))
    assert versions(ModelPackageGroupName=group, ModelApprovalStatus="Approved") == [11]
    assert versions() == [0]
    assert versions(ModelPackageType="Both") == [*range(1, 13), 0]
    assert versions(ModelPackageType="Versioned", NameContains="demo") == list(range(1, 13))


def test_a_package_of_its_own_has_no_approval(sagemaker: SageMakerClient, refused: Refused) -> None:
    arn = sagemaker.create_model_package(ModelPackageName="alone")["ModelPackageArn"]
    assert sagemaker.describe_model_package(ModelPackageName="alone")["ModelPackageArn"] == arn
    code, message = refused(sagemaker.update_model_package, ModelPackageArn=arn, ModelApprovalStatus="Approved")
    assert code == "ValidationException"
    assert "only a version can be approved" in message
    code, message = refused(sagemaker.create_model_package, ModelPackageName="Alone")
    assert (code, message) == ("ValidationException", f"ModelPackage already exists: {arn}")


def test_what_is_not_there(sagemaker: SageMakerClient, group: str, refused: Refused) -> None:
    cases: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
        (sagemaker.describe_model_package_group, {"ModelPackageGroupName": "no"}, "model-package-group/no"),
        (sagemaker.delete_model_package_group, {"ModelPackageGroupName": "no"}, "model-package-group/no"),
        (sagemaker.list_model_packages, {"ModelPackageGroupName": "no"}, "model-package-group/no"),
        (sagemaker.create_model_package, {"ModelPackageGroupName": "no"}, "model-package-group/no"),
        (sagemaker.describe_model_package, {"ModelPackageName": f"{group}/7"}, "model-package/sageline-demo/7"),
        (sagemaker.delete_model_package, {"ModelPackageName": "no"}, "model-package/no"),
        (
            sagemaker.update_model_package,
            {"ModelPackageArn": f"{ARN}model-package/sageline-demo/7"},
            "model-package/sageline-demo/7",
        ),
    ]
    for function, params, missing in cases:
        code, message = refused(function, **params)
        assert code == "ValidationException"
        assert message in (
            f"ModelPackageGroup {ARN}{missing} does not exist.",
            f"ModelPackage {ARN}{missing} does not exist.",
        )


def test_a_group_goes_only_when_it_is_empty(sagemaker: SageMakerClient, version: str, refused: Refused) -> None:
    assert refused(sagemaker.delete_model_package_group, ModelPackageGroupName=GROUP)[0] == "ConflictException"
    sagemaker.delete_model_package(ModelPackageName=version)
    sagemaker.delete_model_package_group(ModelPackageGroupName=GROUP)
    assert sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"] == []


def test_a_request_names_a_group_or_a_package(sagemaker: SageMakerClient, group: str, refused: Refused) -> None:
    assert refused(sagemaker.create_model_package)[0] == "ValidationException"
    both: Any = {"ModelPackageGroupName": group, "ModelPackageName": "x"}
    assert refused(sagemaker.create_model_package, **both)[0] == "ValidationException"
