"""`sageline serve` as a process: what it says, whom it answers, how it ends."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from urllib.request import urlopen

import pytest

from cli.main import main
from tests.support.command import ROOT, SAGELINE, environment


def test_it_says_how_to_reach_it_and_ends_on_sigterm(tmp_path: Path) -> None:
    command = [*SAGELINE, "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**environment(tmp_path), "PYTHONUNBUFFERED": "1"}
    ) as server:
        assert server.stdout is not None
        first, second = server.stdout.readline(), server.stdout.readline()
        url = first.split()[0]
        with urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
            body = answer.read()
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    assert b"ListAllMyBucketsResult" in body
    assert first == f"{url} answers for {tmp_path}. For clients:\n"
    assert f"AWS_ENDPOINT_URL={url} " in second


def test_other_peoples_addresses_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--home", str(tmp_path), "--host", "0.0.0.0", "--port", "0"]) == 2  # noqa: S104 - refused
    assert "add --open-to-network" in capsys.readouterr().err
