from __future__ import annotations

from typing import Any

from tests.pipeline.inputs import VALUES

Steps = dict[str, dict[str, Any]]


def test_it_asks_its_function_for_the_problems_approved_model(steps: Steps) -> None:
    step = steps["FindChampion"]
    assert (step["Type"], step["FunctionArn"]) == ("Lambda", VALUES["FindChampionFunctionArn"])
    assert step["Arguments"] == {"ModelPackageGroupName": "sageline-two-words", "StandIn": VALUES["CodeUri"]}


def test_its_answer_is_asked_for_anew_at_every_run(steps: Steps) -> None:
    assert "CacheConfig" not in steps["FindChampion"]


def test_it_runs_beside_prepare(steps: Steps) -> None:
    assert "DependsOn" not in steps["FindChampion"]
    assert "Get" not in str(steps["FindChampion"]["Arguments"])
