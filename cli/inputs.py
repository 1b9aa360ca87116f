"""Brings a problem's data to the data bucket, under an address that names its content, and says which version it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cli.aws_errors import is_missing
from cli.errors import CommandError
from cli.publish import has_object, put_once
from cli.session import Session

if TYPE_CHECKING:
    from config.problem import Problem

BUILTIN = "builtin://"
CHUNK = 1 << 20


def input_parameters(session: Session, problem: Problem) -> dict[str, str]:
    """Return the parameters InputDataUri and DataVersion for the problem's data, uploading it where it is not there."""
    found = _imported(session, problem)
    # The problem's own rows, unless whoever starts it names others.
    return {**found, "BatchInputUri": found["InputDataUri"]} if problem.deploy.batch else found


def _imported(session: Session, problem: Problem) -> dict[str, str]:
    if problem.data.startswith(BUILTIN):
        return _builtin(session, problem.data.removeprefix(BUILTIN))
    if problem.data.startswith("s3://"):
        return _existing(session, problem.data)
    return _file_or_folder(session, Path(problem.data))


def _builtin(session: Session, name: str) -> dict[str, str]:
    from cli.builtin_data import content_key, materialise  # noqa: PLC0415 - only bundled problems need it

    # The key names what the bytes are made from, so that a second run need not make them again.
    key = f"builtin/{name}/{content_key(name)}/{name}.csv"
    if not has_object(session, session.data_bucket, key):
        put_once(session, session.data_bucket, key, materialise(name))
    return _parameters(session, key, content_key(name))


def _existing(session: Session, uri: str) -> dict[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        found = session.s3.list_objects_v2(Bucket=bucket, Prefix=key).get("Contents", [])
    except session.s3.exceptions.ClientError as error:
        if not is_missing(error):
            raise
        found = []
    if not found:
        message = f"There is nothing at {uri}. {session.import_hint}"
        raise CommandError(message)
    version = hashlib.sha256("\n".join(f"{item['Key']} {item['ETag']}" for item in found).encode())
    return {"InputDataUri": uri, "DataVersion": version.hexdigest()[:32]}


def _file_or_folder(session: Session, path: Path) -> dict[str, str]:
    if not path.exists():
        message = f"The problem's data, {path}, is not there. Correct `data` in the problem file, or bring the file."
        raise CommandError(message)
    files = [path] if path.is_file() else sorted(item for item in path.rglob("*") if _counts(item, path))
    if not files:
        message = f"The folder {path} holds no files. Put the data there, or name a file as the problem's `data`."
        raise CommandError(message)
    if all(item.stat().st_size == 0 for item in files):
        message = f"{path} is empty. The pipeline needs a table with a header and rows."
        raise CommandError(message)
    key, digest = upload(session, path, files)
    return _parameters(session, key, digest)


def upload(session: Session, path: Path, files: list[Path]) -> tuple[str, str]:
    """Bring a file, or a folder's files, under a key of the data bucket that names the content; return key and digest.

    Raises CommandError where a file cannot be read.
    """
    digest = _digest(path, files)
    base = f"imports/{digest}"
    for item in files:
        relative = item.name if path.is_file() else item.relative_to(path).as_posix()
        key = f"{base}/{relative}"
        if not has_object(session, session.data_bucket, key):
            session.s3.upload_file(str(item), session.data_bucket, key)
    return f"{base}/{path.name}" if path.is_file() else f"{base}/", digest


def _counts(item: Path, folder: Path) -> bool:
    return item.is_file() and not any(part.startswith((".", "_")) for part in item.relative_to(folder).parts)


def _digest(path: Path, files: list[Path]) -> str:
    whole = hashlib.sha256()
    for item in files:
        name = item.name if path.is_file() else item.relative_to(path).as_posix()
        whole.update(f"{len(name)}:{name}:{item.stat().st_size}\n".encode())
        for chunk in _chunks(item):
            whole.update(chunk)
    return whole.hexdigest()[:32]


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as handle:
            while chunk := handle.read(CHUNK):
                yield chunk
    except OSError as error:
        message = (
            f"{path}, which the problem names, cannot be read: {error.strerror}. Check the file and its permissions."
        )
        raise CommandError(message) from error


def _parameters(session: Session, key: str, version: str) -> dict[str, str]:
    return {"InputDataUri": f"s3://{session.data_bucket}/{key}", "DataVersion": version}
