"""A whole `sageline run` of a bundled problem, with an empty step cache and fully cached, against its scripts by hand.

The definition is built and the data imported beforehand: the scripts by hand find their data ready too. The engine runs
the two training steps in parallel; by hand they follow each other.
    python -m benchmarks.run [PROBLEM]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.by_hand import ByHand
from benchmarks.timing import machine, run_process, side_by_side, table
from cli.builtin_data import materialise
from cli.problems import load
from cli.publish import ROOT
from local.store.names import DATA_BUCKET
from pipeline.bundle import build_bundle
from pipeline.definition import definition

SAGELINE = str(Path(sys.executable).with_name("sageline"))


def main(problem: str = "breast_cancer", runs: int = 5) -> str:
    """Measure and return the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loaded, environment = load(problem)
        built = folder / "built"
        text = definition(loaded, environment, cache_dir=built / "definitions")
        data = folder / "data.csv"
        data.write_bytes(materialise(problem))
        by_hand = ByHand(text, build_bundle(ROOT).content, data, folder / "by_hand")
        warm, empty = folder / "warm", folder / "empty"
        shutil.copytree(built, warm)
        _run(problem, warm)
        shutil.copytree(warm / "s3" / DATA_BUCKET, built / "s3" / DATA_BUCKET)

        def uncached() -> float:
            shutil.rmtree(empty, ignore_errors=True)
            shutil.copytree(built, empty)
            return _run(problem, empty)

        results = side_by_side(
            {
                "sageline run, every step cached": lambda: _run(problem, warm),
                "sageline run, empty step cache": uncached,
                "the scripts by hand, one after another": by_hand.run,
            },
            runs=runs,
        )
    return table(f"{problem}: {machine()}", results)


def _run(problem: str, home: Path) -> float:
    return run_process([SAGELINE, "run", problem, "--home", str(home)])


if __name__ == "__main__":
    print(main(sys.argv[1] if sys.argv[1:] else "breast_cancer"))
