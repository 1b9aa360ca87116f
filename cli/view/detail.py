"""One execution in full, as `sageline show` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from cli.view.summary import print_summary
from cli.view.words import seconds, word


def print_detail(record: dict[str, Any], metrics: Mapping[str, float]) -> None:
    """Print an execution's record: what it is, its parameters, its steps, and where things lie."""
    click.echo(f"Execution  {record['execution_id']} of {record['pipeline']}")
    click.echo(f"Status     {word(record['status'])}{_after(record)}")
    if record.get("failure_reason"):
        click.echo(f"Reason     {record['failure_reason']}")
    click.echo(f"ARN        {record['execution']}")
    for position, (name, value) in enumerate(sorted(record["parameters"].items())):
        click.echo(f"{'Parameters' if position == 0 else '':<10} {name}={value}")
    click.echo()
    print_summary(record, metrics)
    _print_cache(record)
    _print_outputs(record)


def _after(record: dict[str, Any]) -> str:
    return f" after {seconds(record['seconds'])}" if record.get("seconds") is not None else ""


def _print_cache(record: dict[str, Any]) -> None:
    reasons = [
        (step["name"], step["cache"]["reason"])
        for step in record["steps"]
        if step.get("cache") and step["cache"]["result"] != "off"
    ]
    if reasons:
        click.echo("\nCache")
    for name, reason in reasons:
        click.echo(f"  {name}: {reason}")


def _print_outputs(record: dict[str, Any]) -> None:
    rows = [(step["name"], name, uri) for step in record["steps"] for name, uri in (step.get("outputs") or {}).items()]
    if rows:
        click.echo("\nOutputs")
    for step, name, uri in rows:
        click.echo(f"  {step}.{name}: {uri}")
    if record.get("model_package"):
        click.echo(f"\nModel      {record['model_package'].split('model-package/')[-1]}")
