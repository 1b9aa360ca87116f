"""`python -m local.api.http --home DIR [--port N]`: a server that ends with the process that started it.

It prints its URL when it listens, and ends when its standard input does: the system closes that with the parent, on
Linux and macOS, however the parent ended.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

from local.api.http.server import listen, serve, url_of
from local.store.home import Home
from local.store.store import Store


def main() -> None:
    """Serve until the standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m local.api.http", description="The laptop's AWS on a port.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--socket", type=int, help="a listening socket that was inherited, by its number")
    given = parser.parse_args()
    home = Home.find(given.home)
    # Before anybody is told the URL: a state that cannot be read is said at once.
    Store(home)
    listening = listen(port=given.port) if given.socket is None else socket.socket(fileno=given.socket)
    sys.stdout.write(f"{url_of(listening)}\n")
    sys.stdout.flush()
    serve(home, listening, until=_end_of_input)


def _end_of_input() -> None:
    # Not by sys.stdin: its lock would be held when the interpreter ends for another reason.
    while os.read(0, 4096):
        pass


main()
