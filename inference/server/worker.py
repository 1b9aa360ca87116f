"""One worker process: it loads the archive, holds it against its own samples, and only then listens.

Started by `inference.server.supervisor`: `python -m inference.server.worker --model-dir DIR --listening FD --line FD`.
The line is a socket to the supervisor: "ready" goes out over it, or the one cause why the model is not served; where it
ends, the supervisor is gone and the worker ends too.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import signal
import socket
from pathlib import Path

from uvicorn import Server

from inference.archive import Archive, ArchiveError, open_archive
from inference.checks import SampleError, check_samples
from inference.columns import FeaturesError
from inference.predict import ModelError
from inference.server.accepting import Acceptor
from inference.server.app import Application
from inference.server.connection import Connection
from inference.server.limits import Limits, LimitsError, limits_of
from inference.server.quiet import quiet_server

READY = "ready"
UNSERVABLE = 3
"""The exit code of a worker whose model cannot be served: another one would fare no better."""


def main(argv: list[str] | None = None) -> int:
    """Load, tell the supervisor, and serve until told to end."""
    parser = argparse.ArgumentParser(prog="inference.server.worker", allow_abbrev=False)
    parser.add_argument("--model-dir", type=Path, required=True)
    parser.add_argument("--listening", type=int, required=True)
    parser.add_argument("--line", type=int, required=True)
    options = parser.parse_args(argv)
    # Ctrl-C reaches the supervisor, which ends its workers; SIGTERM before the server is there ends them at once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    line = socket.socket(fileno=options.line)
    try:
        limits = limits_of(os.environ)
        archive = load(options.model_dir)
    except (ArchiveError, LimitsError) as error:
        line.sendall(f"{error}\n".encode())
        return UNSERVABLE
    serve(archive, limits, socket.socket(fileno=options.listening), line)
    return 0


def load(folder: Path) -> Archive:
    """Load the archive in a folder; raises ArchiveError with the one cause where it is not one that serves."""
    try:
        archive = open_archive(folder)
        check_samples(archive)
    except (ArchiveError, FeaturesError, ModelError, SampleError) as error:
        raise ArchiveError(" ".join(str(error).split())) from error
    except (Exception, MemoryError) as error:
        # Files that are not what they should be can fail anywhere in the libraries that read them.
        cause = " ".join(str(error).split())[:300]
        raise ArchiveError(f"the archive cannot be loaded: {type(error).__name__}: {cause}.") from error
    return archive


def serve(archive: Archive, limits: Limits, listening: socket.socket, line: socket.socket) -> None:
    """Answer requests until SIGTERM or the end of the line; then answer those that have begun."""
    gc.collect()
    gc.freeze()  # The model stays for good: nothing of it needs to be looked through again.
    acceptor = Acceptor(listening)
    application = Application(archive.handler, limits, acceptor.look)
    calls = {"look": staticmethod(acceptor.look), "at_once": staticmethod(application.at_once)}
    protocol = type("Connection", (Connection,), {"limits": limits, "known": {}, **calls})
    server = quiet_server(
        application,
        protocol,
        loop="auto",
        keep_alive_seconds=int(limits.keep_alive_seconds),
        drain_seconds=limits.drain_seconds,
    )
    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(_serve(server, protocol, acceptor, line))


async def _serve(server: Server, protocol: type[Connection], acceptor: Acceptor, line: socket.socket) -> None:
    config = server.config
    serving = asyncio.ensure_future(server.serve(sockets=[]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.001)

    def make() -> Connection:
        return protocol(config=config, server_state=server.server_state, app_state={})

    acceptor.start(make)

    def end() -> None:
        acceptor.close()
        server.should_exit = True

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, end)
    line.setblocking(False)
    loop.add_reader(line, end)
    with contextlib.suppress(OSError):  # The supervisor may be ending.
        line.send(f"{READY}\n".encode())
    await serving
    loop.remove_reader(line)


if __name__ == "__main__":
    raise SystemExit(main())
