from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from processing_scripts.metrics.explaining import (
    MOST_DOTS,
    columns,
    contributions,
    explainability_report,
    explanations,
    folded_gain,
)
from processing_scripts.metrics.judged import Judged

Make = Callable[[str], Judged]
KINDS = ["binary", "multiclass", "regression"]


@pytest.mark.parametrize("kind", KINDS)
def test_contributions_add_up_to_the_score(judged: Make, kind: str) -> None:
    model = judged(kind)
    assert model.archive is not None
    assert model.matrix is not None
    margins = contributions(model.archive, model.matrix).sum(axis=2)
    if kind == "binary":
        found = 1 / (1 + np.exp(-margins[:, 0]))
    elif kind == "regression":
        found = margins[:, 0]
    else:
        raised = np.exp(margins - margins.max(axis=1, keepdims=True))
        found = raised / raised.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found, model.candidate.values, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_column_that_tells_most_comes_first_by_every_figure(judged: Make, kind: str) -> None:
    found = explanations({"binary": "auc", "multiclass": "accuracy", "regression": "rmse"}[kind], judged(kind))
    ranked = [[each["column"] for each in entries] for entries in (found["columns"], found["permutation"])]
    ranked.append([each["column"] for each in found["shap"]["columns"]])
    assert [names[0] for names in ranked] == ["size"] * 3
    assert all(set(names) <= {"size", "colour", "noise", "sex"} for names in ranked), "raw columns, not features"
    permuted = {each["column"]: each["mean"] for each in found["permutation"]}
    assert permuted["size"] > 5 * abs(permuted["noise"])


def test_levels_of_a_column_are_added_up(judged: Make) -> None:
    model = judged("binary")
    assert model.archive is not None
    gains = dict(folded_gain(model.archive, columns(model.features)))
    assert sum(gains.values()) == pytest.approx(1)
    shares = dict(zip(model.features.feature_names(), model.archive.model.importance().tolist(), strict=True))
    assert gains["colour"] == pytest.approx(sum(share for name, share in shares.items() if name.startswith("colour=")))


def test_dots_rank_numbers_and_leave_categories_without_ranks(judged: Make) -> None:
    found = explanations("auc", judged("binary"))["shap"]
    by_name = {each["column"]: each for each in found["dots"]}
    size = by_name["size"]
    assert len(size["contributions"]) == len(size["ranks"]) <= MOST_DOTS
    assert (min(size["ranks"]), max(size["ranks"])) == (0, 1)
    high = [value for value, rank in zip(size["contributions"], size["ranks"], strict=True) if rank > 0.8]
    low = [value for value, rank in zip(size["contributions"], size["ranks"], strict=True) if rank < 0.2]
    assert (min(high) > 0 > max(low)) or (max(high) < 0 < min(low))
    assert by_name["colour"]["ranks"] == []


def test_the_registrys_report_has_every_column_that_does_something(judged: Make) -> None:
    model = judged("binary")
    found = explanations("auc", model)["shap"]
    (section,) = explainability_report(model, found)["explanations"]["kernel_shap"].values()
    assert section["global_shap_values"] == {each["column"]: each["mean"] for each in found["columns"]}
    assert section["expected_value"] == found["expected"][0]


def test_the_same_rows_give_the_same_figures(judged: Make) -> None:
    assert explanations("accuracy", judged("multiclass")) == explanations("accuracy", judged("multiclass"))
