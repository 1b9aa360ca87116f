"""Writes docs/permissions.md: each role with its actions, and who needs each of them.

``python -m infra.permission_table > docs/permissions.md`` does so: the actions from the templates of an environment
with everything that makes a role, who needs them from ``infra.permissions.needs``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from config import load_environment
from config.environment import Environment
from infra.application import build, new_app
from infra.permissions.needs import Need, needs

Templates = Mapping[str, Mapping[str, Any]]
Roles = dict[tuple[str, str], set[str]]

_HEAD = """# Permissions

What each role may do, and who needs it. `make docs` writes this page from the templates and from
`infra/permissions/needs.py`. An action that a role has and nobody needs fails the tests, and so does a need that no
role serves. On which resources and under which conditions, the code says: `infra/permissions` and the stacks.

The roles are those of the development environment with a schedule and with drift that retrains. Not listed are the role
of AutoML, there only for problems with `model: auto`, and what asynchronous endpoints add to the endpoint role.

What was tried is in `tests/infra/deploy/test_permissions.py`: every step of the deployed definitions against the
deployed pipeline role, with the condition keys that SageMaker fills from the step; steps that somebody loosened, which
are refused; and each call that FindChampion, SmokeTest and StartPipeline make. It was not tried against AWS itself.
"""


def everything() -> Environment:
    """Return the development environment with what makes further roles."""
    values = load_environment("dev").model_dump()
    values["pipelines"] |= {"schedules": {"breast_cancer": "rate(7 days)"}}
    values["monitoring"] |= {"drift": {"breast_cancer": {"retrain": True}}}
    return Environment.model_validate(values)


def templates() -> dict[str, dict[str, Any]]:
    """Return that environment's templates by their stacks' short names."""
    environment = everything()
    with TemporaryDirectory() as folder:
        app = new_app(outdir=folder)
        build(app, [environment])
        stacks = app.synth().get_nested_assembly(f"assembly-{environment.name}").stacks
        return {
            stack.stack_name.split("-", 2)[-1]: json.loads(Path(stack.template_full_path).read_text(encoding="utf-8"))
            for stack in stacks
        }


def roles(found: Templates) -> Roles:
    """Return what every role may do, by stack and logical id, wherever its policies stand."""
    made = {
        (stack, name): set[str]()
        for stack, template in found.items()
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::IAM::Role"
    }
    for template in found.values():
        for each in template["Resources"].values():
            if each["Type"] == "AWS::IAM::ManagedPolicy":
                for owner in _owners(each["Properties"]["Roles"], made):
                    made[owner] |= _actions(each["Properties"]["PolicyDocument"])
    return made


def _owners(references: Any, made: Roles) -> list[tuple[str, str]]:
    text = json.dumps(references)
    return [owner for owner in made if owner[1] in text]


def _actions(document: Mapping[str, Any]) -> set[str]:
    listed = (each["Action"] for each in document["Statement"] if each["Effect"] == "Allow")
    return {action for each in listed for action in (each if isinstance(each, list) else [each])}


def page(found: Templates) -> str:
    """Return the page."""
    parts = [_HEAD]
    for (stack, role), allowed in sorted(roles(found).items()):
        parts.append(f"## {stack}: {role[:-8]}\n\n| who needs it | actions | source |\n| --- | --- | --- |\n")
        parts[-1] += "".join(_row(each, allowed) for each in needs(stack, role))
    return "\n".join(parts)


def _row(need: Need, allowed: set[str]) -> str:
    actions = ", ".join(f"`{each}`" for each in sorted(need.names() & allowed))
    return f"| {need.who} | {actions} | {need.source} |\n"


if __name__ == "__main__":
    sys.stdout.write(page(templates()))
