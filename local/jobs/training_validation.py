"""What in a CreateTrainingJob request cannot run on the laptop yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.jobs.checkpoints import checkpoint_problems
from local.jobs.container import INSIDE
from local.jobs.environment import search_path
from local.jobs.hosts import host_problems
from local.jobs.metrics import usable
from local.jobs.programs import find_program
from local.jobs.requests import is_open, items, member, texts
from local.jobs.toolkit import PROGRAM, decode


def validate(request: Mapping[str, Any]) -> list[str]:
    """Name everything that cannot run, each as a sentence without its subject."""
    found = host_problems(member(request, "ResourceConfig"))
    found += _program_problems(request)
    mode = member(request, "AlgorithmSpecification", "TrainingInputMode")
    for entry in items(request, "InputDataConfig"):
        found += [f"channel {entry.get('ChannelName')!r} {problem}" for problem in _channel_problems(entry, mode)]
    for entry in items(request, "AlgorithmSpecification", "MetricDefinitions"):
        if not usable(dict(entry)) and not any(is_open(value) for value in entry.values()):
            found.append(f"metric {entry.get('Name')!r} has a regular expression that Python cannot read.")
    return found + checkpoint_problems(request)


def _program_problems(request: Mapping[str, Any]) -> list[str]:
    entrypoint = texts(member(request, "AlgorithmSpecification", "ContainerEntrypoint"))
    if entrypoint:
        program = entrypoint[0]
        here = not program or program.startswith(INSIDE) or find_program(program, search_path()) is not None
        return [] if here else [f"runs the program {program}, which is not on this machine."]
    given = request.get("HyperParameters", {})
    if is_open(given) or is_open(given.get(PROGRAM)):
        return []
    if not decode({PROGRAM: given.get(PROGRAM, "")})[PROGRAM]:
        problem = (
            f"trains with an algorithm inside its image; the laptop runs script mode (hyperparameters {PROGRAM} and "
            "sagemaker_submit_directory) and ContainerEntrypoint."
        )
        return [problem]
    program = str(decode({PROGRAM: given[PROGRAM]})[PROGRAM])
    return [] if program.endswith(".py") else [f"has the {PROGRAM} {program!r}; the laptop runs Python programs (.py)."]


def _channel_problems(entry: Mapping[str, Any], default_mode: Any) -> list[str]:
    source = member(entry, "DataSource", "S3DataSource")
    if source is None:
        return ["has no S3DataSource; the laptop has no other file systems."]
    found = []
    kind = member(source, "S3DataType")
    if kind not in (None, "S3Prefix"):
        found.append(f"has the S3DataType {kind}; the laptop reads S3Prefix.")
    mode = member(entry, "InputMode") or default_mode
    if mode not in (None, "File", "FastFile"):
        found.append(f"has the input mode {mode}; the laptop delivers files.")
    if member(entry, "CompressionType") not in (None, "None"):
        found.append("has a CompressionType, which only Pipe mode unpacks.")
    if member(entry, "RecordWrapperType") not in (None, "None"):
        found.append("has a RecordWrapperType, which only Pipe mode writes.")
    return found
