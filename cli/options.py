"""Options and arguments that several commands share, so that they read and behave the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def home(command: Command) -> Command:
    """Add --home: the folder of the laptop's state and objects."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of executions, models and objects.  [default: $SAGELINE_HOME, or .sageline]",
    )(command)


def environment(command: Command) -> Command:
    """Add --env: the AWS environment that the command goes to."""
    return click.option(
        "--env",
        "environment",
        metavar="NAME",
        help="The AWS environment to go to: one in config/environments, or its file.  [default: the laptop]",
    )(command)


def as_json(command: Command) -> Command:
    """Add --json: one object on stdout at the end, everything else on stderr."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout, all else on stderr.")(
        command
    )


def execution(command: Command) -> Command:
    """Add the argument EXECUTION: an ARN, an id, the beginning of an id, or `latest`."""
    return click.argument("execution", metavar="EXECUTION")(command)
