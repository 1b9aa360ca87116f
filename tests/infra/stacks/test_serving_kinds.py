from __future__ import annotations

import json
from pathlib import Path

import pytest

from config import load_problem
from tests.infra.test_compliance import cfn_lint, checkov
from tests.support.serving import ALL_KINDS, SERVERLESS, configuration, serving
from tests.support.stacks import changed, only, resources, statements


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
