"""Prepare against pandas and scikit-learn doing the same: 2 million rows of 20 columns, as CSV and as Parquet.

The same means: read the table, split it 80/10/10 alike in every class, fit on the training rows medians, indicators of
missing cells, scales and levels, and write all three parts as features in Parquet. Prepare does more beside (kinds of
columns, clip bounds, repeated rows, the profile, the baseline of drift), and its memory is bounded.
    python -m benchmarks.prepare [--rows N] [--runs N] [--only csv|parquet] [--without-peer]

Each contender is a process of its own; its memory is the most that was resident. The ten million rows of
`--rows 10000000 --without-peer` take 2.1 GB of disk as CSV; all of it is removed at the end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from benchmarks.timing import Timed, machine, side_by_side, table

_CHUNK = 500_000
_PEER = "benchmarks.prepare_peer"
TARGET = "y"


def main(argv: Sequence[str] = ()) -> str:
    """Measure and return the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prepare", description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=("csv", "parquet"))
    parser.add_argument("--without-peer", action="store_true")
    options = parser.parse_args(argv)
    kinds = [kind for kind in ("csv", "parquet") if options.only in (None, kind)]
    with tempfile.TemporaryDirectory() as name:
        return "\n\n".join(_measured(kind, Path(name), options) for kind in kinds)


def _measured(kind: str, folder: Path, options: Any) -> str:
    data = write_table(folder / kind, kind, options.rows)
    size = sum(path.stat().st_size for path in data.iterdir()) / 1e9
    contenders = {"Prepare": Contender("processing_scripts.prepare", data, folder / "ours")}
    if not options.without_peer:
        contenders["pandas and scikit-learn"] = Contender(_PEER, data, folder / "theirs")
    results: list[Timed] = side_by_side(
        {name: each.run for name, each in contenders.items()}, runs=options.runs, warm_up=0
    )
    shutil.rmtree(data)
    spent = [
        f"{name}: {max(each.peaks):.2f} GB at most, {min(each.processor):.1f} s of processor time at least"
        for name, each in contenders.items()
    ]
    title = f"{options.rows:,} rows of 20 columns, {kind} ({size:.2f} GB): {machine()}"
    return "\n".join([table(title, results), *spent])


@dataclass
class Contender:
    """A program that prepares a table."""

    module: str
    data: Path
    output: Path
    peaks: list[float] = field(default_factory=list)
    """The most memory that was resident, in GB, for each run."""
    processor: list[float] = field(default_factory=list)
    """Seconds of processor time of each run: what a busy machine changes less than wall time."""

    def run(self) -> float:
        """Run it to its end and return its seconds."""
        words = ["--input", str(self.data), "--output", str(self.output), "--target", TARGET, "--metric", "auc"]
        started = time.perf_counter()
        process = os.posix_spawn(
            sys.executable, [sys.executable, "-m", self.module, *words], os.environ,
            file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
        )  # fmt: skip
        _, status, usage = os.wait4(process, 0)
        took = time.perf_counter() - started
        shutil.rmtree(self.output, ignore_errors=True)
        if status:
            message = f"{self.module} failed."
            raise SystemExit(message)
        self.processor.append(usage.ru_utime + usage.ru_stime)
        self.peaks.append(usage.ru_maxrss / (1e9 if sys.platform == "darwin" else 1e6))
        return took


def write_table(folder: Path, kind: str, rows: int) -> Path:
    """Write a table of 12 columns of numbers, some with gaps, 7 of categories, and a target of two classes."""
    folder.mkdir()
    path = folder / f"table.{kind}"
    writer: Any = None
    for start in range(0, rows, _CHUNK):
        part = _part(min(_CHUNK, rows - start), start)
        writer = writer or (pq.ParquetWriter if kind == "parquet" else pc.CSVWriter)(path, part.schema)
        writer.write_table(part)
    writer.close()
    return folder


def _part(rows: int, seed: int) -> Any:
    draw = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    score = draw.normal(size=rows)
    for place in range(12):
        values = np.round(draw.normal(size=rows) * 10 ** (place % 4) + score, 4)
        columns[f"number {place}"] = pa.array(values, mask=draw.random(rows) < 0.05 if place % 3 == 0 else None)
    for place, levels in enumerate((2, 3, 5, 8, 12, 20, 40)):
        names = pa.array([f"level {level}" for level in range(levels)])
        columns[f"category {place}"] = names.take(pa.array(draw.integers(0, levels, rows)))
    columns[TARGET] = pa.array(["no", "yes"]).take(pa.array((score + draw.normal(size=rows) > 0.5).astype(np.int8)))
    return pa.table(columns)


if __name__ == "__main__":
    print(main(sys.argv[1:]))
