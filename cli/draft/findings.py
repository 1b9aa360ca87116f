"""What a person should know about the columns before anything is learned from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from cli.draft.leaks import gives_class_away, gives_value_away
from cli.draft.survey import Survey
from cli.draft.target import Goal
from cli.draft.wording import of_rows, one_line, quoted, share
from config.fields import fits_argument
from inference.cells import missing_tokens
from processing_scripts.columns import Summary

MANY_LEVELS = 50
MOSTLY = 0.5


@dataclass(frozen=True)
class Finding:
    """One thing found.

    Attributes:
        column: Where.
        what: What was found, a sentence that names the column.
        short: The same in a few words, for the line under `drop`.
        drop: Whether nothing should be learned from the column.
        leak: Whether that is because it gives the target away, which only a person can judge; a run leaves the other
            columns to drop out by itself.
    """

    column: str
    what: str
    short: str = ""
    drop: bool = False
    leak: bool = False


def findings(survey: Survey, target: str, goal: Goal, after_labelling: Collection[str]) -> list[Finding]:
    """Return everything found, first columns that give the target away, then others to drop."""
    leaks = _leaks(survey, target, goal)
    found: list[Finding] = []
    for name, summary in survey.columns.items():
        if name != target:
            found.extend(_of_column(summary, target, leaks.get(name), name in after_labelling, survey.rows))
    gaps = _gaps(survey, target, {each.column for each in found if each.drop})
    return sorted([*gaps, *found], key=lambda each: (not each.leak, not each.drop))


def _gaps(survey: Survey, target: str, dropped: Collection[str]) -> list[Finding]:
    """Return one finding for all columns with missing cells, the worst first."""
    some = [each for each in survey.columns.values() if each.missing and each.name not in {target, *dropped}]
    if not some:
        return []
    worst = sorted(some, key=lambda each: -each.missing)
    shown = ", ".join(f"{one_line(each.name)} ({share(each.missing, survey.rows)})" for each in worst[:6])
    more = f" and {len(worst) - 6} more" if len(worst) > 6 else ""
    return [
        Finding(worst[0].name, f"Cells are missing (empty, ?, NA and the like) in {shown}{more}; they are filled in.")
    ]


def _of_column(summary: Summary, target: str, leak: str | None, after_labelling: bool, rows: int) -> list[Finding]:
    name = one_line(summary.name)
    reason = _why_drop(summary, target, leak, after_labelling)
    if reason is None:
        return [Finding(summary.name, what) for what in _remarks(summary, rows)]
    if not fits_argument(summary.name):
        what = f"{name} {reason}; its name cannot be written under `drop`, so rename or remove it in the data."
        return [Finding(summary.name, what)]
    what = f"{name} {reason}; it is listed under `drop`."
    return [Finding(summary.name, what, short=reason, drop=True, leak=leak is not None)]


def _why_drop(summary: Summary, target: str, leak: str | None, after_labelling: bool) -> str | None:
    if summary.kind == "all-missing":
        return "has no value in any row"
    if summary.kind == "constant":
        return f"is {quoted(summary.top[0][0])} in every row"
    if after_labelling:
        return "is known only once a row is labelled"
    if summary.kind == "identifier":
        return f"looks like an identifier ({summary.why})"
    if leak is not None:
        return f"seems to give {one_line(target)} away ({leak})"
    return None


def _remarks(summary: Summary, rows: int) -> list[str]:
    name = one_line(summary.name)
    remarks = []
    if summary.kind == "date" and summary.why:
        remarks.append(f"{name} {summary.why}, so nothing is learned from it; write year-month-day.")
    if summary.decimal:
        remarks.append(f"{name} writes numbers such as {quoted(summary.top[0][0])}, and they are read as numbers.")
    if summary.missing > MOSTLY * rows:
        remarks.append(f"{name} is missing in {share(summary.missing, rows)} of the rows.")
    if summary.strays:
        shown = ", ".join(f"{quoted(text)} ({times:,})" for text, times in summary.strays[:3])
        remarks.append(f"{name} holds numbers but for {shown}, which are read as missing.")
    if summary.kind == "categorical" and (summary.capped or summary.distinct > MANY_LEVELS):
        several = f"more than {summary.distinct:,}" if summary.capped else f"{summary.distinct:,}"
        remarks.append(f"{name} has {several} different texts, which are encoded by their share of each class or mean.")
    return remarks


def _leaks(survey: Survey, target: str, goal: Goal) -> Mapping[str, str]:
    """Return why columns are suspected to give the target away."""
    tokens = missing_tokens(goal.missing)
    values = goal.values[survey.places]
    found = {}
    for name, summary in survey.columns.items():
        if name == target or summary.kind not in ("numeric", "categorical", "boolean"):
            continue
        column = survey.sample.column(name).chunk(0)
        if goal.kind == "regression":
            close = gives_value_away(column, values, tokens, summary.kind == "numeric")
            if close is not None:
                found[name] = f"alone it follows {one_line(target)} almost exactly (correlation {close:.4f})"
        else:
            classes = np.nan_to_num(values, nan=-1).astype(np.int64)
            right = gives_class_away(column, classes, tokens, summary.kind == "numeric")
            if right is not None:
                found[name] = f"alone it tells {one_line(target)} in {of_rows(right)}"
    return found
