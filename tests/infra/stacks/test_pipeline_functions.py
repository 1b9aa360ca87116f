from __future__ import annotations

import pytest

from infra.functions import smoke_test
from tests.support.bundled_pipelines import ACCOUNT, PLACE, bundled, function, name_of, policy
from tests.support.stacks import actions, properties

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
        "sagemaker:DeleteEndpoint",
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeEndpointConfig",
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
    deleting = policy("SmokeTest")["DeleteWhatNeverPassed"]
    assert deleting["Condition"] == {"Null": {f"aws:ResourceTag/{smoke_test.PASSED}": "true"}}
    assert deleting["Resource"] == policy("SmokeTest")["AskEndpoints"]["Resource"]
    assert policy("StartPipeline")["StartPipelines"]["Resource"] == [
        f"arn:aws:sagemaker:{PLACE}:pipeline/sageline-{name}" for name in ("diabetes", "digits")
    ]
    listing = policy("StartPipeline")["ListData"]["Condition"]
    assert listing == {"StringEquals": {"s3:prefix": ["diabetes/input/", "digits/input/"]}}
