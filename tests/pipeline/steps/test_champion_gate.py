from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.pipeline.conftest import Definition, flattened

TOLERANCE = {"Get": "Parameters.ChampionTolerance"}


def measured(field: str) -> dict[str, Any]:
    return {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Gate"}, "Path": field}}


def test_a_model_may_be_worse_than_the_approved_one_by_the_tolerance(steps: dict[str, Any]) -> None:
    gate = steps["ChampionGate"]["Arguments"]
    assert gate["Conditions"] == [
        {"Type": "LessThanOrEqualTo", "LeftValue": measured("behind_champion"), "RightValue": TOLERANCE}
    ]
    assert [step["Type"] for step in gate["IfSteps"]] == ["RegisterModel", "Condition"]
    assert [step["Name"] for step in gate["ElseSteps"]] == ["FailChampion"]


def test_the_message_names_both_models_and_what_was_allowed(steps: dict[str, Any]) -> None:
    assert steps["FailChampion"]["Arguments"]["ErrorMessage"]["Std:Join"]["Values"] == [
        "The champion gate stopped the model: auc is ",
        measured("value"),
        ", worse by ",
        measured("behind_champion"),
        " than the approved version ",
        {"Get": "Steps.FindChampion.OutputParameters['ModelPackageVersion']"},
        " with ",
        measured("champion"),
        " on the same test rows, and may be worse by at most ",
        TOLERANCE,
        ".",
    ]


def test_the_tolerance_is_the_problems_unless_whoever_starts_the_pipeline_says_otherwise(
    built: Callable[..., Definition],
) -> None:
    found = {each["Name"]: each for each in built(of={"evaluation": {"tolerance": 0.25}})["Parameters"]}
    assert found["ChampionTolerance"] == {"Name": "ChampionTolerance", "Type": "Float", "DefaultValue": 0.25}


def test_trainings_are_told_what_errors_cost(built: Callable[..., Definition], steps: dict[str, Any]) -> None:
    costs = {"false_positive": 1.0, "false_negative": 25.0}
    found = flattened(built(of={"costs": costs}))
    for name in ("Train", "TrainBaseline"):
        told = found[name]["Arguments"]["HyperParameters"]
        assert (told["cost_false_positive"], told["cost_false_negative"]) == ("1.0", "25.0")
        assert not {"decision", "cost_false_negative"} & steps[name]["Arguments"]["HyperParameters"].keys()
    chosen = flattened(built(of={"evaluation": {"decision": "f1"}}))
    assert chosen["Train"]["Arguments"]["HyperParameters"]["decision"] == '"f1"'
