"""Compiled trees against XGBoost, bit for bit: every kind of model, small and large, for every processor at hand.

    python -m benchmarks.equality [--rows 100000] [--kinds dart,gamma]

Each line counts the rows compared, half of them drawn like the training rows and half of them hard (every threshold and
its neighbours, gaps, infinities, denormals), and the answers that differ in any bit. Ends with code 1 where one does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.growing import KINDS, Kind, grow, table
from benchmarks.timing import machine
from inference.compiler import CompileError, Target, compile_model, emulator, host_target
from inference.compiler.library import Library
from inference.compiler.trees import XGBoostTrees

SIZES = {"small": (10, 3), "medium": (60, 6), "large": (120, 9)}
"""Rounds, and the depth of trees."""
ROWS_AT_ONCE = 10_000
"""Rows that an emulator is given at a time, since it is given a time."""
ARM = Target("LINUX", "ARM64")


@dataclass(frozen=True)
class Compared:
    """One model for one target: how many rows were compared, and how many differ."""

    kind: str
    size: str
    target: str
    how: str
    rows: int
    differing: int


def targets() -> list[Target]:
    """This machine, and ARM where its emulator and compiler are here."""
    others = [ARM] if host_target() != ARM and emulator.find(ARM) else []
    return [host_target(), *others]


def compared(kind: Kind, size: str, rows: int) -> Iterator[Compared]:
    """Compare a model of a kind and size on every target."""
    rounds, depth = SIZES[size]
    deep = {} if "max_depth" in kind.settings else {"max_depth": depth}
    booster = grow(kind, rows=4000, rounds=rounds, **deep)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        booster.save_model(folder / "model.json")
        model = XGBoostTrees(folder / "model.json")
        hard = model.hard_rows()
        every = np.concatenate([table(rows - rows // 2, seed=9), np.resize(hard, (rows // 2, model.width))])
        expected = model.own_scores(every)
        for target in targets():
            made = compile_model(folder, folder / target.name, target)
            if made.library is None:
                yield Compared(kind.name, size, target.name, "no compiler for it is here", 0, 0)
                continue
            program = emulator.find(target)
            if target == host_target():
                found = Library(made.library, model.width, model.outputs).scores(every)
            elif program:
                ends = range(ROWS_AT_ONCE, len(every), ROWS_AT_ONCE)
                parts = [
                    emulator.scores(program, made.library, target, model.width, model.outputs, part)
                    for part in np.split(every, ends)
                ]
                found = np.concatenate(parts)
            other = expected.view(np.uint32) != found.view(np.uint32)
            how = str(made.facts["checked"]["how"])
            yield Compared(
                kind.name, size, target.name, how, len(every), int(other.reshape(len(every), -1).any(1).sum())
            )


def main(argv: list[str] | None = None) -> int:
    """Print the table; returns the exit code."""
    parser = argparse.ArgumentParser(description="Compiled trees against XGBoost, bit for bit.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kinds", default="", help="names of kinds, separated by commas  [default: all]")
    parser.add_argument("--sizes", default=",".join(SIZES))
    given = parser.parse_args(argv)
    names = given.kinds.split(",") if given.kinds else [kind.name for kind in KINDS]
    print(f"Compiled trees against XGBoost, {machine()}")
    print(f"{'kind':<26} {'size':<7} {'target':<14} {'rows':>8} {'differing':>9}  how")
    differing = rows = 0
    for kind in (kind for kind in KINDS if kind.name in names):
        for size in given.sizes.split(","):
            for each in compared(kind, size, given.rows):
                numbers = f"{each.rows:>8} {each.differing:>9}"
                print(f"{each.kind:<26} {each.size:<7} {each.target:<14} {numbers}  {each.how}", flush=True)
                differing, rows = differing + each.differing, rows + each.rows
    print(f"{rows} rows, {differing} with other bits.")
    return 1 if differing else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CompileError as error:
        sys.exit(str(error))
