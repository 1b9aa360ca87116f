"""The laptop's AWS for the programs of jobs: an address that is there at once, and a server once somebody knocks.

Few jobs call AWS themselves, and a server takes a third of a second to start. So this process only listens; the first
connection starts the server, which takes over the listening socket with the connections that wait at it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

from local.store.names import REGION
from local.store.waiting import readable

_PROJECT = Path(__file__).resolve().parents[2]
_LOG = "api-server.log"
_BACKLOG = 128

_doors: dict[tuple[int, Path], Door] = {}
_opening = threading.Lock()


def aws_environment(home: Path) -> dict[str, str]:
    """Return the variables by which boto3 and the AWS CLI find the AWS of a home, and no other."""
    return {
        "AWS_ENDPOINT_URL": _door(home).url,
        "AWS_ACCESS_KEY_ID": "laptop",
        "AWS_SECRET_ACCESS_KEY": "laptop",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


class Door:
    """A listening socket of this process; behind it, when it was needed, a server that ends with the process."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        self._server: subprocess.Popen[bytes] | None = None
        self._ended = False
        self.url = "http://{}:{}".format(*self._socket.getsockname())
        threading.Thread(target=self._wait, name="door", daemon=True).start()

    def _wait(self) -> None:
        """Start a server at the first knock, and another one where that should end."""
        while not self._ended and readable(self._socket):
            if not self._ended:
                with self._open() as self._server:
                    if not self._ended:
                        self._server.wait()
        self._socket.close()

    def end(self) -> None:
        """End the server and listen no more; whoever asks for the home's address afterwards gets another one."""
        self._ended = True
        if self._server is not None and self._server.stdin is not None:
            self._server.stdin.close()
        with contextlib.suppress(OSError), socket.create_connection(self._socket.getsockname()):
            pass  # The thread waits for a knock.

    def _open(self) -> subprocess.Popen[bytes]:
        number = self._socket.fileno()
        with (self._home / _LOG).open("ab") as words:
            return subprocess.Popen(
                [sys.executable, "-m", "local.api.http", "--home", str(self._home), "--socket", str(number)],
                cwd=_PROJECT,
                # Its other end is closed with this process, however that ends; the server ends by it.
                stdin=subprocess.PIPE,
                stdout=words,
                stderr=words,
                pass_fds=(number,),
                start_new_session=True,
            )


def _door(home: Path) -> Door:
    root = home.absolute()
    # The process id too: a forked child has the sockets of its parent, and not its threads.
    key = (os.getpid(), root)
    with _opening:
        if key not in _doors:
            _doors[key] = Door(root)
        return _doors[key]


def end_doors() -> None:
    """Close the doors of every home, and forget them."""
    with _opening:
        doors = list(_doors.values())
        _doors.clear()
    for door in doors:
        door.end()
