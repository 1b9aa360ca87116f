"""Starts a worker: `python -m local.hosting.worker --socket … --model … --code …`, with the container's environment.

The model is unpacked and loaded before the socket is there: who can connect finds a model that answers. What keeps the
model from being served is written to the failure file as one sentence.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import traceback
from functools import partial
from pathlib import Path

from local.hosting.toolkits import NEO, OWN
from local.hosting.worker.answers import LoadError, Predict
from local.hosting.worker.owner import OWNER, end_with_owner
from local.hosting.worker.server import Server
from local.jobs.archives import is_archive, unpack
from local.jobs.errors import JobError


def main(argv: list[str]) -> None:
    """Serve the model until the owner is gone."""
    parser = argparse.ArgumentParser(prog="worker", allow_abbrev=False)
    parser.add_argument("--toolkit", required=True, help="own, neo, or xgboost, sklearn or other: whose defaults apply")
    for name in ("socket", "model", "code", "failure", "folder"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--archive", type=Path, help="the model archive; without it the model's folder is filled")
    parser.add_argument("--submitted", type=Path, help="the code, where it is not in the model archive")
    options = parser.parse_args(argv)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the owner, and the owner ends its workers.
    try:
        serve(options)
    except LoadError as error:
        _fail(options.failure, str(error))
    except Exception as error:  # noqa: BLE001 - one line for the person, the traceback in the log
        traceback.print_exc()
        _fail(options.failure, f"The model cannot be loaded: {type(error).__name__}: {' '.join(str(error).split())}")


def serve(options: argparse.Namespace) -> None:
    """Load the model, and serve it until the owner is gone.

    Raises:
        LoadError: it cannot be served, with the cause.
    """
    place = options.socket.with_name(OWNER)
    if options.toolkit == OWN:
        # It ends by itself, once it has answered what it has begun.
        end_with_owner(place, partial(os.kill, os.getpid(), signal.SIGTERM))
        if options.archive is not None:
            _unpack(options.archive, options.model, "The model archive")
        from local.hosting.worker import own_server  # noqa: PLC0415 - scripts do without

        own_server.serve(options.model, options.socket)
        _clear(options)
        return

    def end() -> None:
        _clear(options)
        sys.stderr.flush()
        os._exit(0)

    end_with_owner(place, end)
    with Server(options.socket, load(options)) as server:
        server.serve_forever(poll_interval=60.0)


def _clear(options: argparse.Namespace) -> None:
    for folder in (options.folder, options.socket.parent):
        shutil.rmtree(folder, ignore_errors=True)


def load(options: argparse.Namespace) -> Predict:
    """Unpack and load the model.

    Raises:
        LoadError: it cannot be served, with the cause.
    """
    if options.archive is not None:
        _unpack(options.archive, options.model, "The model archive")
    if options.toolkit == NEO:
        from local.hosting.worker import neo  # noqa: PLC0415 - loads the compiler

        return neo.load(options.model)
    program = os.environ.get("SAGEMAKER_PROGRAM", "")
    if program:
        from local.hosting.worker import scripts, shims  # noqa: PLC0415 - built-in models do without

        shims.install()
        _bring_code(options.submitted or options.model / "code", options.code)
        return scripts.load(program, options.code, options.model, options.toolkit)
    from local.hosting.worker import builtin_xgboost  # noqa: PLC0415 - loads numpy and XGBoost

    return builtin_xgboost.load(options.model)


def _bring_code(source: Path, code: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, code, dirs_exist_ok=True)
    elif source.is_file() and is_archive(source):
        _unpack(source, code, "The code archive")
    elif source.is_file():
        shutil.copy2(source, code)
    else:
        message = f"SAGEMAKER_SUBMIT_DIRECTORY names {source.name}, which is not in the model archive."
        raise LoadError(message)
    if (code / "requirements.txt").is_file():
        sys.stderr.write("Nothing of requirements.txt is installed on the laptop: the script finds what is here.\n")


def _unpack(archive: Path, folder: Path, what: str) -> None:
    try:
        unpack(archive, folder)
    except JobError as error:
        message = f"{what} {error}"
        raise LoadError(message) from error


def _fail(place: Path, sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    place.write_text(sentence, encoding="utf-8")
    sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
