"""How a problem's data is prepared: how rows are split, what becomes of columns, and what the scripts are told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from config.contract import Contract, contract_mistakes
from config.errors import Mistake
from config.evaluation import Evaluation
from config.fields import Settings, Text

LEAST_SHARE, MOST_SHARE = 0.01, 0.4
_CHARACTERS = 240
_OPTION = "--settings="

By = Literal["random", "time", "group", "column"]


class Split(Settings):
    """Which rows train, validate and test."""

    by: By = Field(
        default="random",
        description="How rows are dealt out: at `random`, alike in every class or range of the target; by `time`, the "
        "latest ones to test; by `group`, all rows of one to the same part; or as a `column` says.",
    )
    column: Text | None = Field(
        default=None,
        description="The column of the times, of the groups, or of the words `train`, `validation` and `test`.",
    )
    validation: float = Field(
        default=0.1, ge=LEAST_SHARE, le=MOST_SHARE, description="The share of rows to validate on."
    )
    test: float = Field(default=0.1, ge=LEAST_SHARE, le=MOST_SHARE, description="The share of rows to test on.")
    duplicates: Literal["together", "apart"] = Field(
        default="together",
        description="Whether rows that are the same in every column that is learned from stay in one part; where they "
        "may come `apart`, a model is tested on rows that it has seen.",
    )


class Features(Settings):
    """How columns become features."""

    encoding: Literal["auto", "one_hot", "frequency", "target"] = Field(
        default="auto",
        description="What stands for a category of more than 50 levels: its share of each class or mean of the "
        "`target` in the training rows (`auto` is that, and `frequency` with more than ten classes), its `frequency`, "
        "or a column for each of the 50 most frequent levels (`one_hot`). Fewer levels always have columns of their "
        "own.",
    )
    smoothing: float = Field(
        default=20.0,
        ge=0.1,
        le=10_000,
        description="How many rows of the overall mean are added to each level's own where the target encodes it.",
    )
    day_first: bool | None = Field(
        default=None,
        description="Whether 3/4/2024 is the third of April, for columns in which no date decides it; those are left "
        "out otherwise.",
    )


class Selection(Settings):
    """Which columns are learned from."""

    by: Literal["none", "variance", "mutual_information", "importance", "elimination"] = Field(
        default="none",
        description="What columns are selected by, on the training rows: a filter by the `variance` (the share of rows "
        "that differ from the most frequent value) or by the `mutual_information` with the target; a small model's "
        "`importance` of them; or the `elimination` of the least important ones, a model being trained each time.",
    )
    keep: int | None = Field(default=None, ge=1, le=10_000, description="How many columns are kept at most.")
    least: float | None = Field(
        default=None, ge=0, description="The least score (nats for mutual information) that a column is kept for."
    )


GROUPS: Mapping[str, type[Settings]] = {
    "split": Split,
    "features": Features,
    "contract": Contract,
    "selection": Selection,
}
"""The settings of a problem that the scripts are told as they stand."""


def preparation_mistakes(values: Mapping[str, Any], listed: int, most: int) -> Iterator[Mistake]:
    """Yield what is wrong between the settings of preparing the data; those not in `values` are unknown.

    Args:
        values: Settings by name, as a file gives them or as they were read.
        listed: Columns to drop and missing tokens, which take two arguments of a job each.
        most: How many of them there is room for.
    """
    groups: dict[str, Any] = {
        name: _read(values[name], kind) for name, kind in GROUPS.items() if values.get(name) is not None
    }
    yield from _split_mistakes(groups.get("split"), values)
    yield from _selection_mistakes(groups.get("selection"))
    yield from contract_mistakes(groups.get("contract"), values.get("target"))
    slices = getattr(_read(values.get("evaluation"), Evaluation), "slices", ())
    pieces = len(_arguments(_told(groups, values.get("personal") or (), slices)))
    if listed <= most < listed + (pieces + 1) // 2:
        message = "the settings of preparing the data and what is listed under `drop` and `missing` do not fit a job."
        yield Mistake("contract", message, "State less, or remove columns from the data in place of dropping them.")


def _selection_mistakes(selection: Selection | None) -> Iterator[Mistake]:
    if selection is None:
        return
    if selection.by == "none" and (selection.keep is not None or selection.least is not None):
        yield Mistake("selection.by", "columns are selected by nothing.", "Write `by: importance` or another way.")
    if selection.by == "elimination" and (selection.keep is None or selection.least is not None):
        yield Mistake("selection", "elimination ends at a number of columns.", "Write `keep:`, and no `least:`.")
    elif selection.by != "none" and selection.keep is None and selection.least is None:
        yield Mistake("selection", "nothing says how many columns are kept.", "Write `keep:`, `least:` or both.")


def _read(given: Any, model: type[Any]) -> Any:
    return model.model_validate(given) if isinstance(given, Mapping) else given


def _split_mistakes(split: Split | None, values: Mapping[str, Any]) -> Iterator[Mistake]:
    if split is None:
        return
    if split.by == "random" and split.column is not None:
        message = f"rows are dealt out at random, whatever `{split.column}` says."
        yield Mistake("split.column", message, "Write `by: time`, `group` or `column`, or remove it.")
    if split.by != "random" and split.column is None:
        fix = f"Add `column:` with the name of the column that says the {split.by if split.by != 'column' else 'part'}."
        yield Mistake("split.by", f"rows cannot be split by {split.by} without a column.", fix)
    if split.column is not None and split.column == values.get("target"):
        message = f"`{split.column}` is the target, which cannot say where a row goes."
        yield Mistake("split.column", message, "Name another column.")


def settings_arguments(problem: Any) -> list[str]:
    """Return what the scripts are told, as arguments of a job in pieces that SageMaker takes."""
    return _arguments(
        _told({name: getattr(problem, name) for name in GROUPS}, problem.personal, problem.evaluation.slices)
    )


def _told(groups: Mapping[str, Any], personal: Sequence[str], slices: Sequence[str]) -> dict[str, Any]:
    """Return the settings that differ from what the scripts take by themselves."""
    found = {name: group.model_dump(mode="json", exclude_defaults=True) for name, group in groups.items()}
    found["personal"] = list(personal)
    found["slices"] = list(slices)  # Nothing is done with them, but that they are there is seen before training.
    return {name: value for name, value in found.items() if value}


def _arguments(told: Mapping[str, Any]) -> list[str]:
    text = json.dumps(told, separators=(",", ":")) if told else ""
    return [_OPTION + text[start : start + _CHARACTERS] for start in range(0, len(text), _CHARACTERS)]
