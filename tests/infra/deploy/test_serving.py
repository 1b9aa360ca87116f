"""The serving stack: empty until a model package is approved, then an endpoint, as its services describe it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.deploy.deployed import Deployed, changed

STACK = "serving-breast-cancer"
GROUP, NAME = "sageline-breast-cancer", "live-sageline-breast-cancer"
SCALED = {
    "capture_percent": 20,
    "variants": {
        "AllTraffic": {
            "instances": 2,
            "scaling": {
                "min_instances": 2,
                "max_instances": 4,
                "requests_per_instance": 120,
                "measured_on": "ml.m5.large",
            },
        }
    },
    "update": {"traffic": "canary", "step_percent": 50, "wait_seconds": 120},
}


def key_arn(deployed: Deployed, name: str) -> str:
    id_ = deployed.one("data", "AWS::KMS::Key", f"{name}Key")
    arn: str = deployed.client("kms").describe_key(KeyId=id_)["KeyMetadata"]["Arn"]
    return arn


def register(deployed: Deployed) -> str:
    """Register and approve a version, as a pipeline and a person do."""
    package: str = deployed.client("sagemaker").create_model_package(
        ModelPackageGroupName=GROUP,
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [{"Image": "image", "ModelDataUrl": "s3://bucket/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]
    return package


def serve(deployed: Deployed, package: str, assembly: Any = None) -> None:
    parameter = f"sageline-dev-{STACK}:ModelPackageArn={package}"
    deployed.cdk.deploy(assembly or deployed.assembly, "--parameters", parameter).succeeded()


def described(deployed: Deployed) -> tuple[Any, Any, Any]:
    """The endpoint, its configuration and its only model."""
    sagemaker = deployed.client("sagemaker")
    endpoint = sagemaker.describe_endpoint(EndpointName=NAME)
    configuration = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    (variant,) = configuration["ProductionVariants"]
    return endpoint, configuration, sagemaker.describe_model(ModelName=variant["ModelName"])


def existing(deployed: Deployed) -> dict[str, str]:
    """The logical ids of what the stack has now, with their types."""
    listed = deployed.client("cloudformation").describe_stack_resources(StackName=f"sageline-dev-{STACK}")
    return {each["LogicalResourceId"]: each["ResourceType"] for each in listed["StackResources"]}


@pytest.fixture(scope="module")
def served(deployed: Deployed) -> Iterator[str]:
    """An approved package that is served; afterwards none is, as at first."""
    package = register(deployed)
    serve(deployed, package)
    yield package
    serve(deployed, "")
    assert existing(deployed) == {}


def test_without_an_approved_package_the_stack_is_complete_and_empty(deployed: Deployed) -> None:
    assert deployed.stack(STACK)["StackStatus"].endswith("_COMPLETE")
    assert existing(deployed) == {}
    names = [each["EndpointName"] for each in deployed.client("sagemaker").list_endpoints()["Endpoints"]]
    assert not [name for name in names if name.startswith("live-")]


def test_the_approved_package_is_served_isolated_in_the_private_network(deployed: Deployed, served: str) -> None:
    _, _, model = described(deployed)
    assert [each["ModelPackageName"] for each in model["Containers"]] == [served]
    assert model["EnableNetworkIsolation"] is True
    assert set(model["VpcConfig"]["Subnets"]) == set(deployed.physical("network", "AWS::EC2::Subnet").values())
    role = deployed.one("identity", "AWS::IAM::Role", "EndpointRole")
    assert model["ExecutionRoleArn"].endswith(f":role/{role}")


def test_volumes_and_captured_requests_are_encrypted_with_the_environments_keys(
    deployed: Deployed, served: str
) -> None:
    endpoint, configuration, _ = described(deployed)
    assert endpoint["EndpointStatus"] == "InService"
    assert configuration["KmsKeyId"] == key_arn(deployed, "Artifacts")
    capture = configuration["DataCaptureConfig"]
    assert (capture["EnableCapture"], capture["InitialSamplingPercentage"]) == (True, 100)
    assert capture["KmsKeyId"] == key_arn(deployed, "Data")
    bucket = deployed.one("data", "AWS::S3::Bucket", "Captured")
    assert capture["DestinationS3Uri"] == f"s3://{bucket}/breast_cancer"


def test_alarms_that_look_at_this_endpoint_roll_an_update_back(deployed: Deployed, served: str) -> None:
    endpoint, _, _ = described(deployed)
    names = list(deployed.physical(STACK, "AWS::CloudWatch::Alarm").values())
    alarms = deployed.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert {each["MetricName"] for each in alarms} == {"Invocation5XXErrors", "ModelLatency"}
    for each in alarms:
        assert {"Name": "EndpointName", "Value": NAME} in each["Dimensions"]
    rolled_back = endpoint["LastDeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    assert {each["AlarmName"] for each in rolled_back} == set(names)


def test_the_containers_log_is_encrypted_and_kept_as_long_as_the_settings_say(deployed: Deployed, served: str) -> None:
    name = f"/aws/sagemaker/Endpoints/{NAME}"
    (group,) = deployed.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert (group["retentionInDays"], group["kmsKeyId"]) == (365, key_arn(deployed, "Operations"))


def test_a_newly_approved_package_takes_the_place_of_the_old_one_and_the_endpoint_keeps_its_name(
    deployed: Deployed, served: str
) -> None:
    before, _, model = described(deployed)
    serve(deployed, newer := register(deployed))
    after, _, replaced = described(deployed)
    assert [each["ModelPackageName"] for each in replaced["Containers"]] == [newer]
    assert after["EndpointArn"] == before["EndpointArn"]
    done = changed(deployed.events(STACK))
    touched = {existing(deployed)[name] for name in done}
    assert touched == {f"AWS::SageMaker::{each}" for each in ("Endpoint", "EndpointConfig", "Model")}
    assert model["ModelName"] not in [
        each["ModelName"] for each in deployed.client("sagemaker").list_models()["Models"]
    ]
    serve(deployed, served)


def test_a_changed_setting_changes_the_configuration_and_adds_scaling_and_serves_the_same_package(
    deployed: Deployed, served: str
) -> None:
    _, _, model = described(deployed)
    deployed.cdk.deploy(deployed.with_settings("scaled", {"serving": {"breast_cancer": SCALED}})).succeeded()
    done = changed(deployed.events(STACK))
    after = existing(deployed)
    assert {after[name] for name in done} == {
        *(f"AWS::ApplicationAutoScaling::{each}" for each in ("ScalableTarget", "ScalingPolicy")),
        *(f"AWS::SageMaker::{each}" for each in ("Endpoint", "EndpointConfig")),
    }
    endpoint, configuration, same = described(deployed)
    assert same["ModelName"] == model["ModelName"]
    assert configuration["DataCaptureConfig"]["InitialSamplingPercentage"] == 20
    routing = endpoint["LastDeploymentConfig"]["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert (routing["Type"], routing["WaitIntervalInSeconds"]) == ("CANARY", 120)
    check_scaling(deployed)

    deployed.cdk.deploy(deployed.assembly).succeeded()
    assert (
        deployed.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")[
            "ScalableTargets"
        ]
        == []
    )


def check_scaling(deployed: Deployed) -> None:
    """The variant's instances follow its requests."""
    scaling = deployed.client("application-autoscaling")
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert target["ResourceId"] == f"endpoint/{NAME}/variant/AllTraffic"
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 4)
    (policy,) = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    tracking = policy["TargetTrackingScalingPolicyConfiguration"]
    metric = tracking["PredefinedMetricSpecification"]["PredefinedMetricType"]
    assert (metric, tracking["TargetValue"]) == ("SageMakerVariantInvocationsPerInstance", 120)


@pytest.mark.parametrize(
    "package", ["arn:aws:sagemaker:eu-central-1:111122223333:model-package/sageline-diabetes/1", "latest"]
)
def test_a_package_of_another_group_is_refused_and_nothing_changes(deployed: Deployed, package: str) -> None:
    before = existing(deployed)
    parameter = f"sageline-dev-{STACK}:ModelPackageArn={package}"
    refused = deployed.cdk.deploy(deployed.assembly, "--parameters", parameter)
    assert refused.code == 1
    assert "It is the ARN of a version in the model package group sageline-breast-cancer." in refused.output
    assert existing(deployed) == before
