"""Compiled trees against XGBoost and LightGBM, bit for bit: kinds of models, small to large, for processors at hand.

    python -m benchmarks.equality [--rows 100000] [--kinds dart,gamma] [--sizes small,large]

Each line counts the rows compared, half drawn like the training rows and half hard (every threshold and its
neighbours, gaps, infinities, denormals), and those whose answers differ in any bit. Ends with code 1 where one does.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import growing, growing_lightgbm
from benchmarks.timing import machine
from inference.compiler import CompileError, Target, emulator, host_target, toolchain
from inference.compiler.library import Library
from inference.compiler.subject import Subject
from inference.compiler.trees import XGBoostTrees
from local.compilation.lightgbm_trees import LightGBMTrees

SIZES = {"small": (10, 3), "medium": (60, 6), "large": (120, 9)}
"""Rounds, and the depth of trees; LightGBM's have 2 ** depth leaves at most, in any shape."""
TRAINING_ROWS = 4000
ALONE = 1000
"""Rows that are asked one by one as well, which take another way through a compiled model."""
ARM = Target("LINUX", "ARM64")
Table = Callable[[int, int], NDArray[np.float32]]


@dataclass(frozen=True)
class Compared:
    """One model for one target: how many rows were compared, and how many differ."""

    library: str
    kind: str
    size: str
    target: str
    rows: int
    differing: int


@dataclass(frozen=True)
class Model:
    """What is grown: a kind of a library's models in a size."""

    library: str
    place: int
    size: str

    @property
    def kind(self) -> str:
        """The kind's name."""
        kinds: Sequence[Any] = growing.KINDS if self.library == "XGBoost" else growing_lightgbm.KINDS
        return str(kinds[self.place].name)

    def grown(self, folder: Path) -> tuple[Subject, Table]:
        """The model, and rows like those that it was trained with, by their number and a seed."""
        rounds, depth = SIZES[self.size]
        if self.library == "XGBoost":
            kind = growing.KINDS[self.place]
            deep = {} if "max_depth" in kind.settings else {"max_depth": depth}
            growing.grow(kind, rows=TRAINING_ROWS, rounds=rounds, **deep).save_model(folder / "model.json")
            return XGBoostTrees(folder / "model.json"), growing.table
        of = growing_lightgbm.KINDS[self.place]
        settings = {"num_leaves": 2**depth, "min_data_in_leaf": 5, **of.settings}
        growing_lightgbm.grow(of.objective, rounds, TRAINING_ROWS, **settings).save_model(folder / "model.txt")
        return LightGBMTrees(folder / "model.txt"), growing_lightgbm.table


def targets() -> list[Target]:
    """This machine, and ARM where its emulator and compiler are here."""
    others = [ARM] if host_target() != ARM and emulator.find(ARM) and toolchain.find_compiler(ARM) else []
    return [host_target(), *others]


def compared(model: Model, rows: int) -> list[Compared]:
    """Compare a model on every target."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subject, table = model.grown(folder)
        hard = np.resize(subject.hard_rows(), (rows // 2, subject.width))
        every = np.concatenate([table(rows - rows // 2, 9), hard])
        expected = subject.own_scores(every)
        (folder / "model.c").write_text(subject.program(), encoding="utf-8")
        found = []
        for target in targets():
            other = expected.view(np.uint32) != _answers(subject, folder, target, every).view(np.uint32)
            count = int(other.reshape(len(every), -1).any(axis=1).sum())
            found.append(Compared(model.library, model.kind, model.size, target.name, len(every), count))
        return found


def _answers(subject: Subject, folder: Path, target: Target, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the compiled model says; some rows alone have to have the same bits."""
    compiler, path = toolchain.find_compiler(target), folder / f"{target.name}.so"
    if compiler is None:
        message = f"there is no C compiler for {target.name}."
        raise CompileError(message)
    toolchain.build(compiler, target, folder, "model.c", path.name)
    program = emulator.find(target)
    if target != host_target() and program:
        return emulator.scores(program, path, target, subject.width, subject.outputs, rows, ALONE)
    library = Library(path, subject.width, subject.outputs)
    found = library.scores(rows)
    alone = [library.scores(rows[place : place + 1]) for place in range(min(ALONE, len(rows)))]
    if np.concatenate(alone).tobytes() != found[: len(alone)].tobytes():
        message = f"rows alone and rows together get other answers on {target.name}."
        raise CompileError(message)
    return found


def models(kinds: Sequence[str], sizes: Sequence[str]) -> Iterator[Model]:
    """All models of the kinds, or of every kind where none is named."""
    for library, known in (("XGBoost", len(growing.KINDS)), ("LightGBM", len(growing_lightgbm.KINDS))):
        for place in range(known):
            if not kinds or Model(library, place, "").kind in kinds:
                yield from (Model(library, place, size) for size in sizes)


def main(argv: list[str] | None = None) -> int:
    """Print the table; returns the exit code."""
    parser = argparse.ArgumentParser(description="Compiled trees against XGBoost and LightGBM, bit for bit.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kinds", default="", help="names of kinds, separated by commas  [default: all]")
    parser.add_argument("--sizes", default=",".join(SIZES))
    given = parser.parse_args(argv)
    wanted = list(models([name for name in given.kinds.split(",") if name], given.sizes.split(",")))
    print(f"Compiled trees against XGBoost and LightGBM, {machine()}")
    print(f"{'library':<9} {'kind':<45} {'size':<7} {'target':<14} {'rows':>8} {'differing':>9}")
    differing = rows = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(compared, wanted, [given.rows] * len(wanted)):
            for each in found:
                words = f"{each.library:<9} {each.kind:<45} {each.size:<7} {each.target:<14}"
                print(f"{words} {each.rows:>8} {each.differing:>9}", flush=True)
                differing, rows = differing + each.differing, rows + each.rows
    print(f"{len(wanted)} models, {rows} rows, {differing} with other bits.")
    return 1 if differing else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CompileError as error:
        sys.exit(str(error))
