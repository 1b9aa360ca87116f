"""What things are called in the definition and in the account."""

from __future__ import annotations

import re

PREPARE = "Prepare"
FIT_SHARDS = "FitShards"
MERGE_FITS = "MergeFits"
TRANSFORM_SHARDS = "TransformShards"
FIND_CHAMPION = "FindChampion"
TRAIN_BASELINE = "TrainBaseline"
TRAIN = "Train"
TUNE = "Tune"
AUTO_ML = "AutoML"
PREDICT_TEST = "PredictTest"
EVALUATE = "Evaluate"
QUALITY_GATE = "QualityGate"
CHAMPION_GATE = "ChampionGate"
REGISTER = "Register"
EXPORT_FOR_NEO = "ExportForNeo"
COMPILE = "Compile"
DEPLOY_GATE = "DeployGate"
CREATE_MODEL = "CreateModel"
CREATE_NEO_MODEL = "CreateNeoModel"
ENDPOINT_CONFIG = "EndpointConfig"
ENDPOINT = "Endpoint"
SMOKE_TEST = "SmokeTest"
PREPARE_BATCH = "PrepareBatch"
BATCH_TRANSFORM = "BatchTransform"
FAIL = "Fail"
FAIL_CHAMPION = "FailChampion"
FIND_CAPTURED = "FindCaptured"
MEASURE_DRIFT = "MeasureDrift"
DRIFT_GATE = "DriftGate"
DRIFTED = "Drifted"

GATE_FILE = "Gate"
EVALUATION = "evaluation"


def pipeline_name(problem_name: str) -> str:
    """Return the name of a problem's pipeline, which is its model package group's and its endpoint's as well."""
    return "sageline-" + problem_name.replace("_", "-")


def drift_pipeline_name(problem_name: str) -> str:
    """Return the name of the pipeline that looks for drift: no problem's own can have it."""
    return f"drift-{pipeline_name(problem_name)}"


def compile_step(target: str) -> str:
    """Return the name of a target's step: ``Compile-ml-c5``, since names of steps have no underscores."""
    return f"{COMPILE}-{re.sub('[^A-Za-z0-9]+', '-', target)}"


def input_prefix(problem_name: str) -> str:
    """Return where a problem's data lies in the data bucket, unless whoever starts the pipeline says otherwise."""
    return f"{problem_name}/input/"
