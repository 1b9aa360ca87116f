"""Looks for the columns that a problem names in its data, where that is at hand, before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli.errors import CommandError
from config.preparation import settings_arguments
from inference.job import JobError
from processing_scripts.preparing.named import check_names
from processing_scripts.preparing.settings import read_settings
from processing_scripts.tables import TableError, open_table

if TYPE_CHECKING:
    from config.problem import Problem


def check_columns(problem: Problem) -> None:
    """Raise CommandError where data on this machine cannot be read as a table, or lacks columns."""
    path = Path(problem.data)
    if "://" in problem.data or not path.exists():
        return
    told = [word.partition("=")[2] for word in settings_arguments(problem)]
    header, delimiter = (None, None) if problem.format is None else (problem.format.header, problem.format.delimiter)
    try:
        table = open_table(path, header, delimiter)
        check_names(problem.target, problem.drop, read_settings(told), table.columns)
    except (JobError, TableError) as error:
        message = f"The problem {problem.name} does not fit its data: {error}"
        raise CommandError(message) from error
