"""The pipelines stack, as its services describe it once it is deployed."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from config import load_problem
from infra.functions import start_pipeline
from local.definition.validate import validate
from pipeline.names import pipeline_name
from tests.infra.deploy.deployed import Deployed, templates
from tests.infra.deploy.options import BUNDLED as PROBLEMS
from tests.infra.deploy.options import STARTED
from tests.infra.deploy.test_identity import statements
from tests.support.iam import NOT_ALLOWED, Call, decision
from tests.support.recorded import Recorder, check
from tests.support.stacks import listed

ROOT = Path(__file__).parents[3]
FUNCTIONS = ("find-champion", "smoke-test")


def key_arn(deployed: Deployed, name: str) -> str:
    id_ = deployed.one("data", "AWS::KMS::Key", f"{name}Key")
    arn: str = deployed.client("kms").describe_key(KeyId=id_)["KeyMetadata"]["Arn"]
    return arn


def role_arn(deployed: Deployed, stack: str, name: str) -> str:
    role = deployed.one(stack, "AWS::IAM::Role", f"{name}Role")
    arn: str = deployed.client("iam").get_role(RoleName=role)["Role"]["Arn"]
    return arn


def described(deployed: Deployed, problem: str) -> Any:
    return deployed.client("sagemaker").describe_pipeline(PipelineName=pipeline_name(problem))


def topic(deployed: Deployed) -> str:
    return deployed.one("pipelines", "AWS::SNS::Topic")


def queue(deployed: Deployed) -> Any:
    url = deployed.one("pipelines", "AWS::SQS::Queue", "Undelivered")
    return deployed.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]


def rules(deployed: Deployed) -> dict[str, Any]:
    """The stack's rules by their logical ids, each with its one target."""
    events, found = deployed.client("events"), {}
    for name, id_ in deployed.physical("pipelines", "AWS::Events::Rule").items():
        (target,) = events.list_targets_by_rule(Rule=id_)["Targets"]
        found[name] = events.describe_rule(Name=id_) | {"Target": target}
    return found


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_pipelines_definition_has_this_accounts_resources_where_the_laptops_has_placeholders(
    deployed: Deployed, problem: str
) -> None:
    found = described(deployed, problem)
    text = found["PipelineDefinition"]
    assert "${" not in text
    assert validate(json.loads(text), text_size=len(text)) == []
    named = [
        *(f"s3://{deployed.one('data', 'AWS::S3::Bucket', name)}/" for name in ("Artifacts", "Raw")),
        key_arn(deployed, "Artifacts"),
        *(role_arn(deployed, "identity", name) for name in ("Endpoint", "Processing", "Training")),
        *(f"arn:aws:lambda:eu-central-1:{deployed.server.account}:function:sageline-{name}" for name in FUNCTIONS),
        *deployed.physical("network", "AWS::EC2::Subnet").values(),
    ]
    assert [each for each in named if each not in text] == []
    assert found["RoleArn"] == role_arn(deployed, "identity", "Pipeline")
    assert found["PipelineDescription"] == load_problem(problem).goal
    assert found["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 8}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_problem_has_a_registry_for_its_models(deployed: Deployed, problem: str) -> None:
    group = deployed.client("sagemaker").describe_model_package_group(ModelPackageGroupName=pipeline_name(problem))
    assert group["ModelPackageGroupDescription"] == load_problem(problem).goal
    tags = deployed.client("sagemaker").list_tags(ResourceArn=group["ModelPackageGroupArn"])["Tags"]
    assert {"Key": "sageline:problem", "Value": problem} in tags


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_its_own_file_in_the_private_network_with_a_role_of_its_own(
    deployed: Deployed, name: str
) -> None:
    found = deployed.client("lambda").get_function(FunctionName=f"sageline-{name}")
    module, settings = name.replace("-", "_"), found["Configuration"]
    assert settings["Handler"] == f"{module}.handler"
    assert settings["Architectures"] == ["arm64"]
    assert set(settings["VpcConfig"]["SubnetIds"]) == set(deployed.physical("network", "AWS::EC2::Subnet").values())
    assert len(settings["VpcConfig"]["SecurityGroupIds"]) == 1
    start = "".join(part.capitalize() for part in name.split("-"))
    assert settings["Role"] == role_arn(deployed, "pipelines", start)
    assert found["Concurrency"]["ReservedConcurrentExecutions"] == 5
    content = asset(deployed, found["Code"]["Location"].rpartition("/")[2])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (only,) = archive.namelist()
        assert archive.read(only) == (ROOT / "infra" / "functions" / f"{module}.py").read_bytes()


def asset(deployed: Deployed, key: str) -> bytes:
    """What the CDK's command line has published under a key."""
    bucket = f"cdk-hnb659fds-assets-{deployed.server.account}-{deployed.server.region}"
    content: bytes = deployed.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    return content


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_log_is_encrypted_and_kept_as_long_as_the_settings_say(deployed: Deployed, name: str) -> None:
    (group,) = deployed.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/sageline-{name}")[
        "logGroups"
    ]
    assert (group["retentionInDays"], group["kmsKeyId"]) == (90, key_arn(deployed, "Operations"))


def test_failures_go_to_a_topic_that_takes_them_encrypted_over_tls_and_from_this_account(deployed: Deployed) -> None:
    found = deployed.client("sns").get_topic_attributes(TopicArn=topic(deployed))["Attributes"]
    assert found["KmsMasterKeyId"] == key_arn(deployed, "Operations")
    statements = {each["Sid"]: each for each in json.loads(found["Policy"])["Statement"]}
    tls = statements.pop("AllowPublishThroughSSLOnly")
    assert (tls["Effect"], tls["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    (alarms,) = statements.values()
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": deployed.server.account}


def test_what_cannot_be_delivered_is_kept_encrypted_and_an_alarm_tells_of_it(deployed: Deployed) -> None:
    found = queue(deployed)
    assert found["KmsMasterKeyId"] == key_arn(deployed, "Operations")
    assert found["MessageRetentionPeriod"] == str(14 * 24 * 3600)
    denied, *admitted = json.loads(found["Policy"])["Statement"]
    assert (denied["Effect"], denied["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    sources = {arn for each in admitted for arn in listed(each["Condition"]["ArnEquals"]["aws:SourceArn"])}
    assert sources == {each["Arn"] for each in rules(deployed).values()}
    name = deployed.one("pipelines", "AWS::CloudWatch::Alarm")
    (alarm,) = deployed.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert alarm["AlarmActions"] == [topic(deployed)]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": found["QueueArn"].rpartition(":")[2]}]


def test_a_failed_execution_is_told_to_the_topic_and_kept_where_it_cannot_be(deployed: Deployed) -> None:
    (rule,) = (each for each in rules(deployed).values() if "currentPipelineExecutionStatus" in each["EventPattern"])
    assert rule["State"] == "ENABLED"
    pattern = json.loads(rule["EventPattern"])
    assert pattern["detail"]["currentPipelineExecutionStatus"] == ["Failed"]
    for problem in PROBLEMS:
        (start,) = (each["prefix"] for each in pattern["detail"]["pipelineArn"])
        assert described(deployed, problem)["PipelineArn"].startswith(start)
    assert rule["Target"]["Arn"] == topic(deployed)
    assert rule["Target"]["DeadLetterConfig"]["Arn"] == queue(deployed)["QueueArn"]


def test_what_starts_pipelines_is_made_and_nothing_else_is_changed(deployed: Deployed) -> None:
    before, after = deployed.templates, templates(deployed.with_settings("started", STARTED))
    # Monitoring watches the function that starts pipelines; the approvals' log is kept as long as the pipelines'.
    assert {name for name in after if after[name] != before.get(name)} == {"approvals", "monitoring", "pipelines"}
    stood, stands = before["pipelines"]["Resources"], after["pipelines"]["Resources"]
    assert stood.keys() < stands.keys()
    assert {name for name in stood if stands[name] != stood[name]} == {
        *deployed.physical("pipelines", "AWS::Logs::LogGroup"),
        *deployed.physical("pipelines", "AWS::SQS::QueuePolicy"),
    }


def test_failures_are_mailed_to_the_team(equipped: Deployed) -> None:
    (subscribed,) = equipped.client("sns").list_subscriptions_by_topic(TopicArn=topic(equipped))["Subscriptions"]
    assert (subscribed["Protocol"], subscribed["Endpoint"]) == ("email", "team@example.com")


def test_a_schedule_starts_its_pipeline_by_the_function_on_the_folder_of_its_data(equipped: Deployed) -> None:
    name = equipped.one("pipelines", "AWS::Scheduler::Schedule")
    (listed,) = [each for each in equipped.client("scheduler").list_schedules()["Schedules"] if each["Name"] == name]
    found = equipped.client("scheduler").get_schedule(Name=listed["Name"], GroupName=listed["GroupName"])
    assert (found["ScheduleExpression"], found["State"]) == ("rate(7 days)", "ENABLED")
    target = found["Target"]
    assert target["Arn"].endswith(":function:sageline-start-pipeline")
    assert target["DeadLetterConfig"]["Arn"] == queue(equipped)["QueueArn"]
    event = json.loads(target["Input"])
    raw = equipped.one("data", "AWS::S3::Bucket", "Raw")
    assert (event["PipelineName"], event["InputDataUri"]) == ("sageline-diabetes", f"s3://{raw}/diabetes/input/")


def test_the_function_that_starts_pipelines_may_do_exactly_what_it_does_on_the_folder_of_its_event(
    equipped: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = equipped.one("data", "AWS::S3::Bucket", "Raw")
    equipped.client("s3").put_object(Bucket=raw, Key="digits/input/rows.csv", Body=b"a,b\n1,2\n")
    event = {
        "PipelineName": "sageline-digits",
        "InputDataUri": f"s3://{raw}/digits/input/",
        "Reason": "Test",
        "Occasion": "once",
    }
    with Recorder(equipped.server) as recorder:
        monkeypatch.setattr(start_pipeline, "boto3", recorder)
        assert ":pipeline/sageline-digits/execution/" in start_pipeline.handler(event, None)["PipelineExecutionArn"]
    granted = statements(equipped, equipped.one("pipelines", "AWS::IAM::Role", "StartPipelineRole"))
    check(recorder, granted)
    elsewhere = Call("s3:ListBucket", f"arn:aws:s3:::{raw}", {"s3:prefix": "breast_cancer/input/"})
    assert decision(granted, elsewhere) == NOT_ALLOWED


def test_new_data_in_a_problems_folder_invokes_the_function(equipped: Deployed) -> None:
    (rule,) = [each for name, each in rules(equipped).items() if name.startswith("NewData")]
    detail = json.loads(rule["EventPattern"])["detail"]
    raw = equipped.one("data", "AWS::S3::Bucket", "Raw")
    assert (detail["bucket"]["name"], detail["object"]["key"]) == ([raw], [{"prefix": "digits/input/"}])
    event = json.loads(rule["Target"]["Input"])
    assert (event["PipelineName"], event["InputDataUri"]) == ("sageline-digits", f"s3://{raw}/digits/input/")
    policy = equipped.client("lambda").get_policy(FunctionName="sageline-start-pipeline")["Policy"]
    (allowed,) = json.loads(policy)["Statement"]
    assert allowed["Principal"] == {"Service": "events.amazonaws.com"}
    assert allowed["Condition"]["ArnLike"] == {"AWS:SourceArn": rule["Arn"]}
