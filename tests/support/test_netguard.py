from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)


def run(code: str) -> subprocess.CompletedProcess[str]:
    program = f"import sys; sys.path.insert(0, {HERE!r}); import netguard; attempts = netguard.install()\n{code}"
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=dict(os.environ)
    )


@pytest.mark.parametrize(
    "use",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.socket().connect_ex(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import socket; socket.gethostbyname('localhost')",
        "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
    ],
)
def test_every_way_to_the_network_is_refused(use: str) -> None:
    result = run(use)
    assert result.returncode == 1
    assert "socket." in result.stderr


def test_attempts_are_remembered_even_when_the_program_swallows_them() -> None:
    result = run(
        "import contextlib, socket\n"
        "with contextlib.suppress(OSError): socket.create_connection(('127.0.0.1', 9))\n"
        "print(attempts)"
    )
    assert result.returncode == 0
    assert "127.0.0.1" in result.stdout


def test_talk_within_the_machine_stays_possible() -> None:
    result = run("import socket; a, b = socket.socketpair(); a.sendmsg([b'x']); print(b.recv(1), attempts)")
    assert result.stdout == "b'x' []\n", result.stderr
