"""What has models compiled, in the templates: there where a problem asks for it, with the rights that it uses."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from tests.support.stacks import COMPILED, PROBLEMS, Template, properties, resources, statements, template

PLACE = "eu-central-1:111122223333"
FUNCTIONS = ("CompileStart", "CompileFollow")


@cache
def compiling(stack: str = "pipelines") -> Template:
    return template(stack, problems=(*PROBLEMS, str(COMPILED)))


def policy(function: str) -> dict[str, Any]:
    found = properties(compiling(), "AWS::IAM::ManagedPolicy", f"{function}Policy")
    return statements(found["PolicyDocument"])


def function(name: str) -> Any:
    return properties(compiling(), "AWS::Lambda::Function", f"{name}Function")


def test_nothing_of_it_is_there_where_no_problem_compiles() -> None:
    for stack in ("pipelines", "identity"):
        text = json.dumps(template(stack)["Resources"])
        assert "sageline-compile" not in text
        assert "EventSourceMapping" not in text


def test_the_compilation_role_is_exported_before_and_after_anybody_uses_it() -> None:
    """The export must outlive its use: CloudFormation updates the identity stack first."""
    exported = [
        {name for name in found["Outputs"] if "CompilationRole" in name}
        for found in (template("identity"), compiling("identity"))
    ]
    assert exported[0] == exported[1]
    assert len(exported[0]) == 1


def test_a_message_is_tried_by_the_function_long_before_the_queue_gives_it_up() -> None:
    for name, fed in (("CompilationCompile2", "CompileStart"), ("CompilationCompileFollow", "CompileFollow")):
        queue = properties(compiling(), "AWS::SQS::Queue", name)
        settings = function(fed)
        assert queue["RedrivePolicy"]["maxReceiveCount"] == 50
        assert settings["Environment"]["Variables"]["MOST_RECEIVES"] == "5"
        assert queue["VisibilityTimeout"] == 6 * settings["Timeout"]
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
        assert "KmsMasterKeyId" in queue
        dead = queue["RedrivePolicy"]["deadLetterTargetArn"]
        assert dead["Fn::GetAtt"][0].startswith("UndeliveredQueue")
        assert settings["Environment"]["Variables"]["DEAD_LETTER_QUEUE_URL"] == {"Ref": dead["Fn::GetAtt"][0]}


def test_each_function_is_fed_one_message_at_a_time_and_says_which_failed() -> None:
    found = resources(compiling(), "AWS::Lambda::EventSourceMapping").values()
    assert len(found) == 2
    for each in found:
        assert each["Properties"]["BatchSize"] == 1
        assert each["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_reaches_compilations_of_sagelines_and_no_other_jobs(name: str) -> None:
    for each in policy(name).values():
        listed = each["Action"] if isinstance(each["Action"], list) else [each["Action"]]
        if any("CompilationJob" in action for action in listed):
            assert f":sagemaker:{PLACE}:compilation-job/sageline-*" in json.dumps(each["Resource"])
    assert not any("s3:" in json.dumps(each["Action"]) for each in policy(name).values())


def test_the_function_hands_over_the_compilation_role_and_no_other_and_to_sagemaker_alone() -> None:
    found = policy("CompileStart")["PassCompilationRole"]
    assert "CompilationRole" in json.dumps(found["Resource"])
    assert found["Condition"] == {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    assert "PassRole" not in json.dumps(policy("CompileFollow"))


def test_pipelines_may_send_to_the_queue_of_what_is_to_be_compiled_and_to_no_other() -> None:
    policies = resources(compiling("identity"), "AWS::IAM::ManagedPolicy").values()
    named = [statements(each["Properties"]["PolicyDocument"]) for each in policies]
    (found,) = [each["AskForCompilation"] for each in named if "AskForCompilation" in each]
    assert found["Action"] == "sqs:SendMessage"
    assert json.dumps(found["Resource"]).count(f":sqs:{PLACE}:sageline-compile") == 1
    assert "compile-follow" not in json.dumps(found["Resource"])


def test_the_placeholder_of_the_queue_is_filled_with_it() -> None:
    pipeline = properties(compiling(), "AWS::SageMaker::Pipeline", "Pipelinecompiled")
    _, values = pipeline["PipelineDefinition"]["PipelineDefinitionBody"]["Fn::Sub"]
    assert values["CompileQueueUrl"]["Ref"].startswith("CompilationCompile")


def test_an_end_that_is_told_however_it_is_spelt_goes_to_the_function_that_follows() -> None:
    rule = properties(compiling(), "AWS::Events::Rule", "CompilationEnded")
    assert rule["EventPattern"]["detail-type"] == ["SageMaker Compilation Job State Change"]
    states = [each["equals-ignore-case"] for each in rule["EventPattern"]["detail"]["CompilationJobStatus"]]
    assert states == ["completed", "failed", "stopped"]
    (target,) = rule["Targets"]
    assert target["Arn"]["Fn::GetAtt"][0].startswith("CompileFollowFunction")
    assert target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("UndeliveredQueue")


def test_what_serves_may_pull_neos_own_image_where_a_problem_has_its_endpoint_run_it() -> None:
    pulled = {
        name: json.dumps(
            [
                statements(each["Properties"]["PolicyDocument"])["PullImage"]["Resource"]
                for logical, each in resources(found, "AWS::IAM::ManagedPolicy").items()
                if logical.startswith("EndpointContainer")
            ]
        )
        for name, found in (("without", template("identity")), ("with", compiling("identity")))
    }
    assert [pulled[name].count("repository/sagemaker-xgboost") for name in ("without", "with")] == [1, 1]
    assert [pulled[name].count("repository/xgboost-neo") for name in ("without", "with")] == [0, 1]
