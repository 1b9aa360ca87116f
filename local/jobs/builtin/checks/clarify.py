"""Clarify's analysis of a CSV dataset: what its configuration asks for, computed and put into analysis.json.

Source: SageMaker Developer Guide, 'Analysis Configuration Files' and 'Analysis Results'.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from local.jobs.builtin.checks import bias, explaining, facets, outcomes
from local.jobs.builtin.checks.asking import CSV, Invoke, Model
from local.jobs.builtin.checks.table import CheckError, Column, read

_METHODS = (bias.METHOD, outcomes.METHOD, explaining.METHOD, "report")
_ELSEWHERE = ("facet_dataset_uri", "predicted_label_dataset_uri", "joinsource_name_or_index", "segment_config")
_CLUSTERS = 1

Fetch = Callable[[str], bytes]
"""Returns an S3 object."""


def analyse(config_file: Path, dataset: Path, invoke: Invoke, fetch: Fetch) -> dict[str, Any]:
    """Return the results by their files' names: objects to be written as JSON, and texts."""
    config = json.loads(config_file.read_text(encoding="utf-8"))
    _hold(config)
    columns = _columns(dataset, config)
    methods = config.get("methods", {})
    model = Model(config.get("predictor") or {}, str(config.get("dataset_type", CSV)), invoke)
    analysis: dict[str, Any] = {"version": "1.0"}
    files: dict[str, Any] = {}
    if bias.METHOD in methods:
        analysis["pre_training_bias_metrics"] = bias.analyse(columns, config)
    if outcomes.METHOD in methods:
        predictions = _predictions(columns, config, model)
        analysis["post_training_bias_metrics"] = outcomes.analyse(
            _without_prediction(columns, config), predictions, config
        )
    if explaining.METHOD in methods:
        settings = methods[explaining.METHOD]
        features = _features(columns, config)
        given = settings.get("baseline")
        baseline = _baseline(given, features, settings, fetch)
        analysis["explanations"], local = explaining.explain(features, baseline, config, model)
        if settings.get("save_local_shap_values", True):
            files["explanations_shap/out.csv"] = local
        if given is None:
            files["explanations_shap/baseline.csv"] = "".join(f"{','.join(row)}\n" for row in baseline)
    return {"analysis.json": analysis, **files}


def _columns(dataset: Path, config: Mapping[str, Any]) -> list[Column]:
    """Read the dataset. Without headers the first line holds them if the label is named, else names are made up."""
    names = config.get("headers") or ()
    header = not names and isinstance(config.get("label"), str)
    columns = read(dataset, header=header, names=names)
    if names or header:
        return columns
    return [Column(f"column_{index}", column.texts) for index, column in enumerate(columns)]


def _hold(config: Mapping[str, Any]) -> None:
    """Name what the laptop does not compute; CheckError."""
    found = []
    if config.get("dataset_type", CSV) != CSV:
        found.append(f"The dataset is {config['dataset_type']}; the laptop's check reads {CSV}.")
    others = [name for name in config.get("methods", {}) if name not in _METHODS]
    if others:
        found.append(f"The methods {', '.join(others)} are not computed here; there are {', '.join(_METHODS[:-1])}.")
    found += [f"The analysis has {name}, which the laptop does not follow." for name in _ELSEWHERE if name in config]
    shap = config.get("methods", {}).get(explaining.METHOD, {})
    found += [
        f"The SHAP analysis has {name}; the laptop explains tables alone." for name in _OTHER_DATA if name in shap
    ]
    if found:
        raise CheckError(" ".join(found))


_OTHER_DATA = ("text_config", "image_config")


def _features(columns: Sequence[Column], config: Mapping[str, Any]) -> list[Column]:
    """Return the columns that the model is sent, in the dataset's order."""
    given = [config.get("label"), config.get("predicted_label"), *(config.get("excluded_columns") or ())]
    left_out = [facets.find(columns, each) for each in given if each is not None]
    return [column for column in columns if not any(column is each for each in left_out)]


def _without_prediction(columns: Sequence[Column], config: Mapping[str, Any]) -> list[Column]:
    given = config.get("predicted_label")
    prediction = None if given is None else facets.find(columns, given)
    return [column for column in columns if column is not prediction]


def _predictions(columns: Sequence[Column], config: Mapping[str, Any], model: Model) -> Column:
    given = config.get("predicted_label")
    if given is not None:
        return facets.find(columns, given)
    label = facets.find(columns, config.get("label"))
    features = _features(columns, config)
    rows = list(zip(*(column.texts for column in features), strict=True))
    return model.labels(model.answers(rows), config.get("probability_threshold"), label)


def _baseline(given: Any, features: Sequence[Column], settings: Mapping[str, Any], fetch: Fetch) -> list[list[str]]:
    if given is None:
        clusters, seed = int(settings.get("num_clusters") or _CLUSTERS), int(settings.get("seed") or 0)
        return explaining.default_baseline(features, clusters, seed)
    if isinstance(given, str):
        rows = [line.split(",") for line in fetch(given).decode("utf-8").splitlines() if line.strip()]
    else:
        rows = [["" if each is None else str(each) for each in row] for row in given]
    names = [column.name for column in features]
    rows = [row for row in rows if [field.strip() for field in row] != names]
    uneven = next((row for row in rows if len(row) != len(features)), None)
    if uneven is not None or not rows:
        message = (
            f"The baseline needs rows of {len(features)} values, as many as the model is sent: {', '.join(names[:5])} …"
        )
        raise CheckError(message)
    return [[field.strip() for field in row] for row in rows]
