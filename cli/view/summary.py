"""The table at the end of a run, and what to do next."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import IO, Any

from cli.view.words import cache_word, mark, number, seconds, word


def summary_lines(record: dict[str, Any]) -> list[str]:
    """Return the steps of an execution's record as aligned lines of plain text."""
    rows = [
        (
            mark(step["status"])[0],
            step["name"],
            step["type"],
            word(step["status"]),
            seconds(step.get("seconds")) if step["status"] != "NotExecuted" else "",
            cache_word(step),
            (step.get("reason") or "") if step["status"] in ("Executing", "Failed", "Stopped", "NotExecuted") else "",
        )
        for step in record["steps"]
    ]
    header = ("", "Step", "Type", "Status", "Time", "Cache", "")
    table = [header, *rows]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def metric_lines(metrics: Mapping[str, float]) -> list[str]:
    """Return the final metrics as one line, none where there are none."""
    if not metrics:
        return []
    return ["Metrics: " + ", ".join(f"{name} {number(value)}" for name, value in sorted(metrics.items()))]


def print_summary(record: dict[str, Any], metrics: Mapping[str, float], stream: IO[str] | None = None) -> None:
    """Print the table and the metrics, coloured where the stream is a terminal."""
    out = stream or sys.stdout
    lines = summary_lines(record)
    if not out.isatty():
        print("\n".join([*lines, *metric_lines(metrics)]), file=out)
        return
    from rich.console import Console  # noqa: PLC0415 - only terminals pay for it
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=out)
    console.print(Text(lines[0], style="bold"))
    for line, step in zip(lines[1:], record["steps"], strict=True):
        text = Text(line)
        text.stylize(mark(step["status"])[1], 0, 1)
        console.print(text, soft_wrap=True)
    for line in metric_lines(metrics):
        console.print(Text(line), soft_wrap=True)
