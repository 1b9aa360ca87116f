"""`make try`, and whoever interrupts it, on a machine from which a deployed environment is tried.

CloudFormation and STS are moto's, with the deployed stacks; SageMaker and S3 are the laptop's, with the deployed
definition, so that the pipeline really runs and its endpoint answers. Every call is recorded on its way.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cli.builtin_data import materialise
from local.store.names import ACCOUNT, REGION
from tests.infra.deploy.deployed import Deployed
from tests.infra.deploy.laptop import Laptop
from tests.support.authorised import Account
from tests.support.command import ROOT, SAGELINE, environment, share_definitions
from tests.support.iam import Call
from tests.support.recorded import account_of
from tests.support.served import served
from tests.support.wire import Asked, Wire

HERE = ("sagemaker", "s3")


class Try:
    """A person's or a job's machine, from which the environment is tried, and what it has asked for."""

    def __init__(self, deployed: Deployed, laptop: Laptop, wire: Wire, home: Path) -> None:
        self.deployed, self.account, self.wire, self.home = deployed, laptop, wire, home
        self.bucket = deployed.one("data", "AWS::S3::Bucket", "Raw")
        laptop.client("s3").create_bucket(Bucket=self.bucket)
        share_definitions(home)
        server = deployed.server.environment() | {"AWS_ENDPOINT_URL": wire.url}
        self.environment = environment(home) | {name: each for name, each in server.items() if name.startswith("AWS_")}

    def run(self, *command: str) -> str:
        """Run a command to its end, which is success; return what it said."""
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=240, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def interrupt(self, *command: str) -> int:
        """Run a command until it shows an execution's first step, press Ctrl-C, and return its exit code."""
        with subprocess.Popen(command, cwd=ROOT, env=self.environment, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            next(line for line in process.stderr if line.startswith("Prepare"))
            process.send_signal(signal.SIGINT)
            process.stderr.read()
            return process.wait(120)

    def calls(self) -> list[Call]:
        """Return what IAM is asked for all of that, in the account's own names."""
        place = account_of(self.deployed.server)
        return [call for asked in self.wire.asked for call in _in_place(asked, place)]


def _in_place(asked: Asked, account: Account) -> list[Call]:
    given = json.loads(json.dumps(asked.given).replace(f":{REGION}:{ACCOUNT}:", f":{account.region}:{account.number}:"))
    return account.asked(asked.service, asked.operation, given, missing=asked.status == 404)


@contextmanager
def trying(deployed: Deployed, folder: Path) -> Iterator[Try]:
    """Run `make try`, and a try with a large file of data that somebody interrupts."""
    laptop = Laptop(folder / "account", deployed)
    laptop.fetch()
    with served(laptop.home) as url, Wire({"": deployed.server.endpoint, **dict.fromkeys(HERE, url)}) as wire:
        made = Try(deployed, laptop, wire, folder / "home")
        rows = folder / "rows.csv"
        rows.write_bytes(materialise("breast_cancer"))
        command = f"{sys.executable} -m cli"
        made.run("make", "-o", "setup", "try", "ENVIRONMENT=dev", f"ROWS={rows}", f"SAGELINE={command}")
        assert made.interrupt(*SAGELINE, "run", str(with_much_data(folder)), "--env", "dev") == 130
        yield made


def with_much_data(folder: Path) -> Path:
    """Return the file of the same problem, with data that is brought in parts."""
    header, _, rows = materialise("breast_cancer").partition(b"\n")
    (folder / "much.csv").write_bytes(header + b"\n" + rows * (9 * 1024**2 // len(rows) + 1))
    text = (ROOT / "config" / "problems" / "breast_cancer.yaml").read_text("utf-8")
    file = folder / "breast_cancer.yaml"
    file.write_text(text.replace("builtin://breast_cancer", str(folder / "much.csv")), encoding="utf-8")
    return file
