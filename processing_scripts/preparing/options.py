"""What Prepare is asked to do."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from inference.job import JobError
from processing_scripts.preparing.settings import Settings, read_settings

KINDS = ("auto", "binary", "multiclass", "regression")


@dataclass(frozen=True)
class Options:
    """The arguments of Prepare, as `--help` explains them."""

    input: Path
    output: Path
    target: str
    kind: str
    metric: str
    positive: str | None
    drop: list[str]
    missing: list[str]
    seed: int
    data_version: str
    header: bool | None
    delimiter: str | None
    like: Path | None = None
    plan: Path | None = None
    raw: bool = False
    settings: Settings = field(default_factory=Settings)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Give the mistake as a sentence rather than usage on stderr, so that it reaches the job's exit message."""
        raise JobError(f"{message}.")


def parse(argv: Sequence[str]) -> Options:
    """Read the arguments; raises JobError with the one mistake."""
    parser = _Parser(prog="prepare", description=__doc__, allow_abbrev=False)
    add = parser.add_argument
    add("--input", type=Path, required=True, help="folder that holds the table's file or files")
    add("--output", type=Path, required=True, help="folder for train, validation, test, features and profile")
    add("--target", required=True, help="the column to predict")
    add("--kind", choices=KINDS, default="auto", help="the kind of problem")
    add("--metric", required=True, help="the metric that the problem is judged by")
    add("--positive", help="the positive class of a binary problem")
    add("--drop", action="append", default=[], help="a column to leave out; may be given several times")
    add("--missing", action="append", default=[], help="one more text that means a missing cell")
    add("--seed", type=int, default=7, help="what the split is drawn from")
    add("--data-version", default="initial", help="the version of the data, recorded in features.json")
    add(
        "--header",
        action=argparse.BooleanOptionalAction,
        help="whether CSV files start with names; found out if absent",
    )
    add("--delimiter", help="what separates the cells of CSV files; found out if absent")
    add(
        "--like",
        type=Path,
        help="what to prepare the rows by, instead of fitting: a features.json or a model archive, or a folder with it",
    )
    add("--plan", type=Path, help="for transform_shard: the folder of plan and features; that of the input if absent")
    add("--raw", action="store_true", help="also write the rows as AutoML and its models take them")
    add("--settings", action="append", default=[], help="a piece of the JSON object of the problem's other settings")
    given = vars(parser.parse_args(argv))
    options = Options(**{**given, "settings": read_settings(given["settings"])})
    if options.seed < 0:
        raise JobError(f"--seed is {options.seed}, and must be 0 or more.")
    return options
