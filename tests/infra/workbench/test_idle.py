"""The program that stops idle notebooks, run as on a notebook: it asks a server over HTTP and calls the AWS CLI."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.workbench import idle
from tests.support.aws_server import aws_server

PROGRAM = Path(idle.__file__)
NAME = "Alice-a1B2c3"
MINUTES = 30
LONG_AGO = 3_600.0
NOW = 1_800_000_000.0
TOKEN = "0123456789abcdef"  # noqa: S105 - of the test's own server


class Jupyter(ThreadingHTTPServer):
    """Answers as Jupyter does, to who brings the token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.said: dict[str, Any] = {"kernels": [], "terminals": []}
        self.asked: list[str] = []


class Handler(BaseHTTPRequestHandler):
    server: Jupyter

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        what = self.path.partition("?")[0].removeprefix("/base/api/")
        allowed = self.headers.get("Authorization") == f"token {TOKEN}"
        self.send_response(200 if allowed and what in self.server.said else 403)
        self.end_headers()
        if allowed and what in self.server.said:
            self.wfile.write(json.dumps(self.server.said[what]).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@pytest.fixture
def jupyter(tmp_path: Path) -> Iterator[Jupyter]:
    """A server that has left the file which says how it is reached."""
    with Jupyter() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        runtime = tmp_path / idle.RUNTIME
        runtime.mkdir(parents=True)
        said = {"url": f"http://127.0.0.1:{server.server_port}/base/", "token": TOKEN}
        (runtime / "jpserver-1.json").write_text(json.dumps(said), encoding="utf-8")
        (runtime / "jpserver-2.json").write_text("{not whole", encoding="utf-8")
        yield server
        server.shutdown()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / idle.STATE).parent.mkdir(parents=True)
    return tmp_path


@pytest.fixture(scope="module")
def aws() -> Iterator[dict[str, str]]:
    with aws_server() as environment:
        yield environment


def written(seconds_ago: float) -> str:
    return datetime.fromtimestamp(time.time() - seconds_ago, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def kernel(seconds_ago: float, state: str = "idle") -> dict[str, Any]:
    return {"id": "1", "name": "sageline", "last_activity": written(seconds_ago), "execution_state": state}


def run(home: Path, aws: dict[str, str], load: float = 1e9, up: float = 1e6) -> subprocess.CompletedProcess[str]:
    """Run the program on a machine that is up for so many seconds."""
    (home / "uptime").write_text(f"{up} {up}\n", encoding="ascii")
    metadata = home / "metadata.json"
    arn = f"arn:aws:sagemaker:eu-central-1:123456789012:notebook-instance/{NAME.lower()}"
    metadata.write_text(json.dumps({"ResourceArn": arn, "ResourceName": NAME}), encoding="utf-8")
    given = ["--minutes", str(MINUTES), "--home", str(home), "--busy-load", str(load)]
    given += ["--metadata", str(metadata), "--uptime", str(home / "uptime")]
    return subprocess.run(
        [sys.executable, str(PROGRAM), *given], env=aws, capture_output=True, text=True, check=False, timeout=60
    )


def test_an_idle_instance_is_stopped_and_says_so(home: Path, jupyter: Jupyter, aws: dict[str, str]) -> None:
    client = boto3.client(
        "sagemaker",
        region_name="eu-central-1",
        endpoint_url=aws["AWS_ENDPOINT_URL"],
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106
    )
    role = "arn:aws:iam::123456789012:role/notebook"
    client.create_notebook_instance(NotebookInstanceName=NAME, InstanceType="ml.t3.medium", RoleArn=role)
    jupyter.said = {"kernels": [kernel(LONG_AGO)], "terminals": [{"name": "1", "last_activity": written(LONG_AGO)}]}
    done = run(home, aws)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(rf"Nobody has used {NAME} for 6\d minutes: stopping it\.", done.stdout)
    status = client.describe_notebook_instance(NotebookInstanceName=NAME)["NotebookInstanceStatus"]
    assert status in ("Stopping", "Stopped")


def test_an_instance_that_cannot_be_stopped_is_said_to_be(home: Path, jupyter: Jupyter, aws: dict[str, str]) -> None:
    jupyter.said = {"kernels": [kernel(LONG_AGO, "starting")], "terminals": []}
    elsewhere = {**aws, "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    done = run(home, elsewhere)
    assert done.returncode == 1
    assert "It could not be stopped, and is tried again in five minutes:" in done.stderr


IN_USE: list[Callable[[], dict[str, Any]]] = [
    lambda: {"kernels": [kernel(LONG_AGO), kernel(LONG_AGO, "busy")]},
    lambda: {"kernels": [kernel(0, "starting")]},
    lambda: {"kernels": [kernel(LONG_AGO), kernel(0)]},
    lambda: {"kernels": [kernel(LONG_AGO)], "terminals": [{"name": "1", "last_activity": written(0)}]},
    lambda: {"kernels": [{"execution_state": "idle", "last_activity": "yesterday"}]},
    lambda: {"kernels": [{"execution_state": "idle"}]},
]


@pytest.mark.parametrize("said", IN_USE, ids=["busy", "starting", "kernel", "terminal", "not a time", "no time"])
def test_an_instance_in_use_is_left_alone(
    home: Path, jupyter: Jupyter, aws: dict[str, str], said: Callable[[], dict[str, Any]]
) -> None:
    jupyter.said = {"terminals": [], **said()}
    done = run(home, aws)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert jupyter.asked == ["/base/api/kernels?no_track_activity=1", "/base/api/terminals?no_track_activity=1"]


def test_processes_at_work_keep_an_instance_running(home: Path, jupyter: Jupyter, aws: dict[str, str]) -> None:
    jupyter.said = {"kernels": [kernel(LONG_AGO)], "terminals": []}
    assert run(home, aws, load=-1).stdout == ""


def test_a_kernel_that_is_gone_was_in_use_when_it_was_last_seen(
    home: Path, jupyter: Jupyter, aws: dict[str, str]
) -> None:
    jupyter.said = {"kernels": [kernel(LONG_AGO, "busy")], "terminals": []}
    run(home, aws)
    jupyter.said = {"kernels": [], "terminals": []}
    assert run(home, aws).stdout == ""


def test_one_unanswered_question_does_not_stop_an_instance(home: Path, jupyter: Jupyter, aws: dict[str, str]) -> None:
    jupyter.said = {"kernels": [kernel(0)], "terminals": []}
    run(home, aws)
    jupyter.said = {}
    assert run(home, aws).stdout == ""


def test_without_jupyter_an_instance_is_idle_since_it_started(home: Path, aws: dict[str, str]) -> None:
    assert run(home, aws, up=MINUTES * 60 - 60).stdout == ""
    (home / idle.STATE).unlink()
    assert "stopping it" in run(home, aws, up=MINUTES * 60 + 60).stdout


def test_servers_elsewhere_are_not_asked(tmp_path: Path) -> None:
    for name, url in (("jpserver-1", "http://example.com:80/"), ("jpserver-2", "file:///etc/passwd")):
        (tmp_path / f"{name}.json").write_text(json.dumps({"url": url, "token": TOKEN}), encoding="utf-8")
    assert list(idle.servers(tmp_path)) == [idle.USUAL]


def test_a_clock_that_was_put_back_keeps_nothing_running_for_good() -> None:
    assert idle.last_use([idle.Answer(busy=False, last_activity=NOW + 1e6)], NOW) == NOW


def test_it_is_understood_by_the_system_s_own_python() -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 9))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(text))
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names
