"""The container of our own. Tests need no container engine: its Dockerfile is followed, save the base image and pip."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from fnmatch import fnmatch
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from inference.server.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "infra" / "container"
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def instructions() -> list[tuple[str, str]]:
    text = (FOLDER / "Dockerfile").read_text().replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]


@pytest.fixture(scope="module")
def image(instructions: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the Dockerfile copies, of those that the build is sent."""
    root = tmp_path_factory.mktemp("image")
    for source, target in (rest.split() for word, rest in instructions if word == "COPY"):
        assert _sent(source), f"{source} is copied, and the build is not sent it"
        place = root / target.lstrip("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / source, place)
    return root


def test_it_serves_an_archive_as_sagemaker_starts_it(
    instructions: list[tuple[str, str]], image: Path, model_folders: dict[tuple[str, str], Path], tmp_path: Path
) -> None:
    variables = dict(pair.split("=") for word, rest in instructions if word == "ENV" for pair in rest.split())
    variables = {name: value.replace("/opt/", f"{image}/opt/") for name, value in variables.items()}
    (entrypoint,) = (json.loads(rest) for word, rest in instructions if word == "ENTRYPOINT")
    (command,) = (json.loads(rest) for word, rest in instructions if word == "CMD")
    assert entrypoint[0] == "python"
    assert command == ["serve"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-P", *entrypoint[1:], *command, "--model-dir", model_folders["binary", "xgboost"]],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", **variables, "SAGEMAKER_BIND_TO_PORT": str(port)},
    )
    try:
        assert _answer(port, process) == 200
        workers = psutil.Process(process.pid).children()
        assert {str(image) in worker.environ()["PYTHONPATH"] for worker in workers} == {True}
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0


def test_its_packages_are_those_of_a_run() -> None:
    run = dict(PIN.findall((ROOT / "requirements" / "run.txt").read_text()))
    container = dict(PIN.findall((ROOT / "requirements" / "container.txt").read_text()))
    assert {"numpy", "uvicorn", "uvloop", "httptools", "pyarrow", "xgboost-cpu"} <= container.keys()
    assert container == {name: run[name] for name in container}


def test_it_does_not_serve_as_root(instructions: list[tuple[str, str]]) -> None:
    words = [word for word, _ in instructions]
    assert words.index("USER") < words.index("ENTRYPOINT")
    assert ("USER", "root") not in instructions


@pytest.mark.parametrize("arguments", [["--workers", "0"], ["--port", "high"], ["train"], ["--modeldir", "x"]])
def test_wrong_arguments_are_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: python -m inference.server" in capsys.readouterr().err


def _sent(source: str) -> bool:
    """Whether the build is sent a file or folder: the last pattern that fits it decides."""
    sent = True
    for line in (FOLDER / "Dockerfile.dockerignore").read_text().splitlines():
        if line and not line.startswith("#") and fnmatch(source, line.lstrip("!")):
            sent = line.startswith("!")
    return sent


def _answer(port: int, process: subprocess.Popen[bytes]) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("POST", "/invocations", "9.5,red,\n", {"Content-Type": "text/csv"})
            return connection.getresponse().status
        except ConnectionError:
            time.sleep(0.05)
        finally:
            connection.close()
    return 0
