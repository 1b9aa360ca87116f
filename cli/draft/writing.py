"""Writes the draft: YAML with what was found as comments."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cli.draft.findings import Finding
from cli.draft.survey import Survey
from cli.draft.target import Goal
from cli.draft.wording import count, number, one_line, scalar, share
from config.cross_checks import MOST_DROPPED
from config.metrics import LOWER_IS_BETTER, METRICS
from processing_scripts.columns import Summary

WIDTH = 118
MOST_COLUMNS_SHOWN = 80

_METRICS = {
    "auc": "AUC is the chance that a row of the class looked for is ranked above one of the other",
    "accuracy": "Accuracy is the share of rows told rightly",
    "f1_macro": "Macro F1 is the mean over the classes of how well each is found and told from the others",
    "rmse": "RMSE is the typical error in the units of the target, large errors counting more",
}


@dataclass(frozen=True)
class Given:
    """What is known without looking at the rows.

    Attributes:
        name: The problem's name where the file's name does not say it.
        command: What made the draft.
        data: The path of the data as it is written.
        target: The column to predict.
        header: Whether CSV files start with names, where that must be said.
        delimiter: What separates cells, where that must be said.
    """

    name: str | None
    command: str
    data: str
    target: str
    header: bool | None
    delimiter: str | None


def write(given: Given, survey: Survey, goal: Goal, found: Sequence[Finding]) -> tuple[str, list[str]]:
    """Return the text of the problem file, and sentences about what found no place in it."""
    dropped = [each for each in found if each.drop]
    room = MOST_DROPPED - len(goal.missing)
    blocks = [
        _head(given, survey),
        _goal(given),
        _target(given, goal),
        _measure(goal),
        _dropped(dropped[:room]),
        _remarks([*goal.notes, *(each.what for each in found if not each.drop)]),
        _missing(goal),
        _format(given),
        _columns(survey, given.target),
    ]
    more = _without_room(dropped[room:])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n", more


def _without_room(left: Sequence[Finding]) -> list[str]:
    """Return what to say about columns to drop for which there is no room: a job takes only so many arguments."""
    if not left:
        return []
    shown = ", ".join(one_line(each.column) for each in left[:5]) + (", …" if len(left) > 5 else "")
    columns = count(len(left), "further column")
    if any(each.leak for each in left):
        return [f"`drop` has no room for {columns} that should not be used ({shown}): remove them from the data."]
    return [f"`drop` has no room for {columns} ({shown}); a run leaves them out by itself."]


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _head(given: Given, survey: Survey) -> list[str]:
    columns = count(len(survey.columns), "column")
    lines = [
        *_comment(f"Drafted by `{given.command}` from {count(survey.rows, 'row')} and {columns}."),
        *_comment("Read it through, then run it: every setting is described in docs/configuration.md."),
    ]
    return [*lines, "", f"name: {given.name}"] if given.name else lines


def _goal(given: Given) -> list[str]:
    return [
        "# What the model is for, in a sentence of your own. It stands beside every registered model.",
        f"goal: {scalar(f'Predict {one_line(given.target)} from the other columns.')}",
        "",
        "# The table. A relative path starts at this file's folder.",
        f"data: {scalar(given.data)}",
    ]


def _target(given: Given, goal: Goal) -> list[str]:
    lines = [
        *_comment(f"The column to predict: {goal.described}."),
        f"target: {scalar(given.target)}",
        f"kind: {goal.kind}",
    ]
    if goal.positive is not None:
        lines += [
            "",
            "# The class to look for: what recall counts found, and AUC ranks first.",
            f"positive: {scalar(goal.positive)}",
        ]
    return lines


def _measure(goal: Goal) -> list[str]:
    others = ", ".join(name for name in METRICS[goal.kind] if name != goal.metric)
    bound = "at most" if goal.metric in LOWER_IS_BETTER else "at least"
    return [
        *_comment(f"{_METRICS[goal.metric]}: {goal.why_threshold}. Also possible: {others}."),
        f"metric: {goal.metric}",
        "",
        *_comment(
            f"The metric must be {bound} this on rows that the model never saw, or it is not registered. This is a "
            f"modest start; set it to what the model must reach to be of use."
        ),
        f"threshold: {goal.threshold:g}",
    ]


def _dropped(dropped: Sequence[Finding]) -> list[str]:
    if not dropped:
        return ["# Columns that nothing may be learned from, such as what is known only afterwards.", "drop: []"]
    lines = ["# Columns that nothing may be learned from. Take out of the list what should be used after all."]
    lines.append("drop:")
    for each in dropped:
        lines += [f"  # {line}" for line in textwrap.wrap(each.short, WIDTH - 4)]
        lines.append(f"  - {scalar(each.column)}")
    return lines


def _remarks(remarks: Iterable[str]) -> list[str]:
    lines = []
    for remark in remarks:
        lines += textwrap.wrap(remark, WIDTH, initial_indent="# - ", subsequent_indent="#   ", break_on_hyphens=False)
    return ["# Worth a look:", *lines] if lines else []


def _missing(goal: Goal) -> list[str]:
    if not goal.missing:
        return []
    listed = [f"  - {scalar(text)}" for text in goal.missing]
    return ["# Texts that mean a missing cell, besides the empty cell, ?, NA and the like.", "missing:", *listed]


def _format(given: Given) -> list[str]:
    lines = []
    if given.header is not None:
        if given.header is False:
            lines.append("  # The first row holds data, no names: columns are called column_1, column_2, …")
        lines.append(f"  header: {str(given.header).lower()}")
    if given.delimiter is not None:
        lines.append(f"  delimiter: {scalar(given.delimiter)}")
    return ["format:", *lines] if lines else []


def _columns(survey: Survey, target: str) -> list[str]:
    rows = [_row(summary, survey.rows, summary.name == target) for summary in survey.columns.values()]
    shown = rows[:MOST_COLUMNS_SHOWN]
    widths = [max(len(row[at]) for row in shown) for at in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in shown
    ]
    more = [f"# … and {count(len(rows) - len(shown), 'more column')}."] if len(rows) > len(shown) else []
    return ["# What the columns hold:", *(one_line(f"#   {line}".rstrip(), WIDTH) for line in lines), *more]


def _row(summary: Summary, rows: int, is_target: bool) -> tuple[str, str, str, str]:
    missing = f"{share(summary.missing, rows)} missing" if summary.missing else ""
    return one_line(summary.name, 32), "target" if is_target else summary.kind, missing, _values(summary)


def _values(summary: Summary) -> str:
    if summary.kind == "all-missing":
        return ""
    if summary.minimum is not None and summary.maximum is not None and summary.mean is not None:
        return f"{number(summary.minimum)} to {number(summary.maximum)}, mean {number(summary.mean)}"
    several = f"more than {summary.distinct:,}" if summary.capped else f"{summary.distinct:,}"
    top = ", ".join(f"{one_line(value, 24)} {share(times, summary.present)}" for value, times in summary.top[:3])
    return f"{several} different: {top}{', …' if summary.distinct > 3 else ''}"
