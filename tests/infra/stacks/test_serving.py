from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from config import ConfigurationError, load_problem
from tests.infra.test_compliance import cfn_lint, checkov
from tests.support.stacks import Template, changed, only, properties, resources, statements, template

REFERENCE = (Path(__file__).parents[3] / "docs" / "configuration.md").read_text("utf-8")
NAME = "live-sageline-breast-cancer"
SCALING = {"max_instances": 4, "requests_per_instance": 120, "measured_on": "ml.m5.large"}
TWO = {"Champion": {"instances": 2, "weight": 9}, "Challenger": {"instances": 2}}
SERVERLESS = {"serverless": {}, "vpc": False, "network_isolation": False}
ALL_KINDS: dict[str, Any] = {
    "shared": {
        "variants": {
            name: each
            | {
                "scaling": SCALING
                | {"min_instances": 2, "schedules": {"day": {"at": "rate(1 day)", "min_instances": 3}}}
            }
            for name, each in TWO.items()
        },
        "capture_percent": 50,
        "update": {"traffic": "canary"},
        "alarms": {"refusals_percent": 5},
    },
    "shadowed": {"shadow": {"percent": 20}},
    "serverless": SERVERLESS,
    "asynchronous": {
        "asynchronous": {"concurrency": 4},
        "variants": {"AllTraffic": {"scaling": SCALING | {"min_instances": 0}}},
    },
}


def synthesised(folders: pytest.TempPathFactory, served: dict[str, Any]) -> dict[str, str]:
    """Return the templates of several problems that differ in how they are served, from one synth."""
    from infra.application import new_app  # noqa: PLC0415 - starts Node
    from infra.platform import Platform  # noqa: PLC0415

    app = new_app(outdir=str(folders.mktemp("cdk.out")))
    problem = load_problem("breast_cancer")
    platform = Platform(
        app, changed({"serving": served}), [problem.model_copy(update={"name": name}) for name in served]
    )
    stacks = platform.serving
    folder = Path(app.synth().directory, f"assembly-{platform.node.id}")
    return {name: (folder / stack.template_file).read_text("utf-8") for name, stack in stacks.items()}


def serving(**settings: Any) -> Template:
    return template("serving", {"serving": {"breast_cancer": settings}})


def configuration(**settings: Any) -> Any:
    return only(serving(**settings), "AWS::SageMaker::EndpointConfig")


def endpoint(**settings: Any) -> Any:
    return only(serving(**settings), "AWS::SageMaker::Endpoint")


def routing(**update: Any) -> Any:
    return endpoint(update=update, variants=TWO)["DeploymentConfig"]["BlueGreenUpdatePolicy"]


def alarm(start: str, **settings: Any) -> Any:
    return properties(serving(**settings), "AWS::CloudWatch::Alarm", start)


def target(**scaling: Any) -> Any:
    made = serving(variants={"AllTraffic": {"scaling": SCALING | scaling}})
    return only(made, "AWS::ApplicationAutoScaling::ScalableTarget")


def tracking(made: Template) -> Any:
    policy = properties(made, "AWS::ApplicationAutoScaling::ScalingPolicy", "AllTrafficScalingRequests")
    return policy["TargetTrackingScalingPolicyConfiguration"]


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


def test_a_serverless_endpoint_has_no_instances_and_no_rollback() -> None:
    made = serving(
        **SERVERLESS | {"serverless": {"memory_mb": 1024, "max_concurrency": 9, "provisioned_concurrency": 3}}
    )
    (variant,) = only(made, "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert variant["ServerlessConfig"] == {"MemorySizeInMB": 1024, "MaxConcurrency": 9, "ProvisionedConcurrency": 3}
    assert not {"InstanceType", "InitialInstanceCount"} & set(variant)
    model = only(made, "AWS::SageMaker::Model")
    assert "VpcConfig" not in model
    assert model["EnableNetworkIsolation"] is False
    assert "DeploymentConfig" not in only(made, "AWS::SageMaker::Endpoint")
    assert resources(made, "AWS::CloudWatch::Alarm") == {}


def test_an_asynchronous_endpoint_answers_in_the_artifacts_bucket() -> None:
    asked = configuration(asynchronous={"concurrency": 4})["AsyncInferenceConfig"]
    assert asked["ClientConfig"] == {"MaxConcurrentInvocationsPerInstance": 4}
    output = asked["OutputConfig"]
    assert "ArtifactsKey" in output["KmsKeyId"]["Fn::ImportValue"]
    for member, end in (("S3OutputPath", "answers"), ("S3FailurePath", "failures")):
        start, bucket, path = output[member]["Fn::Join"][1]
        assert (start, path) == ("s3://", f"/sageline-breast-cancer/asynchronous/{end}")
        assert "ArtifactsBucket" in bucket["Fn::ImportValue"]
    assert set(output["NotificationConfig"]) == {"SuccessTopic", "ErrorTopic"}
    assert "ClientConfig" not in configuration(asynchronous={})["AsyncInferenceConfig"]


def test_topics_are_encrypted_and_the_endpoints_role_may_publish_to_them() -> None:
    made = serving(asynchronous={})
    topics = resources(made, "AWS::SNS::Topic")
    assert len(topics) == 2
    assert all("OperationsKey" in each["Properties"]["KmsMasterKeyId"]["Fn::ImportValue"] for each in topics.values())
    policy = only(made, "AWS::IAM::ManagedPolicy")
    allowed = statements(policy["PolicyDocument"])
    assert allowed["TellOfAnswers"]["Resource"] == [{"Ref": topic} for topic in topics]
    assert allowed["EncryptWhatIsTold"]["Condition"] == {
        "StringEquals": {"kms:ViaService": "sns.eu-central-1.amazonaws.com"}
    }
    assert len(policy["Roles"]) == 1
    assert set(topics) < set(made["Resources"]["Endpoint"]["DependsOn"])


def test_a_setting_leaves_the_topics_out() -> None:
    made = serving(asynchronous={"notifications": False})
    assert resources(made, "AWS::SNS::Topic") == resources(made, "AWS::IAM::ManagedPolicy") == {}
    output = only(made, "AWS::SageMaker::EndpointConfig")["AsyncInferenceConfig"]["OutputConfig"]
    assert "NotificationConfig" not in output


def test_requests_and_answers_are_captured_with_the_datas_key() -> None:
    capture = configuration(capture_percent=25)["DataCaptureConfig"]
    assert (capture["EnableCapture"], capture["InitialSamplingPercentage"]) == (True, 25)
    assert capture["CaptureOptions"] == [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}]
    assert "DataKey" in capture["KmsKeyId"]["Fn::ImportValue"]
    assert capture["DestinationS3Uri"]["Fn::Join"][1][2] == "/breast_cancer"
    assert "CapturedBucket" in capture["DestinationS3Uri"]["Fn::Join"][1][1]["Fn::ImportValue"]
    assert "DataCaptureConfig" not in configuration()


def test_an_updates_alarms_have_the_units_of_their_metrics() -> None:
    latency = alarm("AllTrafficAlarmsLatency", alarms={"latency_ms": 250})
    assert (latency["Threshold"], latency["Unit"], latency["ExtendedStatistic"]) == (250_000, "Microseconds", "p99")
    errors = alarm("AllTrafficAlarmsErrors", alarms={"errors_percent": 2})
    assert (errors["Threshold"], errors["Statistic"]) == (0.02, "Average")
    assert (latency["MetricName"], errors["MetricName"]) == ("ModelLatency", "Invocation5XXErrors")
    for each in (latency, errors):
        assert each["TreatMissingData"] == "notBreaching"
        assert [(one["Name"], one["Value"]) for one in each["Dimensions"]] == [
            ("EndpointName", NAME),
            ("VariantName", "AllTraffic"),
        ]


def test_every_variant_has_alarms_that_roll_the_update_back() -> None:
    made = serving(variants=TWO, alarms={"refusals_percent": 5})
    watched = only(made, "AWS::SageMaker::Endpoint")["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    alarms = resources(made, "AWS::CloudWatch::Alarm")
    assert len(alarms) == 6
    assert [each["AlarmName"]["Ref"] for each in watched] == list(alarms)


def test_an_update_moves_requests_as_the_settings_say() -> None:
    canary = routing(traffic="canary", step_percent=25, wait_seconds=60, keep_old_seconds=90)
    assert canary == {
        "MaximumExecutionTimeoutInSeconds": 2 * 60 + 90 + 3600,
        "TerminationWaitInSeconds": 90,
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 25},
            "WaitIntervalInSeconds": 60,
        },
    }
    linear = routing(traffic="linear", step_percent=30)["TrafficRoutingConfiguration"]
    assert (linear["Type"], linear["LinearStepSize"]) == ("LINEAR", {"Type": "CAPACITY_PERCENT", "Value": 30})
    assert routing()["TrafficRoutingConfiguration"] == {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 300}


def test_a_setting_takes_the_guard_away_for_a_change_of_variants() -> None:
    made = serving(update={"guarded": False})
    assert "DeploymentConfig" not in only(made, "AWS::SageMaker::Endpoint")
    assert resources(made, "AWS::CloudWatch::Alarm") == {}


def excluded(made: Any) -> list[str]:
    return [each["VariantPropertyType"] for each in made["ExcludeRetainedVariantProperties"]]


def test_an_update_keeps_the_instances_of_what_scales_and_takes_the_weights_of_the_settings() -> None:
    assert endpoint()["RetainAllVariantProperties"] is False
    scaled = endpoint(variants={"AllTraffic": {"scaling": SCALING}})
    assert (scaled["RetainAllVariantProperties"], excluded(scaled)) == (True, ["DesiredWeight"])
    by_hand = endpoint(keep_weights=True)
    assert (by_hand["RetainAllVariantProperties"], excluded(by_hand)) == (True, ["DesiredInstanceCount"])
    assert excluded(endpoint(keep_weights=True, variants={"AllTraffic": {"scaling": SCALING}})) == []


def test_instances_follow_the_requests_of_a_minute() -> None:
    made = serving(variants={"AllTraffic": {"scaling": SCALING | {"scale_in": False}}})
    bounds = only(made, "AWS::ApplicationAutoScaling::ScalableTarget")
    assert bounds["ResourceId"] == f"endpoint/{NAME}/variant/AllTraffic"
    assert bounds["ScalableDimension"] == "sagemaker:variant:DesiredInstanceCount"
    assert tracking(made) == {
        "DisableScaleIn": True,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "ScaleInCooldown": 600,
        "ScaleOutCooldown": 60,
        "TargetValue": 120,
    }


def test_a_variant_scales_only_once_its_endpoint_is_there_and_changed() -> None:
    made = serving(variants={"AllTraffic": {"scaling": SCALING}})
    (each,) = resources(made, "AWS::ApplicationAutoScaling::ScalableTarget").values()
    assert each["DependsOn"] == ["Endpoint"]


def test_a_paused_variant_is_no_scaling_target_and_keeps_its_instances() -> None:
    made = serving(variants={"AllTraffic": {"scaling": SCALING | {"paused": True}}})
    assert resources(made, "AWS::ApplicationAutoScaling::ScalableTarget") == {}
    assert resources(made, "AWS::ApplicationAutoScaling::ScalingPolicy") == {}
    assert only(made, "AWS::SageMaker::Endpoint")["RetainAllVariantProperties"] is True


def test_schedules_change_the_bounds() -> None:
    night = {"at": "cron(0 20 ? * * *)", "timezone": "Europe/Berlin", "min_instances": 1, "max_instances": 2}
    assert target(schedules={"night": night})["ScheduledActions"] == [
        {
            "ScheduledActionName": "night",
            "Schedule": "cron(0 20 ? * * *)",
            "Timezone": "Europe/Berlin",
            "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 2},
        }
    ]
    assert "ScheduledActions" not in target()


def test_an_asynchronous_variant_follows_the_requests_that_wait_and_starts_from_nothing() -> None:
    made = serving(**ALL_KINDS["asynchronous"])
    metric = tracking(made)["CustomizedMetricSpecification"]
    assert metric["MetricName"] == "ApproximateBacklogSizePerInstance"
    assert metric["Dimensions"] == [{"Name": "EndpointName", "Value": NAME}]
    waiting = properties(made, "AWS::CloudWatch::Alarm", "AllTrafficScalingWaiting")
    (policy,) = [each["Ref"] for each in waiting["AlarmActions"]]
    assert made["Resources"][policy]["Properties"]["PolicyType"] == "StepScaling"
    assert waiting["MetricName"] == "HasBacklogWithoutCapacity"
    watched = only(made, "AWS::SageMaker::Endpoint")["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    assert not [each for each in watched if "Waiting" in each["AlarmName"]["Ref"]]


def test_an_asynchronous_variant_that_keeps_an_instance_starts_from_no_other() -> None:
    made = serving(asynchronous={}, variants={"AllTraffic": {"scaling": SCALING}})
    assert len(resources(made, "AWS::ApplicationAutoScaling::ScalingPolicy")) == 1


def test_the_containers_log_has_an_end_and_a_key_and_goes_with_its_endpoint() -> None:
    made = serving(log_days=30)
    (group,) = resources(made, "AWS::Logs::LogGroup").values()
    assert group["DeletionPolicy"] == "Delete"
    assert group["Properties"]["LogGroupName"] == f"/aws/sagemaker/Endpoints/{NAME}"
    assert group["Properties"]["RetentionInDays"] == 30
    assert "OperationsKey" in group["Properties"]["KmsKeyId"]["Fn::ImportValue"]
    assert set(resources(made, "AWS::Logs::LogGroup")) <= set(made["Resources"]["Endpoint"]["DependsOn"])


BASE: dict[str, Any] = {
    "variants": {"AllTraffic": {"instances": 2, "scaling": SCALING | {"min_instances": 2}}},
    "shadow": {},
    "update": {"traffic": "canary"},
}
SERVERLESS_BASE: dict[str, Any] = {"serverless": {"memory_mb": 2048}, "vpc": False, "network_isolation": False}
ASYNCHRONOUS_BASE: dict[str, Any] = {"asynchronous": {"concurrency": 1}}


CHANGES: list[tuple[dict[str, Any], str, Any]] = [
    (BASE, "variants.AllTraffic.instance_type", "ml.c5.large"),
    (BASE, "variants.AllTraffic.instances", 3),
    (BASE, "variants.AllTraffic.weight", 2),
    (BASE, "variants.AllTraffic.scaling.min_instances", 1),
    (BASE, "variants.AllTraffic.scaling.max_instances", 9),
    (BASE, "variants.AllTraffic.scaling.requests_per_instance", 9),
    (BASE, "variants.AllTraffic.scaling.scale_in", False),
    (BASE, "variants.AllTraffic.scaling.scale_in_seconds", 9),
    (BASE, "variants.AllTraffic.scaling.scale_out_seconds", 9),
    (BASE, "variants.AllTraffic.scaling.paused", True),
    (BASE, "variants.AllTraffic.scaling.schedules", {"day": {"at": "rate(1 day)", "min_instances": 1}}),
    (BASE, "shadow.instance_type", "ml.c5.large"),
    (BASE, "shadow.instances", 2),
    (BASE, "shadow.percent", 9),
    (SERVERLESS_BASE, "serverless.memory_mb", 4096),
    (SERVERLESS_BASE, "serverless.max_concurrency", 9),
    (SERVERLESS_BASE, "serverless.provisioned_concurrency", 1),
    (ASYNCHRONOUS_BASE, "asynchronous.concurrency", 9),
    (ASYNCHRONOUS_BASE, "asynchronous.notifications", False),
    (BASE, "capture_percent", 9),
    (BASE, "vpc", False),
    (BASE, "network_isolation", False),
    (BASE, "keep_weights", True),
    (BASE, "update.traffic", "linear"),
    (BASE, "update.step_percent", 20),
    (BASE, "update.wait_seconds", 9),
    (BASE, "update.keep_old_seconds", 9),
    (BASE, "update.guarded", False),
    (BASE, "alarms.errors_percent", 9),
    (BASE, "alarms.latency_ms", 9),
    (BASE, "alarms.refusals_percent", 9),
    (BASE, "alarms.minutes", 9),
    (BASE, "log_days", 9),
]


def with_change(base: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    settings: dict[str, Any] = json.loads(json.dumps(base))
    *parents, name = path.split(".")
    place = settings
    for parent in parents:
        place = place.setdefault(parent, {})
    place[name] = value
    return settings


@pytest.fixture(scope="module")
def with_changes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The templates of the settings above as they are and with each change, as text, by the name of their problem."""
    bases = {"base-0": BASE, "base-1": SERVERLESS_BASE, "base-2": ASYNCHRONOUS_BASE}
    served = bases | {f"change-{number}": with_change(*change) for number, change in enumerate(CHANGES)}
    return {name: text.replace(name, "NAME") for name, text in synthesised(tmp_path_factory, served).items()}


@pytest.mark.parametrize(("number", "change"), list(enumerate(CHANGES)), ids=[path for _, path, _ in CHANGES])
def test_every_setting_changes_the_template(
    number: int, change: tuple[dict[str, Any], str, Any], with_changes: dict[str, str]
) -> None:
    base = [BASE, SERVERLESS_BASE, ASYNCHRONOUS_BASE].index(change[0])
    assert with_changes[f"change-{number}"] != with_changes[f"base-{base}"]


def test_the_same_settings_give_the_same_template(tmp_path_factory: pytest.TempPathFactory) -> None:
    one, other = synthesised(tmp_path_factory, {"one": BASE, "other": BASE}).items()
    assert one[1].replace("one", "NAME") == other[1].replace("other", "NAME")


def test_every_setting_is_among_the_changes() -> None:
    described = {
        path.removeprefix("serving.NAME.") for path in re.findall(r"(?m)^\| `(serving\.NAME\.\S+)`", REFERENCE)
    }
    changed_here = {re.sub(r"AllTraffic", "NAME", path) for _, path, _ in CHANGES}
    schedules = {path for path in described if ".schedules." in path}
    assert len(schedules) == 4
    # Which instances a number was measured on is compared, and makes nothing.
    assert described - schedules - {"variants.NAME.scaling.measured_on"} == changed_here - {
        "variants.NAME.scaling.schedules"
    }


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


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The assembly of an environment with an endpoint of each kind, held against the compliance packs."""
    from infra.application import new_app, synthesise  # noqa: PLC0415 - starts Node
    from infra.platform import Platform  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("cdk.out")
    app = new_app(outdir=str(folder))
    problem = load_problem("breast_cancer")
    problems = [problem.model_copy(update={"name": name}) for name in ALL_KINDS]
    platform = Platform(app, changed({"serving": ALL_KINDS}), problems)
    assert list(platform.serving) == list(ALL_KINDS)
    synthesise(app, checks=True)
    return folder


def test_endpoints_of_every_kind_pass_the_packs(every_kind: Path) -> None:
    reports = json.loads((every_kind / "validation-report.json").read_text("utf-8"))["pluginReports"]
    assert [each for report in reports for each in report["violations"]] == []
    # What is accepted is that serverless endpoints can be neither isolated nor in the network.
    accepted = {each["ruleName"] for report in reports for each in report["suppressedViolations"]}
    assert accepted == {"models_are_isolated_and_in_the_network"}


def test_endpoints_of_every_kind_pass_cfn_lint_and_checkov(every_kind: Path) -> None:
    templates = sorted(every_kind.rglob("*Serving*.template.json"))
    assert len(templates) == len(ALL_KINDS)
    assert cfn_lint(templates) == []
    assert checkov(every_kind) == []
