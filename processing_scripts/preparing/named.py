"""Holds the columns that the problem names against those that there are: all mistakes at once, before anything runs."""

from __future__ import annotations

from collections.abc import Sequence

from inference.job import JobError
from processing_scripts.preparing.contract import breaches
from processing_scripts.preparing.settings import Settings
from processing_scripts.tables.table import listed, suggested


def check_names(target: str, drop: Sequence[str], settings: Settings, columns: Sequence[str]) -> None:
    """Raise JobError where the table lacks a column that a setting names, or has one that the contract excludes."""
    named = _named(target, drop, settings)
    wrong = [sentence for sentence in (_absent(named, columns), breaches(settings.contract, columns)) if sentence]
    if wrong:
        raise JobError(" And ".join(wrong))


def _absent(named: Sequence[tuple[str, str]], columns: Sequence[str]) -> str:
    found = [(path, name) for path, name in named if name not in columns]
    if not found:
        return ""
    if len(found) == 1:
        ((path, name),) = found
        hint = suggested(name, columns)
        where = "" if path == "target" else f", which `{path}` names"
        return f"the table has no column {name!r}{where}; {hint or f'its columns are {listed(columns)}.'}"
    hints = [f" ({hint})" if (hint := suggested(name, columns)) else "" for _, name in found]
    shown = "; ".join(f"{name!r} in `{path}`{hint}" for (path, name), hint in zip(found, hints, strict=True))
    return f"the table lacks {len(found)} columns that the problem names: {shown}. Its columns are {listed(columns)}."


def _named(target: str, drop: Sequence[str], settings: Settings) -> list[tuple[str, str]]:
    """Every column that the problem names, after the setting that names it; those of the contract apart."""
    split = [("split.column", settings.split.column)] if settings.split.column is not None else []
    return [
        ("target", target),
        *(("drop", name) for name in drop),
        *split,
        *(("personal", name) for name in settings.personal),
        *(("evaluation.slices", name) for name in settings.slices),
    ]
