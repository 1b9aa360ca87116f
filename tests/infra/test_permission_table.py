from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from infra.permission_table import page, roles, templates
from infra.permissions.needs import NEEDS, needs
from tests.support.stacks import Template

DOCS = Path(__file__).parents[2] / "docs"


@cache
def made() -> dict[str, dict[str, Any]]:
    return templates()


def test_the_page_is_up_to_date_and_linked() -> None:
    assert (DOCS / "permissions.md").read_text("utf-8") == page(made()), "run: make docs"
    assert "permissions.md" in (DOCS / "architecture.md").read_text("utf-8")


def test_no_role_may_do_what_nobody_needs_and_none_lacks_what_somebody_does() -> None:
    for (stack, role), allowed in roles(made()).items():
        needed = {action for each in needs(stack, role) for action in each.names()}
        assert (sorted(allowed - needed), sorted(needed - allowed)) == ([], []), f"unused, missing: {stack}, {role}"


def test_every_role_of_every_template_is_on_the_page(templates: dict[str, Template]) -> None:
    """Those that compliance is held against have every option: no role is made only there."""
    text = (DOCS / "permissions.md").read_text("utf-8")
    found = {
        (template_of(file), name[:-8])
        for file, each in templates.items()
        for name, resource in each["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }
    assert len(found) > 20
    assert [each for each in sorted(found) if f"## {each[0]}: {each[1]}\n" not in text] == []


def template_of(file: str) -> str:
    """The short name of a stack by its template's file, such as ``devDataB1DF0A7C.template.json``."""
    return re.sub(r"^(?:dev|everything|kinds|workbench)(.*?)[0-9A-F]{8}\.template\.json$", r"\1", file).lower()


def test_nothing_is_needed_by_a_role_that_is_not_there() -> None:
    known = roles(made())
    gone = [each for each in NEEDS if not any(s == each[0] and r.startswith(each[1]) for s, r in known)]
    assert gone == []


def test_a_role_that_nobody_needs_is_named() -> None:
    with pytest.raises(KeyError, match=r"identity: NewRole: say in infra/permissions/needs\.py who needs this role"):
        needs("identity", "NewRole")
