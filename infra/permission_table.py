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

from config import load_environment, load_problem, problem_names
from config.environment import Environment
from config.problem import Problem
from infra.application import new_app
from infra.permissions.need import Need
from infra.permissions.needs import needs
from infra.platform import Platform

Templates = Mapping[str, Mapping[str, Any]]
Roles = dict[tuple[str, str], set[str]]

_HEAD = """# Permissions

What each role may do, and who needs it. `make docs` writes this page from the templates and from
`infra/permissions/needs.py`. An action that a role has and nobody needs fails the tests, and so does a need that no
role serves. On which resources and under which conditions, the code says: `infra/permissions` and the stacks.

The roles are those of the development environment with everything that makes one: a schedule, drift that retrains, an
asynchronous endpoint, a problem whose model is left to AutoML, one that is tuned and goes on from an earlier model, one
whose model is compiled, delivery from GitHub and by CodePipeline, and promotion from and to other accounts. A test
fails where a role of the templates is missing. Roles that are not made here, which `serving.NAME.callers` names, may
ask that endpoint ([stacks/serving.md](stacks/serving.md)).

What was tried is in `tests/infra/deploy/test_permissions.py`: every step of the deployed definitions against the
deployed pipeline role, with the condition keys that SageMaker fills from the step; steps that somebody loosened, which
are refused; and the calls that functions make, recorded, against the roles that the deployment gave them. The same was
done for promotion (`test_promoting.py`) and for all that `make try` asks (`test_trying.py`): each call is allowed, and
each action is used. What CodePipeline and CodeBuild ask of their roles is taken from what the deployed pipeline
declares (`test_with_codepipeline.py`). It was not tried against AWS itself.
"""


def everything() -> tuple[Environment, list[Problem]]:
    """Return the development environment, and its problems, with what makes further roles and rights."""
    values = load_environment("dev").model_dump()
    other, name = "444455556666", {"repository": "team/models"}
    connection = f"arn:aws:codeconnections:{values['region']}:{values['account']}:connection/{'0' * 8}-{'0' * 27}"
    values["pipelines"] |= {"schedules": {"breast_cancer": "rate(7 days)"}}
    values["serving"] |= {"digits": {"asynchronous": {}}}
    values["monitoring"] |= {"drift": {"breast_cancer": {"retrain": True}}}
    values["promotion"] = {"to": [other], "source": {"environment": "lab", "account": other}}
    values["delivery"] = {"github": name, "codepipeline": {"connection_arn": connection, **name}}
    bundled = {each: load_problem(each) for each in problem_names()}
    searching = bundled["diabetes"].model_dump()
    searching |= {"tuning": {"max_jobs": 4}, "training": {"continue_from": "breast_cancer/1"}}
    compiled = {**bundled["digits"].model_dump(), "compile": {"targets": ["ml_c5"]}}
    automatic = {**bundled["diabetes"].model_dump(), "name": "automatic", "model": "auto", "training": {}}
    problems = {**bundled, **{each["name"]: Problem.model_validate(each) for each in (searching, compiled, automatic)}}
    return Environment.model_validate(values), list(problems.values())


def templates() -> dict[str, dict[str, Any]]:
    """Return that environment's templates by their stacks' short names."""
    environment, problems = everything()
    with TemporaryDirectory() as folder:
        app = new_app(outdir=folder)
        Platform(app, environment, problems).build()
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
