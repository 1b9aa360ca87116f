from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.build import build
from pipeline.placeholders import fill
from tests.pipeline.inputs import VALUES, environment, problem

Definition = dict[str, Any]


@pytest.fixture(scope="session")
def built() -> Callable[..., Definition]:
    """Builds the definition of a problem and environment with the given changes, and fills in its values."""

    def build_one(*, of: dict[str, Any] | None = None, at: dict[str, Any] | None = None) -> Definition:
        text = build(problem(**(of or {})), environment(**(at or {})))
        loaded: Definition = json.loads(fill(text, VALUES))
        return loaded

    return build_one


@pytest.fixture(scope="session")
def plain(built: Callable[..., Definition]) -> Definition:
    """The definition of the tests' problem as it stands."""
    return built()


def flattened(definition: Definition) -> dict[str, dict[str, Any]]:
    """Every step by name, those inside branches included."""
    found: dict[str, dict[str, Any]] = {}

    def walk(steps: list[dict[str, Any]]) -> None:
        for step in steps:
            found[step["Name"]] = step
            for branch in ("IfSteps", "ElseSteps"):
                walk(step["Arguments"].get(branch, []))

    walk(definition["Steps"])
    return found


@pytest.fixture(scope="session")
def steps(plain: Definition) -> dict[str, dict[str, Any]]:
    """Every step of the plain definition by name."""
    return flattened(plain)
