"""Which failures are the surroundings' and not the program's: the types of exception that retry policies name.

Source: SageMaker Developer Guide, 'Retry Policy for Pipeline Steps'. What stands for each of them on a laptop is ours.
"""

from __future__ import annotations

import errno
import signal
import sqlite3

SERVICE_FAULT = "Step.SERVICE_FAULT"
THROTTLING = "Step.THROTTLING"
JOB_INTERNAL_ERROR = "SageMaker.JOB_INTERNAL_ERROR"
CAPACITY_ERROR = "SageMaker.CAPACITY_ERROR"
RESOURCE_LIMIT = "SageMaker.RESOURCE_LIMIT"

_BY_ERRNO = {
    **dict.fromkeys((errno.EAGAIN, errno.ENOMEM), CAPACITY_ERROR),
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE), RESOURCE_LIMIT),
    **dict.fromkeys((errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.ECONNRESET, errno.ECONNREFUSED), SERVICE_FAULT),
}
# A shell reports a child that a signal ended as 128 and the signal's number.
_BY_SIGNAL = tuple(128 + number for number in (signal.SIGABRT, signal.SIGBUS, signal.SIGKILL, signal.SIGSEGV))


def of_error(error: BaseException | None) -> str | None:
    """Return the exception type of an error or of what caused it; None where the user's own files are at fault."""
    while error is not None:
        if isinstance(error, sqlite3.OperationalError):
            return THROTTLING  # The database was busy for longer than anybody waits for it.
        if isinstance(error, OSError) and error.errno in _BY_ERRNO:
            return _BY_ERRNO[error.errno]
        error = error.__cause__
    return None


def of_exit(code: int | None) -> str | None:
    """Return the exception type of a program's exit code: one that a signal ended, as when memory ran out."""
    if code is not None and (code < 0 or code in _BY_SIGNAL):
        return JOB_INTERNAL_ERROR
    return None
