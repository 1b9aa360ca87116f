"""make, run against the server as a person runs it against AWS, in the project's folder."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.moto.cdk import Outcome
from tests.support.moto.server import ROOT, Server


def make(server: Server, folder: Path, *words: str) -> Outcome:
    """Run targets with variables such as ``ENVIRONMENT=dev``; what the CDK writes goes to the folder."""
    # What the make that runs the tests was called with is not this one's.
    inherited = {name: value for name, value in server.environment().items() if not name.startswith("MAKE")}
    own = {"CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_HOME": str(folder / "home"), "CDK_OUTPUT": str(folder / "made")}
    done = subprocess.run(
        ["make", *words],
        cwd=ROOT,
        env=inherited | own | {"NODE_NO_WARNINGS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    return Outcome(done.returncode, done.stdout)
