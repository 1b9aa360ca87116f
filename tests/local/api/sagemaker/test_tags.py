"""Tags through boto3."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

Refused = Callable[..., tuple[str, str]]


@pytest.fixture
def tagged(sagemaker: SageMakerClient) -> str:
    return sagemaker.create_model_package_group(
        ModelPackageGroupName="tagged", Tags=[{"Key": "team", "Value": "one"}, {"Key": "a", "Value": "é +"}]
    )["ModelPackageGroupArn"]


def test_tags_are_listed_added_replaced_and_removed(sagemaker: SageMakerClient, tagged: str) -> None:
    assert sagemaker.list_tags(ResourceArn=tagged)["Tags"] == [
        {"Key": "a", "Value": "é +"},
        {"Key": "team", "Value": "one"},
    ]
    added = sagemaker.add_tags(ResourceArn=tagged, Tags=[{"Key": "team", "Value": "two"}, {"Key": "z", "Value": ""}])
    assert added["Tags"] == [
        {"Key": "a", "Value": "é +"},
        {"Key": "team", "Value": "two"},
        {"Key": "z", "Value": ""},
    ]
    sagemaker.delete_tags(ResourceArn=tagged, TagKeys=["a", "z", "never"])
    assert sagemaker.list_tags(ResourceArn=tagged)["Tags"] == [{"Key": "team", "Value": "two"}]


def test_what_is_gone_has_no_tags(sagemaker: SageMakerClient, tagged: str, refused: Refused) -> None:
    sagemaker.delete_model_package_group(ModelPackageGroupName="tagged")
    for function, more in ((sagemaker.list_tags, {}), (sagemaker.add_tags, {"Tags": []})):
        params: Any = {"ResourceArn": tagged, **more}
        assert refused(function, **params) == ("ValidationException", f"Resource {tagged} does not exist.")
    sagemaker.create_model_package_group(ModelPackageGroupName="tagged")
    assert sagemaker.list_tags(ResourceArn=tagged)["Tags"] == []


def test_limits_and_repeated_keys(sagemaker: SageMakerClient, tagged: str, refused: Refused) -> None:
    many: Any = [{"Key": f"k{number}", "Value": "v"} for number in range(49)]
    code, message = refused(sagemaker.add_tags, ResourceArn=tagged, Tags=many)
    assert (code, message) == ("ResourceLimitExceeded", "A resource has at most 50 tags; this would be 51.")
    code, _ = refused(sagemaker.add_tags, ResourceArn=tagged, Tags=[many[0], many[0]])
    assert code == "ValidationException"
    assert len(sagemaker.list_tags(ResourceArn=tagged)["Tags"]) == 2
    code, message = refused(sagemaker.add_tags, ResourceArn=tagged, Tags=[{"Key": "bad|key", "Value": "v"}])
    assert code == "ValidationException"
    assert "'tags.1.member.key' failed to satisfy constraint" in message
