"""How a program inside a job tells the service why it failed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from inference.lean import keep_out

MESSAGE_LIMIT = 1024
"""Characters of a failure reason that the service keeps."""


class JobError(Exception):
    """A mistake that the person who started the job can mend; its text is a whole sentence."""


def output_folder() -> Path:
    """Where a job leaves its exit message: `SM_OUTPUT_DIR`, or the container's `/opt/ml/output`."""
    return Path(os.environ.get("SM_OUTPUT_DIR", "/opt/ml/output"))


def fail(sentence: str, *, training: bool | None = None) -> NoReturn:
    """End the job with exit code 1: `sentence` on stderr and in the file that the service shows as the reason.

    A processing job's reason is read from `message`, a training job's from `failure`. Training is told by the model
    folder that only training jobs are given, unless `training` says it.
    """
    if training is None:
        training = "SM_MODEL_DIR" in os.environ
    path = output_folder() / ("failure" if training else "message")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sentence[:MESSAGE_LIMIT], encoding="utf-8")
    except OSError:
        pass  # By hand on a machine without /opt/ml: stderr says it all the same.
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


def run(step: str, argv: Sequence[str] | None, work: Callable[[Sequence[str]], None]) -> None:
    """Do `work` with the arguments, turning a JobError into `step: sentence` and exit code 1.

    Without `argv` this process is the job's program, with arguments of its own, and starts lean.
    """
    if argv is None:
        keep_out()
    try:
        work(sys.argv[1:] if argv is None else argv)
    except JobError as error:
        fail(f"{step}: {error}")
