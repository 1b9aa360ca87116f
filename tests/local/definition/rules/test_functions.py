from __future__ import annotations

from typing import Any

import pytest

from tests.local.definition.builders import (
    definition,
    fail,
    found,
    function,
    get,
    join,
    json_get,
    processing,
    property_file,
)

RULE = "functions"
HELD = processing(PropertyFiles=[property_file()])


def using(value: Any) -> Any:
    return definition(HELD, function(arguments={"x": value}))


CASES = [
    (using({"Std:Upper": "a"}), ".Std:Upper", "'Std:Upper' is not a function that pipelines have."),
    (using({"Std:Jion": {"On": "", "Values": []}}), ".Std:Jion", "Did you mean 'Std:Join'?"),
    (using({"Std:Join": []}), ".Std:Join", "Std:Join needs a text On and a list of Values."),
    (using({"Std:Join": {"On": "/", "Values": "a"}}), ".Std:Join", "needs a text On and a list of Values."),
    (using(join("a", [1])), ".Std:Join.Values[1]", "joins texts, numbers and booleans, and Values[1] is [1]."),
    (using(join("a", None)), ".Std:Join.Values[1]", "Values[1] is None."),
    (using(json_get("Prepare", "Reprot", "a")), ".Std:JsonGet.PropertyFile.Get", "Did you mean 'Report'?"),
    (using(json_get("Prepare", "Report", "")), ".Std:JsonGet.Path", "Std:JsonGet needs a Path."),
    (using(json_get("Prepare", "Report", "a[")), ".Std:JsonGet.Path", "'a[' is not a property path"),
    (using({"Std:JsonGet": {"Path": "a"}}), ".Std:JsonGet", "needs either a PropertyFile or an S3Uri."),
    (
        using({"Std:JsonGet": {"PropertyFile": "Report", "Path": "a"}}),
        ".Std:JsonGet.PropertyFile",
        "PropertyFile must refer to a step's property file, and is 'Report'.",
    ),
    (using({"Std:JsonGet": {"S3Uri": "file:///x", "Path": "a"}}), ".Std:JsonGet.S3Uri", "and is 'file:///x'."),
    (using(get("Steps.Prepare.PropertyFiles.Report")), ".Get", "which only Std:JsonGet can read."),
]
SOUND = [
    using(json_get("Prepare", "Report", "metrics['validation:auc'].value[0]")),
    using(join("a", 1, True, get("Execution.PipelineName"), on="")),
    using({"Std:JsonGet": {"S3Uri": join("s3:/", "b", "k.json"), "Path": "Result"}}),
    using({"Std:Join": 1, "Beside": 2}),
    using(json_get("Unknown", "Report", "a")),  # told of as a reference
]


@pytest.mark.parametrize(("raw", "path", "sentence"), CASES)
def test_finds(raw: Any, path: str, sentence: str) -> None:
    ((where, message, fix),) = found(RULE, raw)

    assert where == f"Steps[1].Arguments.x{path} (step Notify)"
    assert sentence in f"{message} {fix}"


@pytest.mark.parametrize("raw", SOUND)
def test_lets_pass(raw: Any) -> None:
    assert found(RULE, raw) == []


def test_looks_outside_steps_too() -> None:
    ((path, _, _),) = found(RULE, definition(fail(), Metadata={"x": {"Std:Lower": "A"}}))

    assert path == "Metadata.x.Std:Lower"
