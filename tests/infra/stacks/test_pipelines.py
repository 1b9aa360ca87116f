from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from config import load_problem
from infra.functions import deploy_approved, smoke_test
from local.definition.validate import validate
from pipeline.bundle import build_bundle
from pipeline.definition import definition
from pipeline.names import input_prefix
from pipeline.placeholders import fill, names
from tests.pipeline.inputs import VALUES
from tests.support.stacks import Template, actions, changed, only, properties, resources, statements, template
from tests.support.substitution import substitute

ROOT = Path(__file__).parents[3]
PROBLEMS = ("breast_cancer", "diabetes", "digits")
WEEKLY = {"diabetes": "rate(7 days)"}
STARTING = {"pipelines.schedules": WEEKLY, "pipelines.on_new_data": ["digits"]}
ACCOUNT, PLACE = "111122223333", "eu-central-1:111122223333"


@cache
def bundled() -> Template:
    """The template for every bundled problem, with something that starts two of them."""
    return template("pipelines", STARTING, PROBLEMS)


def pipeline(problem: str, found: Template | None = None) -> Any:
    return properties(found or bundled(), "AWS::SageMaker::Pipeline", f"Pipeline{problem.replace('_', '')}")


def body(problem: str) -> Any:
    return pipeline(problem)["PipelineDefinition"]["PipelineDefinitionBody"]


def policy(function: str) -> dict[str, Any]:
    """A function's permissions by what they are for."""
    return statements(properties(bundled(), "AWS::IAM::ManagedPolicy", f"{function}Policy")["PolicyDocument"])


def function(name: str, found: Template | None = None) -> Any:
    return properties(found or bundled(), "AWS::Lambda::Function", f"{name}Function")


def name_of(export: Any) -> str:
    """What a reference to another stack, or to a resource here, refers to."""
    return str(export["Fn::ImportValue"] if "Fn::ImportValue" in export else export["Fn::GetAtt"][0])


@pytest.mark.parametrize("problem", PROBLEMS)
def test_the_laptop_finds_nothing_wrong_with_the_deployed_definition(problem: str) -> None:
    values = body(problem)["Fn::Sub"][1]
    resolved = {name: value if isinstance(value, str) else VALUES[name] for name, value in values.items()}
    deployed = substitute(body(problem), resolved)
    assert validate(json.loads(deployed), text_size=len(deployed)) == []
    assert "${" not in deployed


@pytest.mark.parametrize("problem", PROBLEMS)
def test_what_is_deployed_is_what_the_laptop_runs(problem: str, tmp_path: Path) -> None:
    text, values = body(problem)["Fn::Sub"]
    built = definition(load_problem(problem), changed({}), cache_dir=ROOT / "build" / "definitions")
    assert text == built
    assert sorted(values) == names(built)
    assert substitute(body(problem), VALUES) == fill(built, VALUES)


def test_each_placeholder_is_filled_with_what_it_is_called() -> None:
    values = body("breast_cancer")["Fn::Sub"][1]
    expected = {
        "ArtifactBucket": "data:ExportsOutputRefArtifacts",
        "ArtifactKeyArn": "data:ExportsOutputFnGetAttArtifactsKey",
        "DataBucket": "data:ExportsOutputRefRaw",
        "EndpointRoleArn": "identity:ExportsOutputFnGetAttEndpoint",
        "FindChampionFunctionArn": "FindChampionFunction",
        "ProcessingRoleArn": "identity:ExportsOutputFnGetAttProcessing",
        "SmokeTestFunctionArn": "SmokeTestFunction",
        "TrainingRoleArn": "identity:ExportsOutputFnGetAttTraining",
    }
    found = {name: name_of(values[name]) for name in expected}
    assert [
        name for name, start in expected.items() if not found[name].removeprefix("sageline-dev-").startswith(start)
    ] == []
    assert len({json.dumps(values[f"PrivateSubnet{zone}"]) for zone in (1, 2)}) == 2


def test_a_problem_that_leaves_its_model_to_automl_is_given_automls_role(tmp_path: Path) -> None:
    file = tmp_path / "left_open.yaml"
    text = (ROOT / "config" / "problems" / "breast_cancer.yaml").read_text("utf-8")
    file.write_text(f"{text}\nmodel: auto\n", encoding="utf-8")
    found = template("pipelines", problems=(str(file),))
    values = pipeline("left_open", found)["PipelineDefinition"]["PipelineDefinitionBody"]["Fn::Sub"][1]
    assert "Auto" in name_of(values["AutoMLRoleArn"])
    assert "AutoMLRoleArn" not in body("breast_cancer")["Fn::Sub"][1]


def test_a_third_zone_gives_the_jobs_a_third_subnet() -> None:
    found = template("pipelines", {"network.zones": 3})
    assert (
        "PrivateSubnet3"
        in pipeline("breast_cancer", found)["PipelineDefinition"]["PipelineDefinitionBody"]["Fn::Sub"][1]
    )


def test_code_is_published_under_a_name_that_is_its_content() -> None:
    values = body("digits")["Fn::Sub"][1]
    uri, file = values["CodeUri"], values["CodeFile"]
    assert uri == f"s3://cdk-hnb659fds-assets-{ACCOUNT}-eu-central-1/{file}"
    assert file.endswith(".gz")
    bundle = build_bundle(ROOT)
    published = ROOT / "build" / "code" / bundle.file_name
    assert hashlib.sha256(published.read_bytes()).hexdigest() == bundle.sha256


def test_a_pipeline_says_what_it_is_for_and_whom_it_belongs_to() -> None:
    found = pipeline("breast_cancer")
    assert found["PipelineName"] == "sageline-breast-cancer"
    assert found["PipelineDescription"] == load_problem("breast_cancer").goal
    assert name_of(found["RoleArn"]).startswith("sageline-dev-identity:ExportsOutputFnGetAttPipeline")
    tags = {each["Key"]: each["Value"] for each in found["Tags"]}
    assert tags == {"sageline:environment": "dev", "sageline:problem": "breast_cancer"}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_pipeline_waits_for_its_model_group(problem: str) -> None:
    start = f"Pipeline{problem.replace('_', '')}"
    (found,) = [
        each for name, each in resources(bundled(), "AWS::SageMaker::Pipeline").items() if name.startswith(start)
    ]
    (group,) = found["DependsOn"]
    assert bundled()["Resources"][group]["Type"] == "AWS::SageMaker::ModelPackageGroup"
    assert bundled()["Resources"][group]["DeletionPolicy"] == "Retain"


FUNCTIONS = ("FindChampion", "SmokeTest", "StartPipeline")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_one_file_in_the_private_network(name: str) -> None:
    found = function(name)
    module = {"FindChampion": "find_champion", "SmokeTest": "smoke_test", "StartPipeline": "start_pipeline"}[name]
    assert found["Handler"] == f"{module}.handler"
    assert found["FunctionName"] == f"sageline-{module.replace('_', '-')}"
    assert found["Architectures"] == ["arm64"]
    assert len(found["VpcConfig"]["SubnetIds"]) == 2
    assert len(found["VpcConfig"]["SecurityGroupIds"]) == 1
    assert "ZipFile" not in found["Code"]
    group = bundled()["Resources"][found["LoggingConfig"]["LogGroup"]["Ref"]]["Properties"]
    assert group["LogGroupName"] == f"/aws/lambda/{found['FunctionName']}"
    assert "OperationsKey" in name_of(group["KmsKeyId"])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_role_is_taken_on_for_this_account_and_its_code_touches_no_network_interface(name: str) -> None:
    role = properties(bundled(), "AWS::IAM::Role", f"{name}Role")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    for sid, statement in policy(name).items():
        if any(action.startswith("ec2:") for action in actions({"Statement": [statement]})):
            assert statement["Condition"] == {"Null": {"lambda:SourceFunctionArn": "true"}}, sid


def calls(name: str) -> set[str]:
    """What a function's own code may call: not what Lambda takes to run it."""
    running = {"WriteLogs", "CreateInterfaces", "ManageInterfaces", "LookAtInterfaces"}
    own = [statement for sid, statement in policy(name).items() if sid not in running]
    return actions({"Statement": own})


def test_functions_may_call_exactly_what_they_do() -> None:
    assert calls("FindChampion") == {"sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"}
    assert calls("SmokeTest") == {
        "kms:Decrypt",
        "s3:GetObject",
        "sagemaker:AddTags",
        "sagemaker:DescribeEndpoint",
        "sagemaker:InvokeEndpoint",
        "sagemaker:ListTags",
        "sagemaker:UpdateEndpoint",
    }
    assert calls("StartPipeline") == {
        "kms:Decrypt",  # with GenerateDataKey: what goes to the queue of dead letters is encrypted
        "kms:GenerateDataKey",
        "s3:ListBucket",
        "sagemaker:StartPipelineExecution",
        "sqs:SendMessage",
    }


def test_functions_may_touch_the_problems_own_resources_alone() -> None:
    assert policy("SmokeTest")["AskEndpoints"]["Resource"] == [
        f"arn:aws:sagemaker:{PLACE}:endpoint/sageline-{name}" for name in ("breast-cancer", "diabetes", "digits")
    ]
    tagging = policy("SmokeTest")["NoteWhatPassed"]["Condition"]
    assert tagging["ForAllValues:StringEquals"] == {"aws:TagKeys": [smoke_test.PASSED]}
    assert policy("StartPipeline")["StartPipelines"]["Resource"] == [
        f"arn:aws:sagemaker:{PLACE}:pipeline/sageline-{name}" for name in ("diabetes", "digits")
    ]
    listing = policy("StartPipeline")["ListData"]["Condition"]
    assert listing == {"StringEquals": {"s3:prefix": ["diabetes/input/", "digits/input/"]}}


def joined(value: Any) -> Any:
    """Text with references in it, parsed as JSON with a name in their place."""
    return json.loads("".join(part if isinstance(part, str) else "bucket" for part in value["Fn::Join"][1]))


def test_a_schedule_starts_its_pipeline_once_for_each_time() -> None:
    schedule = only(bundled(), "AWS::Scheduler::Schedule")
    assert (schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]) == ("rate(7 days)", "UTC")
    event = joined(schedule["Target"]["Input"])
    assert event["PipelineName"] == "sageline-diabetes"
    assert event["InputDataUri"] == "s3://bucket/diabetes/input/"
    assert event["Occasion"] == "<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time>"
    assert schedule["Target"]["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("UndeliveredQueue")


def test_only_this_stacks_schedules_take_on_the_schedules_role() -> None:
    role = properties(bundled(), "AWS::IAM::Role", "SchedulesRole")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    group = f"arn:aws:scheduler:{PLACE}:schedule-group/sageline-dev-pipelines"
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": group}}
    assert only(bundled(), "AWS::Scheduler::ScheduleGroup")["Name"] == "sageline-dev-pipelines"
    document = properties(bundled(), "AWS::IAM::ManagedPolicy", "SchedulesPolicy")["PolicyDocument"]
    invoke = statements(document)["Invoke"]
    assert invoke["Resource"] == f"arn:aws:lambda:{PLACE}:function:sageline-start-pipeline"


def test_files_in_a_problems_folder_start_its_pipeline_where_the_definition_reads_them() -> None:
    rule = properties(bundled(), "AWS::Events::Rule", "NewDatadigits")
    detail = rule["EventPattern"]["detail"]
    assert "Raw" in name_of(detail["bucket"]["name"][0])
    assert detail["object"] == {"key": [{"prefix": "digits/input/"}], "size": [{"numeric": [">", 0]}]}
    (target,) = rule["Targets"]
    event = joined(target["Input"])
    parameters = json.loads(body("digits")["Fn::Sub"][0])["Parameters"]
    (default,) = [each["DefaultValue"] for each in parameters if each["Name"] == "InputDataUri"]
    assert (
        default.replace("${DataBucket}", "bucket") == event["InputDataUri"] == f"s3://bucket/{input_prefix('digits')}"
    )
    assert event["QuietSeconds"] == 120
    permission = only(bundled(), "AWS::Lambda::Permission")
    assert permission["Principal"] == "events.amazonaws.com"
    assert permission["SourceArn"]["Fn::GetAtt"][0].startswith("NewDatadigits")


def test_by_default_nothing_starts_by_itself() -> None:
    found = template("pipelines")
    for type_ in ("AWS::Scheduler::Schedule", "AWS::Scheduler::ScheduleGroup", "AWS::Lambda::Permission"):
        assert resources(found, type_) == {}
    assert len(resources(found, "AWS::Lambda::Function")) == 2
    assert {name for name in resources(found, "AWS::Events::Rule") if not name.startswith("Failures")} == set()


def test_executions_that_fail_are_told_in_one_sentence() -> None:
    rule = properties(bundled(), "AWS::Events::Rule", "FailuresExecutionFailed")
    assert rule["EventPattern"] == {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
        "detail": {
            "currentPipelineExecutionStatus": ["Failed"],
            "pipelineArn": [{"prefix": f"arn:aws:sagemaker:{PLACE}:pipeline/sageline-"}],
        },
    }
    (target,) = rule["Targets"]
    assert target["Arn"]["Ref"].startswith("FailuresTopic")
    assert json.loads(target["InputTransformer"]["InputTemplate"]).startswith("sageline dev: the execution <execution>")
    assert set(target["InputTransformer"]["InputPathsMap"]) == {"execution", "time"}
    trust = properties(bundled(), "AWS::IAM::Role", "FailuresPublisher")["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:events:{PLACE}:rule/*"},
    }


def test_deployments_that_fail_and_endpoints_that_go_back_are_told() -> None:
    stacks = [{"prefix": f"arn:aws:cloudformation:{PLACE}:stack/sageline-dev-serving-"}]
    failed = properties(bundled(), "AWS::Events::Rule", "FailuresDeploymentFailed")
    assert failed["EventPattern"]["detail"] == {
        "stack-id": stacks,
        "status-details": {"status": ["UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED"]},
    }
    back = properties(bundled(), "AWS::Events::Rule", "FailuresWentBack")
    assert back["EventPattern"]["detail"] == {
        "client-request-token": [{"prefix": f"{deploy_approved.BACK}-"}],
        "stack-id": stacks,
        "status-details": {"status": ["UPDATE_COMPLETE"]},
    }
    for rule in (failed, back):
        assert rule["EventPattern"]["detail-type"] == ["CloudFormation Stack Status Change"]
        (target,) = rule["Targets"]
        told = target["InputTransformer"]
        assert json.loads(told["InputTemplate"]).startswith("sageline dev: ")
        assert set(re.findall("<([a-z]+)>", told["InputTemplate"])) == set(told["InputPathsMap"])
    unserved = resources(template("pipelines", {"serving": {}}), "AWS::Events::Rule")
    assert [name[:23] for name in unserved] == ["FailuresExecutionFailed"]


def test_the_topic_is_encrypted_and_admits_this_accounts_alarms_over_tls() -> None:
    assert "OperationsKey" in name_of(only(bundled(), "AWS::SNS::Topic")["KmsMasterKeyId"])
    found = statements(only(bundled(), "AWS::SNS::TopicPolicy")["PolicyDocument"])
    assert found["AlarmsOfThisAccount"]["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{PLACE}:alarm:*"},
    }
    assert found["AllowPublishThroughSSLOnly"]["Effect"] == "Deny"
    assert {each["Effect"] for each in found.values()} == {"Allow", "Deny"}
    assert len(found) == 2


def test_what_cannot_be_delivered_is_kept_and_told() -> None:
    queue = only(bundled(), "AWS::SQS::Queue")
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert "OperationsKey" in name_of(queue["KmsMasterKeyId"])
    rules = statements(only(bundled(), "AWS::SQS::QueuePolicy")["PolicyDocument"])["RulesOfThisStack"]
    admitted = {each["Fn::GetAtt"][0] for each in rules["Condition"]["ArnEquals"]["aws:SourceArn"]}
    assert admitted == set(resources(bundled(), "AWS::Events::Rule"))
    for rule in resources(bundled(), "AWS::Events::Rule").values():
        (target,) = rule["Properties"]["Targets"]
        assert target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("UndeliveredQueue")
    dead_letters = function("StartPipeline")["DeadLetterConfig"]["TargetArn"]
    assert dead_letters["Fn::GetAtt"][0].startswith("UndeliveredQueue")
    alarm = only(bundled(), "AWS::CloudWatch::Alarm")
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert alarm["AlarmActions"][0]["Ref"].startswith("FailuresTopic")


def test_every_setting_changes_what_it_says() -> None:
    other = {
        "pipelines.parallelism": 3,
        "pipelines.quiet_minutes": 5,
        "pipelines.on_new_data": ["breast_cancer"],
        "pipelines.schedules": {"breast_cancer": "cron(0 6 ? * MON *)"},
        "pipelines.emails": ["team@example.com", "b@example.com"],
        "pipelines.log_days": 8,
        "pipelines.reserved_concurrency": 2,
    }
    fields = set(type(changed({}).pipelines).model_fields)
    assert {f"pipelines.{name}" for name in fields} == set(other)
    found = template("pipelines", other)
    assert pipeline("breast_cancer", found)["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 3}
    assert pipeline("breast_cancer")["ParallelismConfiguration"] == {"MaxParallelExecutionSteps": 8}
    (target,) = properties(found, "AWS::Events::Rule", "NewDatabreastcancer")["Targets"]
    assert joined(target["Input"])["QuietSeconds"] == 300
    assert function("StartPipeline", found)["Timeout"] > 300
    assert only(found, "AWS::Scheduler::Schedule")["ScheduleExpression"] == "cron(0 6 ? * MON *)"
    subscribed = {each["Properties"]["Endpoint"] for each in resources(found, "AWS::SNS::Subscription").values()}
    assert subscribed == {"team@example.com", "b@example.com"}
    assert {each["Properties"]["RetentionInDays"] for each in resources(found, "AWS::Logs::LogGroup").values()} == {14}
    concurrency = {
        each["Properties"]["ReservedConcurrentExecutions"]
        for each in resources(found, "AWS::Lambda::Function").values()
    }
    assert concurrency == {2}
