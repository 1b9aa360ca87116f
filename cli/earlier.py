"""Finds the earlier model that a problem's training goes on from, and says where its archive is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli import models
from cli.errors import CommandError
from cli.inputs import upload
from cli.publish import has_object
from cli.session import Session

if TYPE_CHECKING:
    from config.problem import Problem

PARAMETER = "ContinueFromUri"


def earlier_parameters(session: Session, problem: Problem) -> dict[str, str]:
    """Return the parameter ContinueFromUri; nothing where the problem names no earlier model."""
    from config.problem import is_registered  # noqa: PLC0415 - pydantic is slow to import

    wanted = problem.training.continue_from
    if wanted is None:
        return {}
    if is_registered(wanted):
        return {PARAMETER: _registered(session, wanted)}
    if not wanted.startswith("s3://"):
        return {PARAMETER: _file(session, Path(wanted))}
    bucket, _, key = wanted.removeprefix("s3://").partition("/")
    if not has_object(session, bucket, key):
        message = f"There is no model archive at {wanted}, which `training.continue_from` names. Correct the address."
        raise CommandError(message)
    return {PARAMETER: wanted}


def _registered(session: Session, wanted: str) -> str:
    address = models.archive_address(models.find(session, wanted))
    if address is None:
        message = f"The registered model {wanted!r} has no archive to go on from. Name another in `continue_from`."
        raise CommandError(message)
    return address


def _file(session: Session, path: Path) -> str:
    if not path.is_file():
        message = f"The model archive {path}, which `training.continue_from` names, is not there. Correct the path."
        raise CommandError(message)
    key, _ = upload(session, path, [path])
    return f"s3://{session.data_bucket}/{key}"
