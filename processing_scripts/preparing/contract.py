"""Holds the data against what the problem expects of it: columns, types, ranges, values and missing shares."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.arrays import numbers, texts
from inference.cells import cell_level, cell_number, cell_text, cell_truth
from inference.dates import cell_moment
from inference.job import JobError
from inference.personal import masked
from processing_scripts.preparing.settings import Contract, Expected
from processing_scripts.tables.table import listed, suggested

MOST_WRITTEN = 100_000
"""Rejected rows that are written out; those that come after are only counted."""
_EXAMPLES = 5
_ROW, _RULES = "row", "broken"

Mask = NDArray[np.bool_]


@dataclass
class Broken:
    """How often a rule of a column was broken, and where first: row numbers, from 1, with the cells there."""

    column: str
    rule: str
    count: int
    examples: list[tuple[int, str]]

    def sentence(self) -> str:
        """What to tell a person."""
        shown = ", ".join(f"row {row} ({cell!r})" for row, cell in self.examples[:3])
        more = f" and {self.count - 3:,} more" if self.count > 3 else ""
        return f"{self.column} {self.rule}: {shown}{more}"


def breaches(contract: Contract, columns: Sequence[str]) -> str:
    """Say which columns the contract misses or does not expect; nothing where there are none."""
    absent = [name for name in contract.columns if name not in columns]
    strange = [name for name in columns if name not in contract.columns] if contract.only else []
    hints = [f"{name} ({hint})" if (hint := suggested(name, columns)) else name for name in absent]
    found = [f"it lacks the columns {listed(hints)}"] if absent else []
    found += [f"it has the columns {listed(strange)}, which are not expected"] if strange else []
    return f"the table breaks the contract: {' and '.join(found)}." if found else ""


class Inspection:
    """Looks at rows as they are first read, and keeps those that break no rule.

    Args:
        contract: What is expected.
        columns: The table's columns.
        tokens: Texts that mean a missing cell.
        personal: Columns whose cells are shown to nobody.

    Raises JobError where a column is not there, or is not expected.
    """

    def __init__(
        self, contract: Contract, columns: Sequence[str], tokens: frozenset[str], personal: Collection[str] = ()
    ) -> None:
        self._contract, self._tokens, self._personal = contract, tokens, personal
        if found := breaches(contract, columns):
            raise JobError(found)
        self._columns = list(columns)
        self._broken: dict[tuple[str, str], Broken] = {}
        self._missing: Counter[str] = Counter()
        self._lines: list[str] = []
        self.rows = 0
        self.rejected = 0

    def accepted(self, batch: Any, *, first_time: bool) -> Any:
        """The rows of a batch that break no rule; what the others break is noted the `first_time` they are read."""
        bad = np.zeros(batch.num_rows, dtype=np.bool_)
        rules: dict[int, list[str]] = {}
        for name, expected in self._contract.columns.items():
            cells = batch.column(name)
            for rule, mask in _broken_rules(cells, expected, self._tokens):
                bad |= mask
                if first_time:
                    self._note(name, rule, cells, np.flatnonzero(mask), rules)
            if first_time and expected.missing is not None:
                self._missing[name] += int(np.sum(texts(cells, self._tokens)[0] < 0))
        if first_time:
            self._write(batch, np.flatnonzero(bad), rules)
            self.rows += batch.num_rows
            self.rejected += int(bad.sum())
        return batch.filter(pa.array(~bad)) if bad.any() else batch

    def _note(self, name: str, rule: str, cells: Any, rows: NDArray[np.int64], rules: dict[int, list[str]]) -> None:
        if not rows.size:
            return
        broken = self._broken.setdefault((name, rule), Broken(name, rule, 0, []))
        broken.count += rows.size
        for row in rows[: _EXAMPLES - len(broken.examples)].tolist():
            shown = masked(cell_text(cells[row].as_py())[:40], name, self._personal)
            broken.examples.append((self.rows + row + 1, shown))
        for row in rows.tolist():
            rules.setdefault(row, []).append(f"{name} {rule}")

    def _write(self, batch: Any, rows: NDArray[np.int64], rules: Mapping[int, list[str]]) -> None:
        rows = rows[: MOST_WRITTEN - len(self._lines)]
        for place, row in zip(rows.tolist(), batch.take(pa.array(rows)).to_pylist(), strict=True):
            cells = ["" if cell is None else masked(cell, name, self._personal) for name, cell in row.items()]
            self._lines.append(_line([self.rows + place + 1, "; ".join(rules[place]), *cells]))

    def merge(self, other: Mapping[str, Any]) -> None:
        """Take in what `to_json` gave of the rows that come next."""
        for raw in other["broken"]:
            key = (raw["column"], raw["rule"])
            broken = self._broken.setdefault(key, Broken(*key, 0, []))
            broken.count += raw["count"]
            moved = [(row + self.rows, cell) for row, cell in raw["examples"]]
            broken.examples += moved[: _EXAMPLES - len(broken.examples)]
        for number, rest in other["lines"][: MOST_WRITTEN - len(self._lines)]:
            self._lines.append(f"{number + self.rows},{rest}")
        self._missing.update(other["missing"])
        self.rows += other["rows"]
        self.rejected += other["rejected"]

    def to_json(self) -> dict[str, Any]:
        """What was noted, for `merge` elsewhere."""
        lines = [(int(number), rest) for number, _, rest in (line.partition(",") for line in self._lines)]
        return {
            "rows": self.rows,
            "rejected": self.rejected,
            "missing": dict(self._missing),
            "broken": [vars(each) for each in self._broken.values()],
            "lines": lines,
        }

    def judge(self) -> None:
        """Raise JobError, with columns and rows named, where the contract is broken by more than may be set aside."""
        gaps = [
            f"{name} is missing in {self._missing[name]:,} of {self.rows:,} rows, more than {expected.missing:.1%}"
            for name, expected in self._contract.columns.items()
            if expected.missing is not None and self._missing[name] > expected.missing * self.rows
        ]
        most = self._contract.most_set_aside * self.rows if self._contract.bad_rows == "set_aside" else 0
        if not gaps and self.rejected <= most:
            return
        broken = [each.sentence() for each in self._ordered()] if self.rejected > most else []
        for sentence in [*gaps, *broken]:
            print(f"Contract: {sentence}.")
        shown = "; ".join([*gaps, *broken][:_EXAMPLES])
        rows = f" {self.rejected:,} of {self.rows:,} rows break it." if broken else ""
        raise JobError(f"the data breaks the contract: {shown}.{rows} Mend the data, or change the contract.")

    def notes(self) -> list[str]:
        """Sentences about what was set aside."""
        if not self.rejected:
            return []
        start = f"{self.rejected:,} of {self.rows:,} rows break the contract and were set aside (rejected.csv)."
        return [start, *(f"Contract: {each.sentence()}." for each in self._ordered())]

    def profile(self) -> dict[str, Any]:
        """What stands in the profile."""
        broken = [{"column": each.column, "rule": each.rule, "rows": each.count} for each in self._ordered()]
        return {"rows": self.rows, "rejected": self.rejected, "broken": broken}

    def rejected_csv(self) -> str:
        """The rejected rows, each with its number in the table from 1 and what it breaks."""
        return "".join([_line([_ROW, _RULES, *self._columns]), *self._lines])

    def _ordered(self) -> list[Broken]:
        return sorted(self._broken.values(), key=lambda each: (-each.count, each.column, each.rule))


def _line(cells: Sequence[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _broken_rules(cells: Any, expected: Expected, tokens: frozenset[str]) -> list[tuple[str, Mask]]:
    found: list[tuple[str, Mask]] = []
    if expected.type in ("number", "whole") or expected.min is not None or expected.max is not None:
        found += _number_rules(cells, expected, tokens)
    elif expected.type is not None and expected.type in _READS:
        found.append((f"is no {expected.type}", _unread(cells, tokens, _READS[expected.type])))
    if expected.values:
        allowed = {cell_level(value) for value in expected.values}
        found.append(
            (
                f"is none of {listed(expected.values, 5)}",
                _unread(cells, tokens, lambda cell: cell_level(cell) in allowed),
            )
        )
    return [(rule, mask) for rule, mask in found if mask.any()]


_READS: Mapping[str, Callable[[object], bool]] = {
    "boolean": lambda cell: cell_truth(cell) in ("true", "false"),
    "date": lambda cell: any(cell_moment(cell, day_first) is not None for day_first in (True, False)),
}


def _unread(cells: Any, tokens: frozenset[str], reads: Callable[[object], bool]) -> Mask:
    codes, levels = texts(cells, tokens)
    bad = np.array([*(not reads(level) for level in levels), False])
    return np.asarray(bad[codes])


def _number_rules(cells: Any, expected: Expected, tokens: frozenset[str]) -> list[tuple[str, Mask]]:
    values, strays = numbers(cells, tokens)
    unread = np.zeros(values.size, dtype=np.bool_)
    if strays:
        codes, levels = texts(cells, tokens)
        table = np.array([*(_number(level) for level in levels), np.nan])
        values = table[codes]
        unread = (codes >= 0) & np.isnan(values)
    found = [("is no number", unread)]
    with np.errstate(invalid="ignore"):
        if expected.type == "whole":
            found.append(("is no whole number", values != np.floor(values)))
            found[-1][1][np.isnan(values)] = False
        if expected.min is not None:
            found.append((f"is below {expected.min:g}", values < expected.min))
        if expected.max is not None:
            found.append((f"is above {expected.max:g}", values > expected.max))
    return found


def _number(text: str) -> float:
    read = (cell_number(text, decimal) for decimal in ("", ".", ","))
    return next((value for value in read if value is not None), np.nan)
