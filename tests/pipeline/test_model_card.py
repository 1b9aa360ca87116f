from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.pipeline.conftest import Definition, flattened

MEASURED = {"value": 0.95, "low": 0.91, "high": 0.98, "baseline": 0.9, "behind_champion": -0.01}


def card(steps: dict[str, Any]) -> Any:
    """Join the card as the step that registers does, with what Evaluate might have measured."""
    given = steps["Register"]["Arguments"]["ModelCard"]
    assert given["ModelCardStatus"] == "Draft"
    join = given["ModelCardContent"]["Std:Join"]
    assert join["On"] == ""
    return json.loads("".join(known(piece) for piece in join["Values"]))


def known(piece: Any) -> str:
    if isinstance(piece, str):
        return piece
    if "Std:JsonGet" in piece:
        return str(MEASURED[piece["Std:JsonGet"]["Path"]])
    return {
        "Parameters.MetricThreshold": "0.9",
        "Parameters.ChampionTolerance": "0.0",
        "Parameters.Seed": "7",
        "Execution.PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:111122223333:pipeline/p/execution/abc",
        "Steps.Train.ModelArtifacts.S3ModelArtifacts": "s3://bucket/model.tar.gz",
    }[piece["Get"]]


def test_the_card_holds_what_the_model_is_for_and_what_was_measured(steps: dict[str, Any]) -> None:
    found = card(steps)
    assert found["model_overview"]["model_artifact"] == ["s3://bucket/model.tar.gz"]
    (evaluation,) = found["evaluation_details"]
    (group,) = evaluation["metric_groups"]
    assert {each["name"]: each["value"] for each in group["metric_data"]} == MEASURED
    assert all(each["type"] == "number" for each in group["metric_data"])
    details = found["additional_information"]["custom_details"]
    assert (details["threshold"], details["seed"]) == ("0.9", "7")
    assert "sageline run" in details["reproduce"]


def test_columns_that_were_looked_at_are_named(built: Callable[..., Definition]) -> None:
    found = card(flattened(built(of={"evaluation": {"slices": ["sex", "region"]}})))
    assert "groups of sex, region" in found["additional_information"]["ethical_considerations"]


@pytest.mark.parametrize(
    "goal", ['Say "yes" or\nno \\ maybe.', "\ue000value\ue000 \ue001seed\ue001", "${CodeUri}", "漢" * 1_000]
)
def test_no_text_of_a_problem_breaks_the_card(goal: str, built: Callable[..., Definition]) -> None:
    found = card(flattened(built(of={"goal": goal})))
    expected = " ".join(goal.replace("\ue000", "").replace("\ue001", "").split())
    assert found["business_details"]["business_problem"] == expected
    for text in texts(found):
        assert len(text) <= 2_048


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return [value] if isinstance(value, str) else []
