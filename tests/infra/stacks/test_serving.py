from __future__ import annotations

import re
from typing import Any

import pytest

from config import ConfigurationError
from tests.support.serving import ALL_KINDS, NAME, TWO, configuration, serving
from tests.support.stacks import changed, only, properties, resources


@pytest.mark.parametrize("settings", ALL_KINDS.values(), ids=ALL_KINDS)
def test_nothing_is_made_before_a_package_is_approved(settings: Any) -> None:
    made = serving(**settings)
    assert made["Parameters"]["ModelPackageArn"]["Default"] == ""
    assert made["Conditions"]["Approved"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "ModelPackageArn"}, ""]}]}
    assert {each["Condition"] for each in made["Resources"].values()} == {"Approved"}
    assert {each["Condition"] for each in made["Outputs"].values()} == {"Approved"}


@pytest.mark.parametrize(
    ("arn", "taken"),
    [
        ("", True),
        ("arn:aws:sagemaker:eu-central-1:111122223333:model-package/sageline-breast-cancer/7", True),
        ("arn:aws-cn:sagemaker:cn-north-1:444455556666:model-package/sageline-breast-cancer/12", True),
        ("arn:aws:sagemaker:eu-central-1:111122223333:model-package/sageline-diabetes/7", False),
        ("arn:aws:sagemaker:eu-central-1:111122223333:model-package/sageline-breast-cancer", False),
        ("sageline-breast-cancer/7", False),
    ],
)
def test_only_versions_of_the_problems_own_group_are_served(arn: str, taken: bool) -> None:
    pattern = serving()["Parameters"]["ModelPackageArn"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, arn)) == taken


def test_the_model_is_the_approved_package_in_the_private_network() -> None:
    model = only(serving(), "AWS::SageMaker::Model")
    assert model["Containers"] == [{"ModelPackageName": {"Ref": "ModelPackageArn"}}]
    assert model["EnableNetworkIsolation"] is True
    assert "sageline-dev-identity" in model["ExecutionRoleArn"]["Fn::ImportValue"]
    assert len(model["VpcConfig"]["Subnets"]) == 2
    assert len(model["VpcConfig"]["SecurityGroupIds"]) == 1


def test_nothing_but_the_endpoint_has_a_name_of_ours() -> None:
    """A change replaces models and configurations: the new ones stand beside the old until the update is done."""
    made = serving(variants=TWO)
    assert only(made, "AWS::SageMaker::Endpoint")["EndpointName"] == NAME
    assert "EndpointConfigName" not in only(made, "AWS::SageMaker::EndpointConfig")
    assert all("ModelName" not in each["Properties"] for each in resources(made, "AWS::SageMaker::Model").values())
    used = {"Fn::GetAtt": ["Configuration", "EndpointConfigName"]}
    assert only(made, "AWS::SageMaker::Endpoint")["EndpointConfigName"] == used


def test_a_change_keeps_the_endpoints_logical_id() -> None:
    for settings in ALL_KINDS.values():
        assert list(resources(serving(**settings), "AWS::SageMaker::Endpoint")) == ["Endpoint"]


def test_no_problems_candidate_has_the_endpoints_name() -> None:
    assert not NAME.startswith("sageline-")
    assert re.fullmatch(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}", NAME)


def test_volumes_are_encrypted_with_the_artifacts_key() -> None:
    for settings in ALL_KINDS.values():
        assert "ArtifactsKey" in configuration(**settings)["KmsKeyId"]["Fn::ImportValue"]


def test_variants_share_requests_by_weight() -> None:
    second, first = configuration(variants=TWO)["ProductionVariants"]
    assert (first["VariantName"], first["InitialVariantWeight"], first["InitialInstanceCount"]) == ("Champion", 9, 2)
    assert (second["VariantName"], second["InitialVariantWeight"], second["InstanceType"]) == (
        "Challenger",
        1,
        "ml.m5.large",
    )


@pytest.mark.parametrize("variant", TWO)
def test_one_of_several_variants_serves_what_was_approved_unless_it_has_a_package_of_its_own(variant: str) -> None:
    made = serving(variants=TWO)
    own, approved = {"Ref": f"{variant}ModelPackageArn"}, {"Ref": "ModelPackageArn"}
    served = {"Fn::If": [f"{variant}HasItsOwn", own, approved]}
    assert properties(made, "AWS::SageMaker::Model", variant)["Containers"] == [{"ModelPackageName": served}]
    assert made["Conditions"][f"{variant}HasItsOwn"] == {"Fn::Not": [{"Fn::Equals": [own, ""]}]}
    assert made["Parameters"][f"{variant}ModelPackageArn"]["Default"] == ""


def test_a_shadow_is_sent_a_share_of_the_requests() -> None:
    made = configuration(
        shadow={"percent": 20, "instances": 3, "instance_type": "ml.c5.large"}, variants={"A": {"weight": 2}}
    )
    (shadow,) = made["ShadowProductionVariants"]
    assert shadow.pop("ModelName") == {"Fn::GetAtt": ["ShadowModel", "ModelName"]}
    assert shadow == {
        "VariantName": "Shadow",
        "InitialVariantWeight": 0.4,
        "InitialInstanceCount": 3,
        "InstanceType": "ml.c5.large",
    }
    assert "ShadowModelPackageArn" in serving(shadow={})["Parameters"]


def test_requests_and_answers_are_captured_with_the_datas_key() -> None:
    capture = configuration(capture_percent=25)["DataCaptureConfig"]
    assert (capture["EnableCapture"], capture["InitialSamplingPercentage"]) == (True, 25)
    assert capture["CaptureOptions"] == [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}]
    assert "DataKey" in capture["KmsKeyId"]["Fn::ImportValue"]
    assert capture["DestinationS3Uri"]["Fn::Join"][1][2] == "/breast_cancer"
    assert "CapturedBucket" in capture["DestinationS3Uri"]["Fn::Join"][1][1]["Fn::ImportValue"]
    assert "DataCaptureConfig" not in configuration()


def test_the_containers_log_has_an_end_and_a_key_and_goes_with_its_endpoint() -> None:
    made = serving(log_days=30)
    (group,) = resources(made, "AWS::Logs::LogGroup").values()
    assert group["DeletionPolicy"] == "Delete"
    assert group["Properties"]["LogGroupName"] == f"/aws/sagemaker/Endpoints/{NAME}"
    assert group["Properties"]["RetentionInDays"] == 30
    assert "OperationsKey" in group["Properties"]["KmsKeyId"]["Fn::ImportValue"]
    assert set(resources(made, "AWS::Logs::LogGroup")) <= set(made["Resources"]["Endpoint"]["DependsOn"])


def test_a_problem_that_the_environment_does_not_have_is_not_served() -> None:
    from infra.application import problems  # noqa: PLC0415 - starts Node

    with pytest.raises(ConfigurationError) as caught:
        problems(changed({"serving": {"breast_canser": {}}, "problems": ("breast_cancer", "diabetes")}))
    (found,) = caught.value.mistakes
    assert (found.path, found.message, found.fix) == (
        "serving.breast_canser",
        "the environment has no problem `breast_canser`.",
        "Did you mean `breast_cancer`?",
    )
