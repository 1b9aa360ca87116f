"""Follows an execution to its end. Ctrl-C stops the execution; a client that dies stops nothing."""

from __future__ import annotations

import time
from typing import Any

from cli.errors import INTERRUPTED, RUN_FAILED, SUCCEEDED
from cli.executions import ENDED, ExecutionName, read_record
from cli.session import Session
from cli.view.progress import Progress

STATUS_CHECK_SECONDS = 1.0
STOP_REASON = "interrupted from the keyboard"


class Followed:
    """How following ended: the last record, the status, and whether a person interrupted it."""

    def __init__(self, record: dict[str, Any], status: str, reason: str | None, *, interrupted: bool) -> None:
        self.record = record
        self.status = status
        self.reason = reason
        self.interrupted = interrupted

    @property
    def exit_code(self) -> int:
        """The exit code of the command that followed."""
        if self.interrupted:
            return INTERRUPTED
        return SUCCEEDED if self.status == "Succeeded" else RUN_FAILED


def follow(session: Session, name: ExecutionName, progress: Progress) -> Followed:
    """Show the execution's progress until it has ended."""
    interrupted = False
    with progress:
        while True:
            try:
                status, reason, record = _watch(session, name, progress)
                break
            except KeyboardInterrupt:
                if interrupted:
                    raise
                interrupted = True
                progress.note("Stopping the execution (press Ctrl-C again to leave it to itself) …")
                _stop(session, name)
    return Followed(record, status, reason, interrupted=interrupted and status != "Succeeded")


def _watch(session: Session, name: ExecutionName, progress: Progress) -> tuple[str, str | None, dict[str, Any]]:
    next_check, pauses = 0.0, session.pauses()
    seen: dict[str, Any] = {}
    while True:
        record = read_record(session, name, whole=False)
        if record != seen:
            seen, pauses = record, session.pauses()
        progress.show(record)
        ended = record["status"] in ENDED
        # The record cannot say that its writer has died: the service's own status can.
        if ended or time.monotonic() >= next_check:
            answer = session.sagemaker.describe_pipeline_execution(PipelineExecutionArn=name.arn)
            if answer["PipelineExecutionStatus"] in ENDED:
                final = read_record(session, name)
                progress.show(final)
                return answer["PipelineExecutionStatus"], answer.get("FailureReason"), final
            next_check = time.monotonic() + STATUS_CHECK_SECONDS
        time.sleep(next(pauses))


def _stop(session: Session, name: ExecutionName) -> None:
    try:
        session.sagemaker.stop_pipeline_execution(
            PipelineExecutionArn=name.arn, ClientRequestToken=f"stop-{name.id}".ljust(32, "-")
        )
    except session.sagemaker.exceptions.ClientError:
        # It has just ended by itself; following goes on and sees it.
        return
