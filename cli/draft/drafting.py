"""From a table to the text of its problem file."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from cli.draft.choosing import ask_for_target, find_target
from cli.draft.errors import DraftError
from cli.draft.findings import findings
from cli.draft.naming import problem_name, written_path
from cli.draft.survey import survey
from cli.draft.target import goal_of
from cli.draft.wording import one_line
from cli.draft.writing import Given, write
from processing_scripts.tables import Table, TableError, open_table


@dataclass(frozen=True)
class Draft:
    """A drafted problem file.

    Attributes:
        text: The file, YAML with comments.
        notes: What was found that a person should look at, one sentence each.
        problem_name: The problem's name.
    """

    text: str
    notes: list[str]
    problem_name: str


def draft(
    data: Path,
    target: str | None,
    name: str | None = None,
    header: bool | None = None,
    delimiter: str | None = None,
    problem_file: Path | None = None,
) -> Draft:
    """Draft a problem from a table, of which every row is read.

    Args:
        data: A file or folder, as `open_table` takes it.
        target: The column to predict; its number will do where columns have no names.
        name: The problem's name; made from the problem file's or the data's name when None.
        header: Whether a CSV file starts with names; found out when None.
        delimiter: What separates the cells of a CSV file; found out when None.
        problem_file: Where the draft will be written, from where its path to the data starts.

    Raises:
        DraftError: The data cannot be read, or nothing can be learned about the target.
    """
    file = problem_file or Path(f"{name or problem_name(data)}.yaml")
    name = name or problem_name(Path(file.name).with_suffix(""))
    try:
        table = _open(data, header, delimiter)
        if target is None:
            raise DraftError(ask_for_target(table, data))
        asked, target = target, find_target(table, target)
        seen = survey(table, target)
    except TableError as error:
        raise DraftError(str(error)) from error
    goal = goal_of(seen.columns[target], seen.target)
    found = findings(seen, target, goal, table.known_after_labelling)
    given = Given(
        name=None if name == file.stem else name,
        command=one_line(f"sageline init {shlex.quote(data.name)} --target {shlex.quote(target)}", 200),
        data=written_path(data, file),
        target=target,
        header=False if table.header is False else header,
        delimiter=delimiter,
    )
    text, more = write(given, seen, goal, found)
    notes = [*_numbered(asked, target), *goal.notes, *(each.what for each in found), *more]
    return Draft(text=text, notes=notes, problem_name=name)


def _numbered(asked: str, target: str) -> list[str]:
    """Say which column was meant by a number, which a name would have been looked up by."""
    if asked == target:
        return []
    named = f"columns are called by their places: the target {asked} is {target}"
    return [f"The first row was read as data, so {named}. If that row holds names, say --header."]


def _open(data: Path, header: bool | None, delimiter: str | None) -> Table:
    if str(data).startswith(("s3:/", "http:/", "https:/")):
        raise DraftError(
            f"{data} is not on this machine: bring the table here, draft the problem, then set its `data`."
        )
    table = open_table(data.expanduser(), header, delimiter)
    if len(table.columns) == 1:
        hint = "name what separates its cells with --delimiter" if table.format == "csv" else "add columns"
        raise DraftError(
            f"{data} has only the column {one_line(table.columns[0])!r}, and predicting one takes another; {hint}."
        )
    return table
