from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from local.definition.model import DefinitionError, parse
from tests.local.definition.builders import (
    condition,
    definition,
    fail,
    function,
    get,
    json_get,
    loop,
    parameter,
    processing,
    property_file,
    training,
)


def test_flattens_steps_in_document_order_with_their_branches() -> None:
    inner = condition("Inner", then=[function("Deep")])
    read = parse(definition(processing(), condition("Outer", then=[inner], otherwise=[fail()]), training()))

    assert list(read.steps) == ["Prepare", "Outer", "Inner", "Deep", "Stop", "Train"]
    assert [step.index for step in read.steps.values()] == [0, 1, 2, 3, 4, 5]
    assert {name: step.branch for name, step in read.steps.items()} == {
        "Prepare": None,
        "Outer": None,
        "Inner": ("Outer", True),
        "Deep": ("Inner", True),
        "Stop": ("Outer", False),
        "Train": None,
    }
    assert read.steps["Deep"].path == "Steps[1].Arguments.IfSteps[0].Arguments.IfSteps[0]"


def test_reads_the_members_of_a_step() -> None:
    raw = processing(
        DependsOn=["Train", {"Step": "Notify", "Trigger": "Failed"}],
        PropertyFiles=[property_file()],
        CacheConfig={"Enabled": True, "ExpireAfter": "P30D"},
        DisplayName="Preparing",
        Description="Splits the table.",
        RetryPolicies=[{"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 3}],
    )
    step = parse(definition(raw, training(), function())).steps["Prepare"]

    assert step.depends_on == {"Train": "Completed", "Notify": "Failed"}
    assert step.property_files["Report"].output_name == "train"
    assert step.property_files["Report"].path == "report.json"
    assert step.cache is not None
    assert (step.cache.enabled, step.cache.expire_after) == (True, "P30D")
    assert (step.display_name, step.description) == ("Preparing", "Splits the table.")
    assert step.retry_policies == ({"ExceptionType": ["Step.THROTTLING"], "MaxAttempts": 3},)


def test_keeps_what_a_step_type_has_beside_its_arguments() -> None:
    step = parse(definition(function(arguments={"a": 1}))).steps["Notify"]

    assert step.arguments == {"a": 1}
    assert set(step.settings) == {"FunctionArn", "OutputParameters"}


def test_depends_on_what_it_names_reads_and_stands_in() -> None:
    gate = condition(
        conditions=[{"Type": "Equals", "LeftValue": json_get("Evaluate", "Report", "auc"), "RightValue": 1}],
        then=[function(arguments={"model": get("Steps.Train.ModelArtifacts.S3ModelArtifacts")})],
    )
    read = parse(
        definition(
            processing(),
            training(source=get("Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri")),
            processing("Evaluate", PropertyFiles=[property_file()], DependsOn=["Train"]),
            gate,
            function("OnFailure", DependsOn=[{"Step": "Train", "Trigger": "Failed"}]),
        )
    )

    assert read.dependencies("Prepare") == {}
    assert read.dependencies("Train") == {"Prepare": "Completed"}
    assert read.dependencies("Evaluate") == {"Train": "Completed"}
    # What the steps of its branches read does not hold the condition back.
    assert read.dependencies("Gate") == {"Evaluate": "Completed"}
    assert read.dependencies("Notify") == {"Train": "Completed", "Gate": "Completed"}
    assert read.dependencies("OnFailure") == {"Train": "Failed"}


def test_keeps_loop_bodies_apart_and_makes_the_loop_wait_for_what_they_read() -> None:
    body = function("Body", {"from": get("Steps.Prepare.ProcessingJobName"), "item": get("ForEach.CurrentItem")})
    read = parse(definition(processing(), loop(body=[body])))

    assert list(read.steps) == ["Prepare", "Each"]
    assert read.loop_steps["Body"].loop == "Each"
    assert read.dependencies("Each") == {"Prepare": "Completed"}


def test_reads_parameters_and_takes_text_where_no_type_is_given() -> None:
    read = parse(definition(parameters=[{"Name": "A"}, parameter("B", "Integer", DefaultValue=3, EnumValues=[3, 4])]))

    assert (read.parameters["A"].type, read.parameters["A"].default) == ("String", None)
    assert (read.parameters["B"].type, read.parameters["B"].default, read.parameters["B"].enum) == (
        "Integer",
        3,
        (3, 4),
    )


def test_lists_every_fault_of_structure_at_once() -> None:
    raw: dict[str, Any] = definition(parameters=[{"Type": "String"}])
    raw["Steps"] = [{"Type": "Fail", "Arguments": []}, "not a step", processing(), processing()]
    with pytest.raises(DefinitionError) as caught:
        parse(raw)

    assert [(each.rule, each.path) for each in caught.value.findings] == [
        ("structure", "Steps[0].Name"),
        ("structure", "Steps[0].Arguments"),
        ("structure", "Steps[1]"),
        ("structure", "Parameters[0]"),
        ("step-names-unique", "Steps[3].Name (step Prepare)"),
    ]


@pytest.mark.parametrize("raw", [None, [], "text", 3])
def test_refuses_what_is_no_object(raw: Any) -> None:
    with pytest.raises(DefinitionError, match="not a JSON object"):
        parse(raw)


def test_refuses_nesting_that_would_exhaust_the_stack() -> None:
    deep: Any = {}
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(DefinitionError, match="nests deeper than 100 levels"):
        parse(definition(function(arguments={"a": deep})))


def test_reads_a_chain_of_fifty_steps() -> None:
    text = json.dumps(definition(*(training(f"Train{i}", get(f"Steps.Train{i - 1}.RoleArn")) for i in range(1, 51))))
    read = parse(json.loads(text))

    assert len(read.dependencies("Train50")) == 1


def test_loads_without_anything_beyond_the_standard_library() -> None:
    code = (
        "import sys, local.definition.model, local.definition.expressions\n"
        "heavy = {'botocore', 'boto3', 'numpy', 'pydantic', 'yaml'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
