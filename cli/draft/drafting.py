"""From a table to the text of its problem file."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cli.draft.errors import DraftError
from cli.draft.findings import findings
from cli.draft.naming import problem_name, written_path
from cli.draft.survey import survey
from cli.draft.target import goal_of, likely_targets
from cli.draft.wording import one_line
from cli.draft.writing import Given, write
from config.fields import LONGEST_TEXT
from processing_scripts.tables import Table, TableError, open_table
from processing_scripts.tables.table import listed


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
            raise DraftError(_ask_for_target(table, data))
        target = _find_target(table, target)
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
    return Draft(text=text, notes=[*goal.notes, *(each.what for each in found), *more], problem_name=name)


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


def _ask_for_target(table: Table, data: Path) -> str:
    likely = likely_targets(list(survey(table, None).columns.values()))
    example = likely[0] if likely else table.columns[-1]
    sentences = [
        f"Which column should be predicted? {data} has {listed(list(map(one_line, table.columns)), 30)}.",
        f"Likely targets: {listed(list(map(one_line, likely)), 5)}." if likely else "",
        f"Say it, for example: sageline init {shlex.quote(str(data))} --target {shlex.quote(one_line(example))}",
    ]
    return " ".join(filter(None, sentences))


def _find_target(table: Table, target: str) -> str:
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
    if len(target) > LONGEST_TEXT or any(ord(character) < 32 for character in target):
        raise DraftError(
            f"The target's name, {one_line(target)!r}, is longer than {LONGEST_TEXT} characters or holds a line break, "
            f"which SageMaker takes in no argument; rename it in the data."
        )


def _close(target: str, columns: Sequence[str]) -> list[str]:
    plain = {column.strip().lower(): column for column in reversed(columns)}
    found = difflib.get_close_matches(target.strip().lower(), list(plain), n=3)
    return [plain[each] for each in found]
