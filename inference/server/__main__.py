"""Serves a model archive: `python -m inference.server --model-dir /opt/ml/model --port 8080`.

SageMaker starts a container with the one argument `serve`, which may stand there as well.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
from pathlib import Path

from inference.server.supervisor import Supervisor, UnservableError


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGTERM; 1 where the model cannot be served, 2 where the address cannot be listened on."""
    options = _parser().parse_args(argv)
    try:
        listening = _bind(options.host, options.port, options.socket)
    except OSError as error:
        place = options.socket or f"port {options.port} of {options.host}"
        sys.stderr.write(f"inference.server: {place} cannot be listened on: {error.strerror or error}.\n")
        return 2
    try:
        Supervisor(options.model_dir, listening, options.workers).run()
    except UnservableError as error:
        sys.stderr.write(f"inference.server: the model is not served: {error}\n")
        return 1
    finally:
        if options.socket is not None:
            options.socket.unlink(missing_ok=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m inference.server", description="Serve a model archive.")
    parser.add_argument("command", nargs="?", choices=["serve"], help="what SageMaker says; changes nothing")
    parser.add_argument("--model-dir", type=Path, default=Path("/opt/ml/model"), help="the unpacked model.tar.gz")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    port = os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080")
    parser.add_argument("--port", type=int, default=port, help="the port to listen on (default: %(default)s)")
    parser.add_argument("--socket", type=Path, help="a path for a Unix socket to listen on instead")
    workers = os.environ.get("SAGEMAKER_MODEL_SERVER_WORKERS") or str(_cores())
    parser.add_argument("--workers", type=_at_least_one, default=workers, help="processes (default: one for each core)")
    return parser


def _at_least_one(text: str) -> int:
    if int(text) < 1:
        raise ValueError
    return int(text)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _bind(host: str, port: int, path: Path | None) -> socket.socket:
    """A socket that is bound but does not listen: nobody can connect before a model answers."""
    if path is not None:
        bound = socket.socket(socket.AF_UNIX)
        bound.bind(str(path))
        return bound
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(address)
    return bound


if __name__ == "__main__":
    raise SystemExit(main())
