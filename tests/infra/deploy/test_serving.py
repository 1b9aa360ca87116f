"""The serving stack: empty until a model package is approved, then an endpoint, as its services describe it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.deploy.deployed import Deployed, changed
from tests.support.moto.cdk import Outcome

STACK, ONLY = "serving-breast-cancer", "dev/Serving-breast-cancer"
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


def serve(deployed: Deployed, package: str) -> Outcome:
    parameter = f"sageline-dev-{STACK}:ModelPackageArn={package}"
    return deployed.cdk.deploy(deployed.assembly, "--parameters", parameter, only=ONLY)


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
def serving(deployed: Deployed) -> Iterator[Deployed]:
    """The environment after an approved package was deployed."""
    with deployed.copied() as serving:
        serve(serving, register(serving)).succeeded()
        yield serving


@pytest.fixture
def own(serving: Deployed) -> Iterator[Deployed]:
    """The same, for one test alone."""
    with serving.copied() as own:
        yield own


def served(deployed: Deployed) -> str:
    """The package that is served."""
    _, _, model = described(deployed)
    (container,) = model["Containers"]
    return str(container["ModelPackageName"])


def test_without_an_approved_package_the_stack_is_complete_and_empty(deployed: Deployed) -> None:
    assert deployed.stack(STACK)["StackStatus"].endswith("_COMPLETE")
    assert existing(deployed) == {}
    names = [each["EndpointName"] for each in deployed.client("sagemaker").list_endpoints()["Endpoints"]]
    assert not [name for name in names if name.startswith("live-")]


def test_without_one_again_everything_goes(own: Deployed) -> None:
    assert existing(own) != {}
    serve(own, "").succeeded()
    assert existing(own) == {}
    assert NAME not in str(own.client("sagemaker").list_endpoints()["Endpoints"])


def test_the_approved_package_is_served_isolated_in_the_private_network(serving: Deployed) -> None:
    _, _, model = described(serving)
    (package,) = serving.client("sagemaker").list_model_packages(ModelPackageGroupName=GROUP)["ModelPackageSummaryList"]
    assert served(serving) == package["ModelPackageArn"]
    assert model["EnableNetworkIsolation"] is True
    assert set(model["VpcConfig"]["Subnets"]) == set(serving.physical("network", "AWS::EC2::Subnet").values())
    role = serving.one("identity", "AWS::IAM::Role", "EndpointRole")
    assert model["ExecutionRoleArn"].endswith(f":role/{role}")


def test_volumes_and_captured_requests_are_encrypted_with_the_environments_keys(
    serving: Deployed,
) -> None:
    endpoint, configuration, _ = described(serving)
    assert endpoint["EndpointStatus"] == "InService"
    assert configuration["KmsKeyId"] == key_arn(serving, "Artifacts")
    capture = configuration["DataCaptureConfig"]
    assert (capture["EnableCapture"], capture["InitialSamplingPercentage"]) == (True, 100)
    assert capture["KmsKeyId"] == key_arn(serving, "Data")
    bucket = serving.one("data", "AWS::S3::Bucket", "Captured")
    assert capture["DestinationS3Uri"] == f"s3://{bucket}/breast_cancer"


def test_alarms_that_look_at_this_endpoint_roll_an_update_back(serving: Deployed) -> None:
    endpoint, _, _ = described(serving)
    names = list(serving.physical(STACK, "AWS::CloudWatch::Alarm").values())
    alarms = serving.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert {each["MetricName"] for each in alarms} == {"Invocation5XXErrors", "ModelLatency"}
    for each in alarms:
        assert {"Name": "EndpointName", "Value": NAME} in each["Dimensions"]
    rolled_back = endpoint["LastDeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    assert {each["AlarmName"] for each in rolled_back} == set(names)


def test_the_containers_log_is_encrypted_and_kept_as_long_as_the_settings_say(serving: Deployed) -> None:
    name = f"/aws/sagemaker/Endpoints/{NAME}"
    (group,) = serving.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert (group["retentionInDays"], group["kmsKeyId"]) == (365, key_arn(serving, "Operations"))


def test_a_newly_approved_package_takes_the_place_of_the_old_one_and_the_endpoint_keeps_its_name(own: Deployed) -> None:
    before, _, model = described(own)
    serve(own, newer := register(own)).succeeded()
    after, _, _ = described(own)
    assert served(own) == newer
    assert after["EndpointArn"] == before["EndpointArn"]
    done = changed(own.events(STACK))
    touched = {existing(own)[name] for name in done}
    assert touched == {f"AWS::SageMaker::{each}" for each in ("Endpoint", "EndpointConfig", "Model")}
    assert model["ModelName"] not in [each["ModelName"] for each in own.client("sagemaker").list_models()["Models"]]


def test_a_changed_setting_changes_the_configuration_and_adds_scaling_and_serves_the_same_package(
    own: Deployed,
) -> None:
    _, _, model = described(own)
    own.cdk.deploy(own.with_settings("scaled", {"serving": {"breast_cancer": SCALED}}), only=ONLY).succeeded()
    done = changed(own.events(STACK))
    after = existing(own)
    assert {after[name] for name in done} == {
        *(f"AWS::ApplicationAutoScaling::{each}" for each in ("ScalableTarget", "ScalingPolicy")),
        *(f"AWS::SageMaker::{each}" for each in ("Endpoint", "EndpointConfig")),
    }
    endpoint, configuration, same = described(own)
    assert same["ModelName"] == model["ModelName"]
    assert configuration["DataCaptureConfig"]["InitialSamplingPercentage"] == 20
    routing = endpoint["LastDeploymentConfig"]["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert (routing["Type"], routing["WaitIntervalInSeconds"]) == ("CANARY", 120)
    check_scaling(own)

    own.cdk.deploy(own.assembly, only=ONLY).succeeded()
    assert (
        own.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
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
    refused = serve(deployed, package)
    assert refused.code == 1
    assert "It is the ARN of a version in the model package group sageline-breast-cancer." in refused.output
    assert existing(deployed) == before
