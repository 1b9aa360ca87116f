"""Finds the target that a person names, or says which columns it could be."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Sequence
from pathlib import Path

from cli.draft.errors import DraftError
from cli.draft.survey import survey
from cli.draft.wording import one_line
from config.fields import LONGEST_TEXT, fits_argument
from processing_scripts.columns import Summary
from processing_scripts.preparing.target import MAX_CLASSES, MAX_INTEGER_CLASSES
from processing_scripts.tables import Table
from processing_scripts.tables.table import listed


def ask_for_target(table: Table, data: Path) -> str:
    """Return the question for a target, with the columns that are likely ones."""
    likely = likely_targets(list(survey(table, None).columns.values()))
    example = likely[0] if likely else table.columns[-1]
    sentences = [
        f"Which column should be predicted? {data} has {listed(list(map(one_line, table.columns)), 30)}.",
        f"Likely targets: {listed(list(map(one_line, likely)), 5)}." if likely else "",
        f"Say it, for example: sageline init {shlex.quote(str(data))} --target {shlex.quote(one_line(example))}",
    ]
    return " ".join(filter(None, sentences))


def likely_targets(columns: Sequence[Summary]) -> list[str]:
    """Return the columns that look like something to predict, the likeliest first."""

    def rank(item: tuple[int, Summary]) -> tuple[bool, bool, bool, int]:
        place, summary = item
        named = summary.name.lower() in ("target", "label", "class", "y", "outcome", "result")
        few = not summary.capped and summary.distinct <= MAX_INTEGER_CLASSES
        return (not named, place < len(columns) - 1, not few, -place)

    fit = [
        (place, summary)
        for place, summary in enumerate(columns)
        if summary.kind in ("numeric", "boolean")
        or (summary.kind == "categorical" and not summary.capped and 1 < summary.distinct <= MAX_CLASSES)
    ]
    return [summary.name for _, summary in sorted(fit, key=rank)]


def find_target(table: Table, target: str) -> str:
    """Return the column that is meant; raises DraftError with close matches where there is none."""
    if target in table.columns:
        _check_target(target)
        return target
    numbered = f"column_{target}"
    if table.header is False and numbered in table.columns:
        return numbered
    close = _close(target, table.columns)
    if close:
        hint = f"Did you mean {' or '.join(one_line(each) for each in close)}?"
    else:
        hint = f"Its columns are {listed(list(map(one_line, table.columns)))}."
    if table.header is False:
        hint += " Its first row was read as data; if it holds names, say --header."
    raise DraftError(f"{table.path} has no column {target!r}. {hint}")


def _check_target(target: str) -> None:
    if not fits_argument(target):
        raise DraftError(
            f"The target's name, {one_line(target)!r}, is longer than {LONGEST_TEXT} characters or holds a line break, "
            f"which SageMaker takes in no argument; rename it in the data."
        )


def _close(target: str, columns: Sequence[str]) -> list[str]:
    plain = {column.strip().lower(): column for column in reversed(columns)}
    found = difflib.get_close_matches(target.strip().lower(), list(plain), n=3)
    return [plain[each] for each in found]
