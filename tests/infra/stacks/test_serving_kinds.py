from __future__ import annotations

from tests.support.serving import SERVERLESS, configuration, serving
from tests.support.stacks import only, resources, statements


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
