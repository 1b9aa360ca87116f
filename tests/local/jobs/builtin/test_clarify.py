"""What stands for Clarify's image: post-training bias, SHAP values, drift, and the model's answers as they are read."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from local.jobs.builtin.checks import clarify, drift, outcomes, shapley
from local.jobs.builtin.checks.asking import Model
from local.jobs.builtin.checks.table import CheckError, Column


class Answering:
    """A model that is a function of a row's fields, and counts its rows."""

    def __init__(self, function: Any, kind: str = "text/csv") -> None:
        self.function = function
        self.kind = kind
        self.rows = 0

    def ask(self, body: bytes, _content_type: str, _accept: str) -> tuple[bytes, str]:
        lines = body.decode().splitlines()
        self.rows += len(lines)
        return "\n".join(str(self.function(line.split(","))) for line in lines).encode(), self.kind


def nothing(uri: str) -> bytes:
    raise AssertionError(uri)


def analyse(folder: Path, data: str, config: dict[str, Any], model: Answering) -> dict[str, Any]:
    (folder / "analysis_config.json").write_text(json.dumps({"dataset_type": "text/csv", **config}))
    (folder / "data.csv").write_text(data)
    return clarify.analyse(folder / "analysis_config.json", folder / "data.csv", model.ask, nothing)


def brute_force(function: Any, row: Sequence[float], base: Sequence[float]) -> list[float]:
    """Shapley values by their definition: the mean over all orders of what a feature adds."""
    count = len(row)
    found = [0.0] * count
    for order in itertools.permutations(range(count)):
        current = list(base)
        for feature in order:
            before = function(current)
            current[feature] = row[feature]
            found[feature] += function(current) - before
    return [value / math.factorial(count) for value in found]


def crossed(x: Sequence[float]) -> float:
    return x[0] * x[1] + 3 * x[2] - x[3] ** 2 + x[0] * x[3] * x[4]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_all_coalitions_give_the_shapley_values_themselves(count: int) -> None:
    def function(x: Sequence[float]) -> float:
        return crossed([*x, *[1.0] * (5 - count)])

    row, base = [2.0, -1.0, 0.5, 3.0, 1.5][:count], [0.0, 1.0, 0.0, 1.0, 0.5][:count]
    masks, weights = shapley.coalitions(count, 100, seed=0)
    answers = np.array([[function(np.where(mask, row, base).tolist()) for mask in masks]])

    found = shapley.values(masks, weights, answers, np.array([function(base)]), np.array([function(row)]))

    assert len(masks) == 2**count - 2 or count == 1
    assert found[0] == pytest.approx(brute_force(function, row, base))


def test_drawn_coalitions_come_close_add_up_and_are_the_same_each_time() -> None:
    count = 12
    generator = np.random.default_rng(1)
    row, base, slopes = generator.normal(size=(3, count))
    masks, weights = shapley.coalitions(count, 200, seed=3)
    again, _ = shapley.coalitions(count, 200, seed=3)
    answers = np.where(masks, row, base) @ slopes

    found = shapley.values(masks, weights, answers[None, :], np.array([base @ slopes]), np.array([row @ slopes]))

    assert np.array_equal(masks, again)
    assert len({tuple(mask) for mask in masks}) == len(masks) <= 200
    # Of a model without interactions they are exact.
    assert found[0] == pytest.approx((row - base) * slopes)


def test_explanations_are_aggregated_and_kept_by_row(tmp_path: Path) -> None:
    config = {
        "headers": ["y", "a", "b"],
        "label": "y",
        "predictor": {"model_name": "m"},
        "methods": {"shap": {"baseline": [[1, 1]], "num_samples": 50, "agg_method": "mean_abs"}},
    }
    model = Answering(lambda row: 2 * float(row[0]) - float(row[1]))

    found = analyse(tmp_path, "0,1,1\n1,3,1\n1,-1,2\n", config, model)

    section = found["analysis.json"]["explanations"]["kernel_shap"]["label0"]
    assert section["expected_value"] == pytest.approx(1.0)
    assert section["global_shap_values"] == pytest.approx({"a": (0 + 4 + 4) / 3, "b": (0 + 0 + 1) / 3})
    header, *rows = found["explanations_shap/out.csv"].splitlines()
    assert header == "a_label0,b_label0"
    assert [[float(field) for field in row.split(",")] for row in rows] == [
        pytest.approx(row) for row in ([0, 0], [4, 0], [-4, -1])
    ]
    assert "explanations_shap/baseline.csv" not in found


@pytest.mark.parametrize(("method", "expected"), [("median", 4.0), ("mean_sq", 32 / 3)])
def test_other_aggregates(tmp_path: Path, method: str, expected: float) -> None:
    config = {"headers": ["a"], "methods": {"shap": {"baseline": [[0]], "agg_method": method}}}
    model = Answering(lambda row: 2 * float(row[0]))

    found = analyse(tmp_path, "0\n2\n2\n", config, model)

    values = found["analysis.json"]["explanations"]["kernel_shap"]["label0"]["global_shap_values"]
    assert values == pytest.approx({"a": expected})


def test_without_a_baseline_the_middle_of_the_data_stands_for_it(tmp_path: Path) -> None:
    config = {"headers": ["a", "kind"], "methods": {"shap": {}}}
    model = Answering(lambda row: float(row[0]) + (row[1] == "x"))

    found = analyse(tmp_path, "1.5,x\n2.5,x\n5.0,y\n", config, model)

    assert found["explanations_shap/baseline.csv"] == "3.0,x\n"
    assert found["analysis.json"]["explanations"]["kernel_shap"]["label0"]["expected_value"] == pytest.approx(4.0)


def test_log_odds_and_features_chosen_by_name(tmp_path: Path) -> None:
    config = {
        "headers": ["a", "b"],
        "predictor": {"label_headers": ["yes"]},
        "methods": {"shap": {"baseline": [[0, 0]], "use_logit": True, "features_to_explain": ["b"]}},
    }
    model = Answering(lambda row: 1 / (1 + math.exp(-float(row[0]) - 2 * float(row[1]))))

    found = analyse(tmp_path, "1,1\n0,-1\n", config, model)

    assert found["explanations_shap/out.csv"].splitlines()[0] == "b_yes"
    values = found["analysis.json"]["explanations"]["kernel_shap"]["yes"]["global_shap_values"]
    assert values == pytest.approx({"b": 2.0})


def test_post_training_metrics_follow_their_formulas() -> None:
    label, predicted = Column("y", list("11001100")), Column("p", list("10101000"))
    columns = [label, Column("f", list("aaaadddd")), Column("g", list("ppqqppqq")), Column("x", list("01230123"))]
    config = {
        "label": "y",
        "label_values_or_threshold": [1],
        "facet": {"name_or_index": "f", "value_or_threshold": "d"},
    }

    found = outcomes.analyse(columns, predicted, {**config, "group_variable": "g", "methods": {}})

    (facet,) = found["facets"]["f"]
    values = {metric["name"]: metric["value"] for metric in facet["metrics"]}
    # a: TP 1, FN 1, FP 1, TN 1. d: TP 1, FN 1, FP 0, TN 2.
    flips = values.pop("FT")
    assert flips is None  # The group's column is text.
    assert values == {
        "AD": pytest.approx(2 / 4 - 3 / 4),
        # Subgroup p: of its rejected half, of its accepted half are d; q: one accepted, of a.
        "CDDPL": pytest.approx(0.5 * (1 / 2 - 1 / 2) + 0.5 * (2 / 3 - 0)),
        "DAR": pytest.approx(1 / 2 - 1),
        "DCAcc": pytest.approx(2 / 2 - 2 / 1),
        "DCR": pytest.approx(2 / 3 - 2 / 2),
        "DI": pytest.approx(0.25 / 0.5),
        "DPPL": pytest.approx(0.5 - 0.25),
        "DRR": pytest.approx(2 / 3 - 1 / 2),
        "GE": pytest.approx(sum((b / (7 / 8)) ** 2 - 1 for b in (1, 0, 2, 1, 1, 0, 1, 1)) / 16),
        "RD": pytest.approx(1 / 2 - 1 / 2),
        "SD": pytest.approx(2 / 2 - 1 / 2),
        "TE": None,
    }


def test_the_flip_test_asks_neighbours_of_the_favoured_group() -> None:
    columns = [Column("y", list("111000")), Column("f", list("000111")), Column("x", ["0", "1", "2", "0", "1", "2"])]
    config = {
        "label": 0,
        "label_values_or_threshold": [1],
        "facet": [{"name_or_index": "f", "value_or_threshold": [1]}],
    }

    found = outcomes.analyse(columns, columns[0], {**config, "methods": {"post_training_bias": {"methods": ["FT"]}}})

    assert found["facets"]["f"][0]["metrics"][0]["value"] == 1.0


def labels(predictor: dict[str, Any], answers: list[Any], observed: str = "0110", **more: Any) -> list[str]:
    return (
        Model(predictor, "text/csv", lambda *_: (b"", ""))
        .labels(answers, more.get("threshold"), Column("y", list(observed)))
        .texts
    )


@pytest.mark.parametrize(
    ("predictor", "answers", "threshold", "expected"),
    [
        ({}, [["0.7"], ["0.2"]], None, ["1", "0"]),
        ({}, [["0.7"], ["0.2"]], 0.8, ["0", "0"]),
        ({}, [["1"], ["0"]], None, ["1", "0"]),
        ({}, [["3.5"], ["-1"]], None, ["3.5", "-1"]),
        ({"label": 0}, [["b", "0.7"], ["a", "0.2"]], None, ["b", "a"]),
        ({"label_headers": ["yes"]}, [["0.7"], ["0.2"]], 0.5, ["yes", ""]),
        ({"label_headers": ["a", "b"]}, [["0.1", "0.9"], ["0.6", "0.4"]], None, ["b", "a"]),
        ({"label": "l", "probability": "p"}, [{"l": ["a", "b"], "p": [0.1, 0.9]}], None, ["b"]),
        ({"label": "score"}, [{"score": 0.9}], 0.5, ["1"]),
    ],
)
def test_predicted_labels_are_found_as_configured(
    predictor: dict[str, Any], answers: list[Any], threshold: float | None, expected: list[str]
) -> None:
    assert labels(predictor, answers, threshold=threshold) == expected


def test_records_are_asked_in_json_lines_by_their_template() -> None:
    asked = []

    def invoke(body: bytes, content_type: str, accept: str) -> tuple[bytes, str]:
        asked.append((body, content_type, accept))
        return b'{"score": 1}\n{"score": 2}\n', "application/jsonlines"

    predictor = {
        "content_type": "application/jsonlines",
        "content_template": '{"features": $features}',
        "label": "score",
    }
    model = Model(predictor, "text/csv", invoke)

    assert [model.scores(answer) for answer in model.answers([["1", "2.5"], ["x", ""]])] == [[1.0], [2.0]]
    assert asked == [
        (b'{"features": [1, 2.5]}\n{"features": ["x", null]}\n', "application/jsonlines", "application/jsonlines")
    ]


def test_lists_of_scores_are_read_as_the_images_write_them() -> None:
    line = b"[0.25, 0.75],[0.5, 0.5]"
    model = Model({}, "text/csv", lambda *_: (line, "text/csv"))
    assert [model.scores(answer) for answer in model.answers([["1"], ["2"]])] == [[0.25, 0.75], [0.5, 0.5]]
    lines = Model({}, "text/csv", lambda *_: (b'"[0.25, 0.75]"\n"[0.5, 0.5]"\n', "text/csv"))
    assert [lines.scores(answer) for answer in lines.answers([["1"], ["2"]])] == [[0.25, 0.75], [0.5, 0.5]]


@pytest.mark.parametrize(
    ("label", "data", "names"),
    [(0, "0,1,2\n1,2,3\n", ["column_1", "column_2"]), ("y", "y,a,b\n0,1,2\n1,2,3\n", ["a", "b"])],
)
def test_without_headers_columns_have_the_datasets_names_or_made_up_ones(
    tmp_path: Path, label: Any, data: str, names: list[str]
) -> None:
    model = Answering(lambda row: float(row[0]))

    found = analyse(tmp_path, data, {"label": label, "methods": {"shap": {"baseline": [[0, 0]]}}}, model)

    values = found["analysis.json"]["explanations"]["kernel_shap"]["label0"]["global_shap_values"]
    assert values == pytest.approx(dict(zip(names, [1.5, 0.0], strict=True)))


def test_one_line_with_an_answer_to_each_row_is_taken_apart() -> None:
    model = Model({}, "text/csv", lambda *_: (b"0.25,0.5,0.75", "text/csv"))

    assert [model.scores(answer) for answer in model.answers([["1"], ["2"], ["3"]])] == [[0.25], [0.5], [0.75]]


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"methods": {"pdp": {}}}, "The methods pdp are not computed here"),
        ({"dataset_type": "application/x-image", "methods": {}}, "the laptop's check reads text/csv"),
        ({"methods": {"shap": {"text_config": {}}}}, "the laptop explains tables alone"),
        ({"methods": {"shap": {"baseline": [[1, 2, 3]]}}}, "The baseline needs rows of 2 values"),
        ({"methods": {"shap": {"baseline": [[1, 2]], "agg_method": "max"}}}, "there are mean_abs, median, mean_sq"),
        (
            {"methods": {"shap": {"baseline": [[1, 2]], "features_to_explain": ["z"]}}},
            "which the dataset does not have",
        ),
        ({"predictor": {"label": "x"}, "methods": {"shap": {"baseline": [[1, 2]]}}}, "is not in the model's answer"),
        ({"predictor": {"label": 4}, "methods": {"shap": {"baseline": [[1, 2]]}}}, "names the element 4"),
    ],
)
def test_what_cannot_be_analysed_is_a_sentence(tmp_path: Path, config: dict[str, Any], told: str) -> None:
    with pytest.raises(CheckError, match=told):
        analyse(tmp_path, "1,2\n", {"headers": ["a", "b"], **config}, Answering(lambda _: 1.0))


def test_answers_that_are_too_few_are_told() -> None:
    model = Model({}, "text/csv", lambda *_: (b"1\n", "text/csv"))

    with pytest.raises(CheckError, match="answered 1 predictions to 2 rows"):
        model.answers([["1"], ["2"]])


def section(**values: float) -> dict[str, Any]:
    metrics = [{"name": name, "value": value} for name, value in values.items()]
    return {"post_training_bias_metrics": {"facets": {"f": [{"value_or_threshold": "1", "metrics": metrics}]}}}


def test_a_ratio_drifts_from_one_and_a_difference_from_zero() -> None:
    found = drift.violations(section(DI=0.7, DPPL=-0.1, RD=0.4), section(DI=0.8, DPPL=0.2, RD=0.3))

    assert [(entry["metric_name"], entry["constraint_check_type"]) for entry in found] == [
        ("DI", "bias_drift_check"),
        ("RD", "bias_drift_check"),
    ]
    assert found[0]["description"] == "Metric value 0.7 is further from one than the baseline's 0.8."


def explained(**values: float) -> dict[str, Any]:
    return {"explanations": {"kernel_shap": {"label0": {"global_shap_values": values, "expected_value": 0.0}}}}


def test_features_that_matter_in_another_order_are_a_violation() -> None:
    before = explained(sat=0.7, gpa=0.5, rank=0.05)

    assert drift.violations(explained(sat=0.6, gpa=0.55, rank=0.1), before) == []
    (found,) = drift.violations(explained(sat=0.1, gpa=0.2, rank=0.7), before)
    assert (found["label"], found["constraint_check_type"]) == ("label0", "feature_attribution_drift_check")
    # The gains 0.05, 0.5 and 0.7 at ranks one to three, against their best order.
    best = 0.7 + 0.5 / math.log2(3) + 0.05 / 2
    score = (0.05 + 0.5 / math.log2(3) + 0.7 / 2) / best
    assert found["description"].startswith(f"Feature attribution drift found for label0: its nDCG score {score:.4g}")
