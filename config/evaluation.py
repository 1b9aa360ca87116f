"""How a model is judged beside the approved one, by groups, and what each kind of error costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from config.errors import Mistake
from config.fields import Settings, Texts, mistake

MOST_SLICES = 10
"""Columns that a model is measured by: what is more is a search for a group that happens to look bad."""

Decision = Literal["auto", "half", "accuracy", "f1", "balanced_accuracy"]


class Costs(Settings):
    """What a wrong answer of a binary problem costs, in any unit: their relation counts."""

    false_positive: float = Field(ge=0, description="What it costs to take a negative row for a positive one.")
    false_negative: float = Field(ge=0, description="What it costs to miss a positive row.")

    @model_validator(mode="after")
    def _one_costs_something(self) -> Costs:
        if self.false_positive == self.false_negative == 0:
            raise mistake("no error costs anything.", "Say what each costs, or remove `costs`.")
        return self


class Evaluation(Settings):
    """How a model is judged."""

    tolerance: float = Field(
        default=0.0,
        ge=0,
        description="By how much, in the metric's own unit, a model may be worse than the approved one and still be "
        "registered. `ChampionTolerance` overrides it.",
    )
    slices: Texts = Field(
        default=(),
        description=f"Columns (at most {MOST_SLICES}) whose groups the model is measured in, such as `[sex, region]`. "
        "A number is cut into four groups of one size.",
    )
    decision: Decision = Field(
        default="auto",
        description="What the score from which on a row is called positive is chosen by, on the validation rows. "
        "`auto`: the least cost where there are `costs`; else accuracy or F1 where that is the metric (F1 also for "
        "precision and recall, and where fewer than one row in ten is positive); else one half.",
    )


def evaluation_mistakes(values: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong between these settings and others; those not in `values` are unknown."""
    kind, costs = values.get("kind"), values.get("costs")
    evaluation = _given(values.get("evaluation"))
    decision = evaluation.get("decision", "auto")
    for path, given in (("costs", costs is not None), ("evaluation.decision", decision != "auto")):
        if given and kind not in (None, "binary", "auto"):
            yield Mistake(
                path, "only a binary problem has a score to decide by.", "Remove it, or write `kind: binary`."
            )
        elif given and values.get("model") == "auto":
            yield Mistake(path, "a model of AutoML's decides by itself.", "Remove it, or remove `model: auto`.")
    if costs is not None and decision != "auto":
        message = "with `costs`, the least cost decides."
        yield Mistake("evaluation.decision", message, "Remove it, or remove `costs`.")
    training = _given(values.get("training"))
    if kind == "regression" and "class_balance" in (training.get("hyperparameters") or {}):
        message = "a number has no classes to weigh."
        yield Mistake("training.hyperparameters.class_balance", message, "Remove it.")
    yield from _slice_mistakes(list(evaluation.get("slices") or ()), values.get("target"))


def _slice_mistakes(slices: list[str], target: Any) -> Iterator[Mistake]:
    if target in slices:
        path = f"evaluation.slices[{slices.index(target)}]"
        yield Mistake(path, f"`{target}` is the target itself.", "Name columns that say who or what a row is about.")
    for name, count in Counter(slices).items():
        if count > 1:
            yield Mistake("evaluation.slices", f"`{name}` is listed {count} times.", "List it once.")
    if len(slices) > MOST_SLICES:
        yield Mistake("evaluation.slices", f"{len(slices)} columns are listed.", f"Choose at most {MOST_SLICES}.")


def _given(group: Any) -> Mapping[str, Any]:
    """Return what a file says, or the settings that were read, by name."""
    return group if isinstance(group, Mapping) else vars(group) if group is not None else {}
