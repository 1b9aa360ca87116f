"""A deployed definition is what people wrote: CloudFormation replaces placeholders, and nothing else."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from config.problem import Problem
from pipeline.build import build
from pipeline.placeholders import PlaceholderError, names
from tests.pipeline.conftest import flattened
from tests.pipeline.inputs import VALUES, environment, problem
from tests.support.substitution import substitute

ODD = {"target": "${Total}", "drop": ["${AWS::Region}", "${!Left}", "$", "${", "a${Name}b"]}


@cache
def text() -> str:
    return build(odd(), environment())


def odd() -> Problem:
    return problem(**ODD)


@cache
def deployed(without: tuple[str, ...] = ()) -> Any:
    """The Fn::Sub of the pipeline in a template."""
    import aws_cdk as cdk  # noqa: PLC0415 - starts Node

    from infra.application import new_app  # noqa: PLC0415
    from infra.constructs.problem_pipeline import ProblemPipeline  # noqa: PLC0415

    app = new_app()
    stack = cdk.Stack(app, "Stack")
    values = {name: cdk.Fn.import_value(name) for name in VALUES if name not in without}
    ProblemPipeline(
        stack, "Odd", problem=odd(), definition=text(), values=values, role_arn=VALUES["TrainingRoleArn"], parallelism=3
    )
    template = app.synth().get_stack_by_name("Stack").template
    (resource,) = template["Resources"].values()
    return resource["Properties"]["PipelineDefinition"]["PipelineDefinitionBody"]


def test_a_column_that_looks_like_a_placeholder_reaches_the_job_as_it_is_written() -> None:
    definition = json.loads(substitute(deployed(), VALUES))
    step = flattened(definition)["Prepare"]
    words = step["Arguments"]["AppSpecification"]["ContainerArguments"]
    assert "${Total}" in words
    assert [each for each in ODD["drop"] if each not in words] == []


def test_the_template_lists_a_value_for_each_placeholder_and_no_other() -> None:
    body, values = deployed()["Fn::Sub"]
    assert sorted(values) == names(body) == names(text())
    assert "Total" not in values


def test_without_its_seal_a_column_would_be_taken_for_a_resource() -> None:
    unsealed = {"Fn::Sub": [json.dumps(["${Total}"]), {}]}
    with pytest.raises(LookupError, match="no resource Total"):
        substitute(unsealed, {})


def test_placeholders_without_a_value_are_refused_all_at_once() -> None:
    with pytest.raises(PlaceholderError) as caught:
        deployed(without=("CodeUri", "PrivateSubnet3"))
    assert str(caught.value) == (
        "The definition has placeholders without a value: ${CodeUri}, ${PrivateSubnet3}. Give a value for each of them."
    )
