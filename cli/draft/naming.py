"""Names and paths in a draft."""

from __future__ import annotations

import os
import re
from pathlib import Path

from config.fields import LONGEST_NAME

_SUFFIXES = re.compile(r"(\.(csv|tsv|txt|data|parquet|pq|jsonl|ndjson|json|manifest|gz))+$", re.IGNORECASE)


def problem_name(data: Path) -> str:
    """Return a problem's name made from the name of its data."""
    stem = _SUFFIXES.sub("", data.resolve().name).lower()
    words = [word for word in re.split(r"[^a-z0-9]+", stem) if word]
    name = "_".join(words)
    if not name or not name[0].isalpha():
        name = f"table_{name}".rstrip("_")
    return name[:LONGEST_NAME].rstrip("_")


def written_path(data: Path, problem_file: Path) -> str:
    """Return the data's path as the problem file has it: absolute if it was given so, else relative to the file."""
    if data.is_absolute() or str(data).startswith("~"):
        return str(data)
    folder = problem_file.absolute().parent
    return Path(os.path.relpath(data.absolute(), folder)).as_posix()
