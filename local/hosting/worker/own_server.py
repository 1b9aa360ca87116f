"""What the container of our own (infra/container) starts: `inference.server`, on the worker's socket."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from inference.server.supervisor import Supervisor, UnservableError
from local.hosting.worker.answers import LoadError

WORKERS = "SAGEMAKER_MODEL_SERVER_WORKERS"


def serve(model: Path, path: Path) -> None:
    """Serve until SIGTERM; the container has a process for each core, and a laptop one.

    Raises:
        LoadError: the model cannot be served, with the cause.
    """
    text = os.environ.get(WORKERS) or "1"
    if not text.isdecimal() or int(text) < 1:
        message = f"{WORKERS} is {text!r}, and not a number of processes."
        raise LoadError(message)
    # Nobody can connect before the model answers: it is a worker's process that listens.
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
        try:
            Supervisor(model, bound, int(text)).run()
        except UnservableError as error:
            raise LoadError(str(error)) from None
