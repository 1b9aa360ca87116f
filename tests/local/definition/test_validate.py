from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from local.definition.catalog import STEP_KINDS
from local.definition.findings import Finding
from local.definition.models import named_shape, request_shape, response_shape
from local.definition.rules import every_rule
from local.definition.validate import MOST_PER_RULE, validate
from tests.local.definition.builders import (
    compare,
    condition,
    definition,
    fail,
    function,
    get,
    join,
    json_get,
    loop,
    parameter,
    processing,
    property_file,
    step,
    training,
)

HERE = Path(__file__).parent


def whole() -> dict[str, Any]:
    """A definition with something of everything, and nothing wrong with it."""
    gate = condition(
        conditions=[
            compare("GreaterThanOrEqualTo", json_get("Evaluate", "Gate", "value"), get("Parameters.Threshold")),
            {"Type": "Or", "Conditions": [{"Type": "In", "QueryValue": get("Parameters.Size"), "Values": ["a", "b"]}]},
            {"Type": "Not", "Condition": compare("Equals", get("Steps.Notify.OutputParameters['ok']"), False)},
        ],
        then=[
            step("Register", "RegisterModel", {"ModelPackageGroupName": "group"}, DependsOn=["Train"]),
            condition("Inner", otherwise=[function("Deep", {"id": get("Execution.PipelineExecutionId")})]),
        ],
        otherwise=[fail(message=join("too low: ", get("Parameters.Threshold"), on=""))],
    )
    source = get("Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri")
    return definition(
        processing(CacheConfig={"Enabled": True, "ExpireAfter": "P30D"}),
        training(source=source, DisplayName="Training"),
        processing("Evaluate", ("gate",), PropertyFiles=[property_file("Gate", "gate")], DependsOn=["Train"]),
        function(OutputParameters=[{"OutputName": "ok", "OutputType": "Boolean"}]),
        gate,
        loop(body=[function("Body", {"item": get("ForEach.CurrentItem.name")})]),
        parameters=[parameter("Threshold", "Float", DefaultValue=0.5), parameter("Size", DefaultValue="a")],
        PipelineExperimentConfig={"ExperimentName": get("Execution.PipelineName"), "TrialName": "t"},
    )


def test_finds_nothing_wrong_with_a_sound_definition() -> None:
    assert validate(whole()) == []


def test_lists_everything_at_once_in_the_documents_order() -> None:
    raw = whole()
    raw["Version"] = "2019"
    raw["Steps"][1]["Arguments"]["HyperParameters"]["eta"] = 0.3
    raw["Steps"][1]["Arguments"]["RoleArn"] = get("Parameters.Rloe")
    raw["Steps"][4]["Arguments"]["IfSteps"][0]["DependsOn"] = ["Trian"]
    raw["Parameters"][0]["Type"] = "Number"

    assert [(each.rule, each.path) for each in validate(raw)] == [
        ("version", "Version"),
        ("parameters", "Parameters[0].Type"),
        ("request-shapes", "Steps[1].Arguments.HyperParameters.eta (step Train)"),
        ("references", "Steps[1].Arguments.RoleArn.Get (step Train)"),
        ("depends-on", "Steps[4].Arguments.IfSteps[0].DependsOn[0] (step Register)"),
    ]


def test_every_finding_says_where_what_and_how_to_mend_it() -> None:
    raw = whole()
    raw["Steps"][0] = {"Name": "bad name", "Type": "Procesing", "Arguments": {}, "DependOn": []}
    for finding in validate(raw):
        assert finding.path
        assert re.search(r"[.:]$", finding.message)
        assert finding.fix


@pytest.mark.parametrize("raw", [None, True, 3, math.nan, "text", [], [{}], {}, {"Steps": None}, {"Steps": [[]]}])
def test_answers_anything_with_findings(raw: Any) -> None:
    findings = validate(raw)

    assert findings
    assert all(isinstance(each, Finding) for each in findings)


def test_deep_nesting_is_a_finding() -> None:
    deep: Any = 0
    for _ in range(100_000):
        deep = {"a": deep}

    assert [each.message for each in validate(definition(function(arguments=deep)))] == [
        "The definition nests deeper than 100 levels."
    ]


def test_a_flood_of_faults_is_cut_short() -> None:
    steps = [function(f"F{i}", {"x": get(f"Parameters.Unknown{i}")}) for i in range(2000)]
    found = [each for each in validate(definition(*steps)) if each.rule == "references"]

    assert len(found) == MOST_PER_RULE + 1
    assert "more than 100 findings of the rule references" in found[0].message


def test_a_chain_of_fifty_steps_is_valid() -> None:
    source = "Steps.Train{}.OutputDataConfig.S3OutputPath"
    raw = definition(training("Train0"), *(training(f"Train{i}", get(source.format(i - 1))) for i in range(1, 50)))
    assert validate(raw) == []


NAMES = st.sampled_from(["Prepare", "Train", "Gate", "Each", "", "ü", "a b", "x" * 80])
EXPRESSIONS = st.one_of(
    st.builds(
        get,
        st.sampled_from(["Steps.Prepare.X", "Steps.Gate[0", "Parameters.P", "Execution.", "ForEach.CurrentItem", ""]),
    ),
    st.builds(lambda value: {"Std:Join": value}, st.recursive(st.none() | st.text(max_size=3), st.lists, max_leaves=3)),
    st.builds(
        lambda a, b: {"Std:JsonGet": {"PropertyFile": a, "Path": b}},
        st.none() | st.text(max_size=4),
        st.text(max_size=4),
    ),
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | NAMES | EXPRESSIONS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
MEMBERS = st.sampled_from(
    [
        "Arguments",
        "DependsOn",
        "PropertyFiles",
        "RetryPolicies",
        "CacheConfig",
        "OutputParameters",
        "DisplayName",
        "Type",
    ]
)
ARGUMENTS = st.dictionaries(
    st.sampled_from(
        ["Conditions", "IfSteps", "ElseSteps", "ForEachBody", "RoleArn", "HyperParameters", "StepConfig", "Actions"]
    ),
    VALUES,
    max_size=4,
)


def _step(kind: str, name: Any, arguments: Any, others: dict[str, Any]) -> dict[str, Any]:
    return {"Name": name, "Type": kind, "Arguments": arguments, **others}


STEPS = st.recursive(
    st.builds(
        _step, st.sampled_from(sorted(STEP_KINDS)), NAMES, ARGUMENTS, st.dictionaries(MEMBERS, VALUES, max_size=2)
    ),
    lambda inner: st.builds(
        lambda held, kind: _step(kind, "Gate", {"IfSteps": held, "ForEachBody": held, "Conditions": held}, {}),
        st.lists(inner, max_size=2),
        st.sampled_from(["Condition", "ForEach"]),
    ),
    max_leaves=4,
)
DEFINITIONS = st.builds(
    lambda steps, parameters, others: {"Version": "2020-12-01", "Steps": steps, "Parameters": parameters, **others},
    st.lists(STEPS | VALUES, max_size=4),
    VALUES
    | st.lists(st.dictionaries(st.sampled_from(["Name", "Type", "DefaultValue", "EnumValues"]), VALUES), max_size=3),
    st.dictionaries(st.text(max_size=4), VALUES, max_size=2),
)


@settings(max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES | DEFINITIONS)
def test_never_raises_on_any_json(raw: Any) -> None:
    for finding in validate(raw):
        assert str(finding)


def test_every_rule_is_documented_and_named_once() -> None:
    rules = every_rule()

    assert len(rules) > 15
    assert len({rule.id for rule in rules}) == len(rules)
    for rule in rules:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
        assert rule.description.endswith(".")
        assert rule.source


def test_every_rule_has_a_table_of_cases() -> None:
    written = {path.stem.removeprefix("test_") for path in (HERE / "rules").glob("test_*.py")}
    modules = {rule.check.__module__.rpartition(".")[2] for rule in every_rule()}

    assert modules - written == set()


def test_the_catalogue_names_operations_and_shapes_that_exist() -> None:
    for kind in STEP_KINDS.values():
        if kind.operation is not None:
            assert set(kind.filled) <= set(request_shape(kind.operation).members)  # type: ignore[attr-defined]
        for part in kind.parts.values():
            assert set(part.filled) <= set(named_shape(part.shape, part.service).members)  # type: ignore[attr-defined]
        for service, operation in kind.outputs:
            assert response_shape(operation, service).members  # type: ignore[attr-defined]


def test_the_length_is_that_of_the_text_when_it_is_given() -> None:
    raw = whole()

    assert [each.rule for each in validate(raw, text_size=1_048_577)] == ["limits"]
    assert validate(raw, text_size=len(json.dumps(raw))) == []
