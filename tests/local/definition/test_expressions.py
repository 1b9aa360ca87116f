from __future__ import annotations

from typing import Any

import pytest

from local.definition.expressions import ExpressionError, evaluate, references, resolve
from local.definition.paths import select
from tests.local.definition.builders import compare, get, join, json_get

NAN = float("nan")
REPORT: dict[str, Any] = {"auc": 0.9, "rows": 120, "name": "x", "nan": NAN, "none": None, "ok": True, "list": [1]}


class Execution:
    """A finished execution of one step."""

    def parameter(self, name: str) -> Any:
        return {"Threshold": 0.8, "Count": 3, "Size": "small", "Deploy": True}[name]

    def execution(self, name: str) -> Any:
        return {"PipelineExecutionId": "abc"}[name]

    def property(self, step: str, path: str) -> Any:
        assert step == "Prepare"
        return select({"Outputs": [{"OutputName": "train", "Uri": "s3://b/t"}], "Name": "job", "Count": 2}, path)

    def property_file(self, step: str, name: str) -> Any:
        if (step, name) != ("Evaluate", "Report"):
            raise LookupError(f"step {step} has not written {name}.")
        return REPORT

    def read_json(self, s3_uri: str) -> Any:
        if s3_uri != "s3://b/abc/result.json":
            raise FileNotFoundError(f"there is no object {s3_uri}.")
        return {"Result": [1, {"a": "b"}]}


def report(path: str) -> dict[str, Any]:
    return json_get("Evaluate", "Report", path)


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ("plain", "plain"),
        ({"a": [1, None, True]}, {"a": [1, None, True]}),
        ({"Get": "x", "Other": 1}, {"Get": "x", "Other": 1}),
        (get("Parameters.Threshold"), 0.8),
        (get("Execution.PipelineExecutionId"), "abc"),
        (get("Steps.Prepare.Outputs['train'].Uri"), "s3://b/t"),
        ({"deep": [get("Steps.Prepare.Name")]}, {"deep": ["job"]}),
        (join("s3:/", "b", get("Execution.PipelineExecutionId")), "s3://b/abc"),
        (join(get("Parameters.Count"), 1.5, True, "x", on="-"), "3-1.5-true-x"),
        (join(join("a", "b"), "c", on="|"), "a/b|c"),
        (join(), ""),
        (report("auc"), 0.9),
        (report("list[0]"), 1),
        ({"Std:JsonGet": {"S3Uri": join("s3:/", "b", "abc", "result.json"), "Path": "Result[1].a"}}, "b"),
    ],
)
def test_resolves(value: Any, resolved: Any) -> None:
    assert resolve(value, Execution()) == resolved


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (get("Parameters.Nope"), "Parameters.Nope has no value: Nope"),
        (get("Steps.Prepare.Outputs['x']"), "Steps.Prepare.Outputs['x'] has no value: there is no 'x' in Outputs"),
        (get("Elsewhere.x"), "'Elsewhere.x' is not a reference"),
        (get("Steps.Evaluate.PropertyFiles.Report"), "is a property file, which only Std:JsonGet can read."),
        (get("ForEach.CurrentItem"), "has a value only inside the body of a ForEach step."),
        ({"Std:Upper": "x"}, "'Std:Upper' is not a function that pipelines have"),
        ({"Std:Join": {"On": 1, "Values": []}}, "Std:Join is written as"),
        (join(report("list")), "list of Steps.Evaluate.PropertyFiles.Report is [1]."),
        (join(report("none")), "Std:Join joins text, numbers and booleans; none of Steps.Evaluate"),
        (join(report("nan")), "Std:Join joins text, numbers and booleans"),
        (report("auc.x"), "Std:JsonGet found no 'auc.x' in the property file Report of step Evaluate"),
        (json_get("Evaluate", "Other", "a"), "cannot read the property file Other of step Evaluate: step Evaluate has"),
        ({"Std:JsonGet": {"Path": "a"}}, "Std:JsonGet needs a Path, and either a PropertyFile or an S3Uri."),
        ({"Std:JsonGet": {"S3Uri": "s3://b/none", "Path": "a"}}, "cannot read s3://b/none: there is no object"),
        ({"Std:JsonGet": {"S3Uri": "/etc/passwd", "Path": "a"}}, "reads an s3:// address, and '/etc/passwd' is none."),
    ],
)
def test_says_why_an_expression_has_no_value(value: Any, sentence: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        resolve(value, Execution())

    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        (compare("GreaterThanOrEqualTo", report("auc"), get("Parameters.Threshold")), True),
        (compare("GreaterThanOrEqualTo", 0.8, get("Parameters.Threshold")), True),
        (compare("GreaterThan", 0.8, get("Parameters.Threshold")), False),
        (compare("LessThan", report("rows"), 120.5), True),
        (compare("LessThanOrEqualTo", 3, get("Parameters.Count")), True),
        (compare("Equals", 1, 1.0), True),
        (compare("Equals", get("Parameters.Size"), "large"), False),
        (compare("Equals", get("Parameters.Deploy"), True), True),
        (compare("LessThan", "2024-01-01", "2024-02-01"), True),
        ({"Type": "In", "QueryValue": get("Parameters.Size"), "Values": ["tiny", "small"]}, True),
        ({"Type": "In", "QueryValue": 4, "Values": [1, 2.0]}, False),
        ({"Type": "In", "QueryValue": 4, "Values": []}, False),
        ({"Type": "Not", "Condition": compare("Equals", 1, 2)}, True),
        ({"Type": "Or", "Conditions": [compare("Equals", 1, 2), compare("Equals", 2, 2)]}, True),
        ({"Type": "Or", "Conditions": [{"Type": "Not", "Condition": compare("Equals", 1, 1)}]}, False),
    ],
)
def test_decides_conditions(condition: Any, outcome: bool) -> None:
    assert evaluate(condition, Execution()) is outcome


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (compare("GreaterThan", report("nan"), 0.5), "nan of Steps.Evaluate.PropertyFiles.Report is nan"),
        (compare("Equals", report("nan"), report("nan")), "which is not a number to compare."),
        (compare("GreaterThan", report("none"), 0.5), "none of Steps.Evaluate.PropertyFiles.Report is null."),
        (compare("GreaterThan", report("missing"), 0.5), "found no 'missing'"),
        (compare("GreaterThan", report("name"), 0.5), "the text 'x' and the number 0.5 are of different types."),
        (compare("Equals", "1", 1), "the text '1' and the number 1 are of different types."),
        (compare("Equals", True, 1), "the boolean True and the number 1 are of different types."),
        (compare("GreaterThan", True, False), "true and false have no order"),
        (compare("GreaterThan", "10", "9"), "the text '10' and the text '9' are not numbers."),
        (compare("Equals", report("list"), 1), "A condition compares single values"),
        ({"Type": "In", "QueryValue": "a", "Values": ["a", 1]}, "In cannot compare the text 'a' with the number 1."),
        ({"Type": "In", "QueryValue": 1, "Values": 1}, "In needs a list of Values."),
        ({"Type": "In", "QueryValue": 1, "Values": [NAN]}, "a member of In's Values is nan"),
        ({"Type": "Or", "Conditions": []}, "The condition Or needs a list of Conditions."),
        # An outcome that is already clear does not hide what cannot be compared.
        ({"Type": "Or", "Conditions": [compare("Equals", 1, 1), compare("Equals", report("nan"), 1)]}, "is nan"),
        ({"Type": "And", "Conditions": []}, "'And' is not a condition"),
        ({"Type": ["Equals"]}, "is not a condition"),
        ({"Type": "Equals", "LeftValue": 1}, "The condition Equals has no RightValue."),
        ("Equals", "is not a condition"),
    ],
)
def test_never_takes_a_branch_it_cannot_justify(condition: Any, sentence: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(condition, Execution())

    assert sentence in str(caught.value)


def test_lists_references_with_their_places() -> None:
    value = {"a": [get("Parameters.X")], "b": join(get("Steps.S.Outputs['t'].U"), get("Execution.PipelineName"))}
    value["c"] = json_get("E", "F", "p")

    assert [(each.kind, each.name, each.path, each.where) for each in references(value)] == [
        ("parameter", "X", "", ("a", 0)),
        ("property", "S", "Outputs['t'].U", ("b", "Std:Join", "Values", 0)),
        ("execution", "PipelineName", "", ("b", "Std:Join", "Values", 1)),
        ("property_file", "E", "F", ("c", "Std:JsonGet", "PropertyFile")),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "name", "path"),
    [
        ("Steps.S", "property", "S", ""),
        ("Steps.a-b_C[0].x", "property", "a-b_C", "[0].x"),
        ("Steps.S.PropertyFiles['F f']", "property_file", "S", "F f"),
        ("ForEach.CurrentItem", "loop", "CurrentItem", ""),
        ("ForEach.CurrentItem.a['b']", "loop", "CurrentItem", "a['b']"),
        ("IterationOutput.Body.OutputParameters['x']", "loop", "IterationOutput", "Body.OutputParameters['x']"),
        ("Steps.", "malformed", "", ""),
        ("Steps.bad name.x", "malformed", "", ""),
        ("Parameters.", "malformed", "", ""),
        ("ForEach.CurrentItems", "malformed", "", ""),
        ("", "malformed", "", ""),
    ],
)
def test_reads_each_form_of_reference(text: str, kind: str, name: str, path: str) -> None:
    (reference,) = references(get(text))

    assert (reference.kind, reference.name, reference.path) == (kind, name, path)
