"""What things are called in the definition and in the account."""

from __future__ import annotations

PREPARE = "Prepare"
FIND_CHAMPION = "FindChampion"
TRAIN_BASELINE = "TrainBaseline"
TRAIN = "Train"
TUNE = "Tune"
EVALUATE = "Evaluate"
QUALITY_GATE = "QualityGate"
REGISTER = "Register"
FAIL = "Fail"

GATE_FILE = "Gate"
EVALUATION = "evaluation"


def pipeline_name(problem_name: str) -> str:
    """Return the name of a problem's pipeline, which is its model package group's name as well."""
    return "sageline-" + problem_name.replace("_", "-")
