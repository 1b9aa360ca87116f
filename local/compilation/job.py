"""Runs one compilation job: the input archive in, the compiled model out, the record of how it went."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import tempfile
import time
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inference.compiler import Compiled, CompileError
from local.compilation import sources, validation
from local.compilation.models import compile_any
from local.functions.wake import wake
from local.jobs.archives import pack, unpack
from local.jobs.errors import JobError
from local.registry import compilation_jobs as jobs
from local.store.objects import ObjectError, s3_uri, split_uri
from local.store.store import Store

DEFAULT_SECONDS = 86_400
META = "compiled.meta"
"""What Neo's runtime looks at beside `compiled.so`: what it was compiled for, and what goes in and out."""


class _Stopped(BaseException):
    """The job was asked to stop, or has used up its time; the text says which."""


def run(store: Store, name: str) -> str:
    """Run a recorded job to its end and return its status."""
    _listen()
    found = jobs.get(store, name)
    body = found.body
    members: dict[str, Any]
    try:
        if found.status == jobs.STOPPING:
            raise _Stopped("")
        jobs.change(store, name, jobs.RUNNING, now=time.time(), CompilationStartTime=time.time())
        signal.alarm(body["StoppingCondition"].get("MaxRuntimeInSeconds", DEFAULT_SECONDS))
        digest = _compile(store, body)
        signal.alarm(0)
        status, members = jobs.COMPLETED, {"ModelDigests": {"ArtifactDigest": f"sha256:{digest}"}}
    except _Stopped as stopped:
        status, members = jobs.STOPPED, {"FailureReason": str(stopped)}
    except (CompileError, JobError, ObjectError) as error:
        text = str(error)
        status, members = jobs.FAILED, {"FailureReason": f"ClientError: {text[:1].upper()}{text[1:]}"}
        print(members["FailureReason"])
    ended = jobs.change(store, name, status, now=time.time(), **members)
    wake(store)
    return ended.status


def _listen() -> None:
    def stop(number: int, _frame: types.FrameType | None) -> None:
        _end_compilers()
        raise _Stopped(
            "The job has run for as long as its StoppingCondition allows." if number == signal.SIGALRM else ""
        )

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, stop)


def _end_compilers() -> None:
    """End the C compiler and the programs that it started, which would go on for as long as a large model takes."""
    if os.getpgrp() == os.getpid():  # The group is this job's own.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)


def _compile(store: Store, body: Mapping[str, Any]) -> str:
    """Compile, put the artefact where the job says, and return its digest."""
    with tempfile.TemporaryDirectory(dir=_staging(store)) as place:
        folder, into, archive = (Path(place) / each for each in ("model", "compiled", "compiled.tar.gz"))
        bucket, key = split_uri(s3_uri(body["InputConfig"]["S3Uri"]))
        folder.mkdir()
        unpack(_input(store, bucket, key), folder)
        made = compile_any(sources.readable(folder), into, validation.target(body["OutputConfig"]))
        (into / META).write_text(_meta(made, body["OutputConfig"]), encoding="utf-8")
        pack(into, archive)
        with archive.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        uri = body["ModelArtifacts"]["S3ModelArtifacts"]
        store.objects.adopt(*split_uri(uri), archive)
        built = "built" if made.library is not None else "written as C, as this machine has no compiler for it,"
        print(f"The model was {built} for {made.target.name} and held to its own answers: {made.facts['checked']}")
        print(f"It is at {uri}")
        return digest


def _staging(store: Store) -> Path:
    store.home.staging.mkdir(parents=True, exist_ok=True)
    return store.home.staging


def _input(store: Store, bucket: str, key: str) -> Path:
    path = store.objects.path(bucket, key)
    if not path.is_file():
        message = f"InputConfiguration: there is nothing at s3://{bucket}/{key}."
        raise CompileError(message)
    return path


def _meta(made: Compiled, output: Mapping[str, Any]) -> str:
    """Return the file's text; as everything here, the same for the same model and target."""
    facts = made.facts
    device = jobs.target_name(output)
    return (
        json.dumps(
            {
                "Requirements": {"TargetDevice": device.upper(), "TargetDeviceType": "cpu"},
                "Compilation": {"CompiledBy": "Sageline", "Compiler": facts["compiler"]},
                "Model": {
                    "Backend": "treelite",
                    "Inputs": [{"name": "data", "dtype": "float32", "shape": [-1, facts["width"]]}],
                    "Outputs": [{"name": "output", "dtype": "float32", "shape": [-1, facts["outputs"]]}],
                },
            },
            indent=1,
            sort_keys=True,
        )
        + "\n"
    )
