"""Synth of a whole environment against the least there is: a CDK application of one bucket.

Both run as `cdk synth` would run them, without the built-in validator and the compliance packs. Definitions come from
the content cache, which the warm-up fills.
    python -m benchmarks.synth
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.timing import machine, run_process, side_by_side, table

ROOT = Path(__file__).resolve().parents[1]
WITHOUT_CHECKS = {"CDK_CONTEXT_JSON": '{"checks": "off", "environment": "dev"}'}
ONE_BUCKET = """
import infra
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
app = cdk.App(analytics_reporting=False, builtin_cloud_formation_validation=False)
s3.Bucket(cdk.Stack(app, "One"), "Bucket")
app.synth()
"""


def main(runs: int = 5) -> str:
    """Measure and return the table."""
    results = side_by_side(
        {
            "all stacks of an environment": lambda: _synth([sys.executable, "app.py"]),
            "one bucket": lambda: _synth([sys.executable, "-c", ONE_BUCKET]),
        },
        runs=runs,
    )
    return table(f"synth: {machine()}", results)


def _synth(command: list[str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return run_process(command, {**WITHOUT_CHECKS, "CDK_OUTDIR": folder}, cwd=str(ROOT))


if __name__ == "__main__":
    print(main())
