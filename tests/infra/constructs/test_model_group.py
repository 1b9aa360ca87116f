from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.pipeline.inputs import problem

ACCOUNT = "444455556666"


def group(readers: Sequence[str] = ()) -> Any:
    """The one resource of a stack with a group."""
    import aws_cdk as cdk  # noqa: PLC0415 - starts Node

    from infra.application import new_app  # noqa: PLC0415
    from infra.constructs.model_group import ModelGroup  # noqa: PLC0415

    app = new_app()
    environment = cdk.Environment(account="111122223333", region="eu-central-1")
    ModelGroup(cdk.Stack(app, "Stack", env=environment), "Models", problem=problem(), readers=readers)
    template = app.synth().get_stack_by_name("Stack").template
    (resource,) = template["Resources"].values()
    return resource


def test_a_group_bears_the_pipelines_name_and_outlives_its_stack() -> None:
    found = group()
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert found["Properties"]["ModelPackageGroupName"] == "sageline-two-words"
    assert found["Properties"]["ModelPackageGroupDescription"] == "Tell one thing from another."


def test_no_other_account_reads_a_group_unless_it_is_named() -> None:
    assert "ModelPackageGroupPolicy" not in group()["Properties"]


def test_accounts_that_models_are_promoted_to_read_its_versions_and_change_nothing() -> None:
    policy = group([ACCOUNT])["Properties"]["ModelPackageGroupPolicy"]
    by_name = {each["Sid"]: each for each in policy["Statement"]}
    start = "arn:aws:sagemaker:eu-central-1:111122223333:model-package"
    assert by_name["ReadVersions"] == {
        "Sid": "ReadVersions",
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:root"]},
        "Action": ["sagemaker:DescribeModelPackage"],
        "Resource": f"{start}/sageline-two-words/*",
    }
    assert by_name["ReadGroup"]["Resource"] == f"{start}-group/sageline-two-words"
    assert {action for each in policy["Statement"] for action in each["Action"]} == {
        "sagemaker:DescribeModelPackage",
        "sagemaker:DescribeModelPackageGroup",
        "sagemaker:ListModelPackages",
    }
