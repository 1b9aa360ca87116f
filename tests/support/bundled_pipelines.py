"""The pipelines stack of every bundled problem, and what is looked up in it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.support.stacks import Template, properties, statements, template

PROBLEMS = ("breast_cancer", "diabetes", "digits")
WEEKLY = {"diabetes": "rate(7 days)"}
STARTING = {"pipelines.schedules": WEEKLY, "pipelines.on_new_data": ["digits"]}
ACCOUNT, PLACE = "111122223333", "eu-central-1:111122223333"


@cache
def bundled() -> Template:
    """The template for every bundled problem, with something that starts two of them."""
    return template("pipelines", STARTING, PROBLEMS)


def pipeline(problem: str, found: Template | None = None) -> Any:
    """Return the properties of a problem's pipeline, in another template if there is one."""
    return properties(found or bundled(), "AWS::SageMaker::Pipeline", f"Pipeline{problem.replace('_', '')}")


def body(problem: str) -> Any:
    """Return a pipeline's definition with its placeholders and what fills them."""
    return pipeline(problem)["PipelineDefinition"]["PipelineDefinitionBody"]


def policy(function: str) -> dict[str, Any]:
    """A function's permissions by what they are for."""
    return statements(properties(bundled(), "AWS::IAM::ManagedPolicy", f"{function}Policy")["PolicyDocument"])


def function(name: str, found: Template | None = None) -> Any:
    """Return the properties of a function, in another template if there is one."""
    return properties(found or bundled(), "AWS::Lambda::Function", f"{name}Function")


def name_of(export: Any) -> str:
    """What a reference to another stack, or to a resource here, refers to."""
    return str(export["Fn::ImportValue"] if "Fn::ImportValue" in export else export["Fn::GetAtt"][0])


def joined(value: Any) -> Any:
    """Text with references in it, parsed as JSON with a name in their place."""
    return json.loads("".join(part if isinstance(part, str) else "bucket" for part in value["Fn::Join"][1]))
