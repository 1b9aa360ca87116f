"""The model card of a registered version: what the definition knows, and what Evaluate measured.

Source: API reference, ModelPackageModelCard, and Developer Guide, "Model package model card schema": an overview of
creator and artifact, intended uses, business and training details, evaluations, additional information; texts of at
most 2,048 characters. Numbers are read from gate.json when the step runs: the card is JSON only once it is joined.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sagemaker.core.workflow.execution_variables import ExecutionVariables
from sagemaker.core.workflow.functions import Join

from config.metrics import LOWER_IS_BETTER
from pipeline import candidate
from pipeline.site import Site
from pipeline.steps.champion_gate import BEHIND
from pipeline.steps.quality_gate import measured

# Around the name of what is known only when the step runs: characters that stand for nothing, and in no problem.
_NUMBER, _TEXT = "\ue000", "\ue001"
_LATER = re.compile(f'"{_NUMBER}(\\w+){_NUMBER}"|{_TEXT}(\\w+){_TEXT}')
_LONGEST = 2_048

_MEASURED = {
    "value": "the candidate's value on the test rows",
    "low": "lower end of its 95 % interval (bootstrap)",
    "high": "upper end of its 95 % interval (bootstrap)",
    "baseline": "the linear model's value on the same rows",
    BEHIND: "by how much it is worse than the model approved before; 0 where there was none",
}


def model_card(site: Site) -> dict[str, Any]:
    """Return the member ``ModelCard`` of the request: a draft, which whoever approves the model completes."""
    return {"ModelCardContent": _content(site), "ModelCardStatus": "Draft"}


def _content(site: Site) -> Join:
    later: dict[str, Any] = {
        **{name: measured(name) for name in _MEASURED},
        "threshold": site.parameters.metric_threshold,
        "tolerance": site.parameters.champion_tolerance,
        "seed": site.parameters.seed,
        "archive": candidate.archive(site),
        "execution": ExecutionVariables.PIPELINE_EXECUTION_ARN,
    }
    text = json.dumps(_card(site), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    pieces: list[Any] = []
    start = 0
    for found in _LATER.finditer(text):
        pieces += [text[start : found.start()], later[found[1] or found[2]]]
        start = found.end()
    return Join(on="", values=[*pieces, text[start:]])


def _card(site: Site) -> dict[str, Any]:
    problem = site.problem
    goal, target = _plain(problem.goal), _plain(problem.target)
    return {
        "model_overview": {"model_creator": f"Sageline, {site.pipeline_name}", "model_artifact": [_text("archive")]},
        "business_details": {"business_problem": goal},
        "intended_uses": {
            "purpose_of_model": goal,
            "intended_uses": f"Predicts the column {target} of rows like those that it was trained on.",
            "factors_affecting_model_efficiency": "Rows of another origin or time than the training data. The drift "
            "pipeline compares the two.",
            "risk_rating": "Unknown",
            "explanations_for_risk_rating": "Nobody has rated it yet. Whoever approves the model does.",
        },
        "training_details": {
            "training_observations": "Everything was fitted on the training rows alone; trees were added until the "
            "validation rows no longer gained.",
        },
        "evaluation_details": [_evaluation(site)],
        "additional_information": {
            "ethical_considerations": _groups([_plain(name) for name in problem.evaluation.slices]),
            "caveats_and_recommendations": "What to know before these numbers are believed stands under `cautions` in "
            "details.json, beside curves, groups and explanations.",
            "custom_details": {
                "problem": problem.name,
                "target": target,
                "metric": problem.metric,
                "threshold": _text("threshold"),
                "tolerance": _text("tolerance"),
                "seed": _text("seed"),
                "execution": _text("execution"),
                "reproduce": f"sageline run {problem.name} with the parameters of the execution: the same data, code "
                "and seed give the same model, byte for byte.",
            },
        },
    }


def _evaluation(site: Site) -> dict[str, Any]:
    metric = site.problem.metric
    bound = "at most" if metric in LOWER_IS_BETTER else "at least"
    return {
        "name": "Test rows",
        "evaluation_observation": f"Rows that no training saw, sent through the code of the endpoint. {metric} had to "
        f"be {bound} the threshold, and not worse than the approved model's by more than the tolerance.",
        "metric_groups": [
            {
                "name": metric,
                "metric_data": [
                    {"name": name, "type": "number", "value": f"{_NUMBER}{name}{_NUMBER}", "notes": note}
                    for name, note in _MEASURED.items()
                ],
            }
        ],
    }


def _groups(names: list[str]) -> str:
    if not names:
        return "Not measured in groups: the problem names no columns under `evaluation.slices`."
    return f"Measured in groups of {', '.join(names)}; the disparities stand in details.json."


def _text(name: str) -> str:
    return f"{_TEXT}{name}{_TEXT}"


def _plain(text: str) -> str:
    """Return a problem's text on one line, without what marks places here, and no longer than the card takes."""
    return " ".join(text.replace(_NUMBER, "").replace(_TEXT, "").split())[:_LONGEST]
