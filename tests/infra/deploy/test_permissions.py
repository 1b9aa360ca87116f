"""Roles may do what is asked of them, and no more: deployed policies against deployed definitions and real calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.functions import find_champion, smoke_test
from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.test_identity import statements
from tests.pipeline.conftest import flattened
from tests.support.iam import ALLOWED, NOT_ALLOWED, Call, decision
from tests.support.recorded import Recorder, check

PROBLEMS = ("breast-cancer", "diabetes", "digits")
#: What a step of each type asks of the pipeline's role, by the resource that it makes. Source: SageMaker Developer
#: Guide, 'IAM access management' of pipelines; Service Authorization Reference, SageMaker, for resources and keys.
JOBS = {
    "Processing": ("processing-job", "ProcessingJob"),
    "Training": ("training-job", "TrainingJob"),
    "Tuning": ("hyper-parameter-tuning-job", "HyperParameterTuningJob"),
    "Transform": ("transform-job", "TransformJob"),
}


def role(deployed: Deployed, stack: str, name: str) -> list[Any]:
    """What the policies of a deployed role say."""
    return statements(deployed, deployed.one(stack, "AWS::IAM::Role", f"{name}Role"))


def steps(deployed: Deployed, problem: str) -> dict[str, Any]:
    found = deployed.client("sagemaker").describe_pipeline(PipelineName=f"sageline-{problem}")
    return flattened(json.loads(found["PipelineDefinition"]))


def arn(deployed: Deployed, resource: str, service: str = "sagemaker") -> str:
    return f"arn:aws:{service}:{deployed.server.region}:{deployed.server.account}:{resource}"


def conditions(request: Any) -> dict[str, Any]:
    """The condition keys that SageMaker fills from a request to start a job or to make a model."""
    request = request.get("TrainingJobDefinition", request)
    network = request.get("NetworkConfig", request)
    vpc = network.get("VpcConfig", {})
    outputs = [
        request[each] for each in ("ProcessingOutputConfig", "OutputDataConfig", "TransformOutput") if each in request
    ]
    output: dict[str, Any] = outputs[0] if outputs else {}
    resources = request.get("ProcessingResources", {}).get("ClusterConfig") or request.get(
        "ResourceConfig", request.get("TransformResources", {})
    )
    keys = {
        "sagemaker:NetworkIsolation": network.get("EnableNetworkIsolation"),
        "sagemaker:InterContainerTrafficEncryption": network.get("EnableInterContainerTrafficEncryption"),
        "sagemaker:OutputKmsKey": output.get("KmsKeyId"),
        "sagemaker:VolumeKmsKey": resources.get("VolumeKmsKeyId"),
        "sagemaker:VpcSecurityGroupIds": vpc.get("SecurityGroupIds"),
        "sagemaker:VpcSubnets": vpc.get("Subnets"),
    }
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in keys.items()
        if value is not None
    }


def roles_in(value: Any) -> Iterator[str]:
    """Every role that a request hands over."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name in ("RoleArn", "ExecutionRoleArn"):
                yield each
            else:
                yield from roles_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from roles_in(each)


def called(deployed: Deployed, step: Any) -> list[Call]:
    """Return what a step asks that invokes a function, or sends a message to an encrypted queue."""
    if step["Type"] == "Lambda":
        return [Call("lambda:InvokeFunction", step["FunctionArn"])]
    key = arn(deployed, f"key/{deployed.one('data', 'AWS::KMS::Key', 'Operations')}", "kms")
    through = {"kms:ViaService": f"sqs.{deployed.server.region}.amazonaws.com"}
    encrypted = [Call(action, key, through) for action in ("kms:Decrypt", "kms:GenerateDataKey")]
    return [Call("sqs:SendMessage", arn(deployed, step["SqsQueueUrl"].rpartition("/")[2], "sqs")), *encrypted]


def asked(deployed: Deployed, problem: str, step: Any) -> list[Call]:
    """Return what a step of a deployed definition asks of the pipeline's role."""
    kind, request, group = step["Type"], step["Arguments"], f"sageline-{problem}"
    named = f"pipelines-abcdefghijkl-{step['Name']}-0123456789"
    passed = {"iam:PassedToService": "sagemaker.amazonaws.com"}
    calls = [Call("iam:PassRole", each, passed) for each in roles_in(request)]

    def on(resource: str, *actions: str, **context: Any) -> list[Call]:
        return [Call(f"sagemaker:{each}", arn(deployed, resource), context) for each in actions]

    if kind in JOBS:
        resource, name = JOBS[kind]
        calls += on(f"{resource}/{named}", f"Create{name}", **conditions(request))
        calls += on(f"{resource}/{named}", f"Describe{name}", f"Stop{name}", "AddTags")
        if kind == "Tuning":
            calls += on(f"{resource}/{named}", "ListTrainingJobsForHyperParameterTuningJob")
    elif kind == "Model":
        calls += on(f"model/{named}", "CreateModel", **conditions(request))
        calls += on(f"model/{named}", "DescribeModel", "AddTags")
    elif kind == "RegisterModel":
        calls += on(f"model-package/{group}/1", "CreateModelPackage", "DescribeModelPackage", "AddTags")
    elif kind == "EndpointConfig":
        calls += on(
            f"endpoint-config/{group}-abcdefghijkl", "CreateEndpointConfig", "DescribeEndpointConfig", "AddTags"
        )
    elif kind == "Endpoint":
        for each in (f"endpoint/{group}", f"endpoint-config/{group}-abcdefghijkl"):
            calls += on(each, "CreateEndpoint", "UpdateEndpoint")
        calls += on(f"endpoint/{group}", "DescribeEndpoint", "AddTags")
    elif kind in ("Lambda", "Callback"):
        calls += called(deployed, step)
    else:
        assert kind in ("Condition", "Fail"), f"say what a step of type {kind} asks of the role"
    return calls


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_pipelines_role_may_start_every_step_of_its_deployed_definition(deployed: Deployed, problem: str) -> None:
    granted = role(deployed, "identity", "Pipeline")
    found = [call for step in steps(deployed, problem).values() for call in asked(deployed, problem, step)]
    assert [call for call in found if decision(granted, call) != ALLOWED] == []
    assert {"sagemaker:CreateProcessingJob", "iam:PassRole", "lambda:InvokeFunction"} < {each.action for each in found}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sagemaker:NetworkIsolation", "false"),
        ("sagemaker:InterContainerTrafficEncryption", "false"),
        ("sagemaker:OutputKmsKey", "arn:aws:kms:eu-central-1:111122223333:key/another"),
        ("sagemaker:VolumeKmsKey", None),
        ("sagemaker:VpcSubnets", ["subnet-another"]),
        ("sagemaker:VpcSubnets", None),
        ("sagemaker:VpcSecurityGroupIds", None),
    ],
)
def test_a_definition_that_somebody_loosened_is_refused_by_the_role(deployed: Deployed, key: str, value: Any) -> None:
    granted = role(deployed, "identity", "Pipeline")
    for step in steps(deployed, "breast-cancer").values():
        if step["Type"] in ("Processing", "Training", "Tuning"):
            (create,) = [each for each in asked(deployed, "breast-cancer", step) if ":Create" in each.action]
            context = {name: kept for name, kept in create.context.items() if name != key}
            loosened = Call(create.action, create.resource, context | ({key: value} if value is not None else {}))
            assert decision(granted, loosened) == NOT_ALLOWED, step["Name"]


def test_conditions_read_the_property_files_that_jobs_wrote(deployed: Deployed) -> None:
    granted, bucket = role(deployed, "identity", "Pipeline"), deployed.one("data", "AWS::S3::Bucket", "Artifacts")
    key = arn(deployed, f"key/{deployed.one('data', 'AWS::KMS::Key', 'Artifacts')}", "kms")
    through = {"kms:ViaService": f"s3.{deployed.server.region}.amazonaws.com"}
    read = Call("s3:GetObject", f"arn:aws:s3:::{bucket}/sageline-digits/abc/Evaluate/evaluation/evaluation.json")
    assert decision(granted, read) == decision(granted, Call("kms:Decrypt", key, through)) == ALLOWED
    write = Call("s3:PutObject", read.resource)
    assert decision(granted, write) == decision(granted, Call("kms:Decrypt", key)) == NOT_ALLOWED


@pytest.fixture
def recorder(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    with Recorder(deployed.server) as recorder:
        for module in (find_champion, smoke_test):
            monkeypatch.setattr(module, "boto3", recorder)
        yield recorder


def test_finding_the_champion_takes_exactly_what_its_role_has(deployed: Deployed, recorder: Recorder) -> None:
    made = deployed.client("sagemaker").create_model_package(
        ModelPackageGroupName="sageline-digits",
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [{"Image": "image", "ModelDataUrl": "s3://bucket/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]
    event = {"ModelPackageGroupName": "sageline-digits", "StandIn": "s3://bucket/code.gz"}
    assert find_champion.handler(event, None)["ModelPackageArn"] == made
    check(recorder, role(deployed, "pipelines", "FindChampion"))


def test_trying_an_endpoint_takes_exactly_what_its_role_has(deployed: Deployed, recorder: Recorder) -> None:
    bucket = deployed.one("data", "AWS::S3::Bucket", "Artifacts")
    # moto's endpoints answer "body" to everything.
    samples = json.dumps({"rows": "1,2", "answers": [["body"]]}).encode()
    deployed.client("s3").put_object(Bucket=bucket, Key="sageline-digits/abc/samples.json", Body=samples)
    sagemaker = deployed.client("sagemaker")
    made = deployed.one("identity", "AWS::IAM::Role", "Endpoint")
    sagemaker.create_model(ModelName="digits", ExecutionRoleArn=f"arn:aws:iam::{deployed.server.account}:role/{made}")
    for number in (1, 2):
        sagemaker.create_endpoint_config(
            EndpointConfigName=f"sageline-digits-{number}",
            ProductionVariants=[
                {
                    "VariantName": "AllTraffic",
                    "ModelName": "digits",
                    "InstanceType": "ml.m5.large",
                    "InitialInstanceCount": 1,
                }
            ],
        )
    sagemaker.create_endpoint(EndpointName="sageline-digits", EndpointConfigName="sageline-digits-1")
    event = {"EndpointName": "sageline-digits", "SamplesUri": f"s3://{bucket}/sageline-digits/abc/samples.json"}
    assert smoke_test.handler(event, None) == {"Rows": "1"}
    sagemaker.update_endpoint(EndpointName="sageline-digits", EndpointConfigName="sageline-digits-2")
    samples = json.dumps({"rows": "1,2", "answers": [["other"]]}).encode()
    deployed.client("s3").put_object(Bucket=bucket, Key="sageline-digits/abc/samples.json", Body=samples)
    with pytest.raises(ValueError, match=r"predicted \['other'\]\. The endpoint serves sageline-digits-1 again"):
        smoke_test.handler(event, None)
    sagemaker.delete_endpoint(EndpointName="sageline-digits")
    sagemaker.create_endpoint(EndpointName="sageline-digits", EndpointConfigName="sageline-digits-1")
    with pytest.raises(ValueError, match=r"\. The endpoint, which was made for this model, is deleted: none"):
        smoke_test.handler(event, None)
    assert sagemaker.list_endpoints(NameContains="sageline-digits")["Endpoints"] == []
    check(recorder, role(deployed, "pipelines", "SmokeTest"))
