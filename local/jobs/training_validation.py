"""What in a CreateTrainingJob request cannot run on the laptop yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.jobs.checkpoints import checkpoint_problems
from local.jobs.environment import search_path
from local.jobs.hosts import host_problems
from local.jobs.images import Image, read_image
from local.jobs.job import INSIDE
from local.jobs.metrics import usable
from local.jobs.own_images import python_of
from local.jobs.programs import find_program
from local.jobs.requests import is_open, items, member, texts
from local.jobs.toolkit import PROGRAM, decode
from local.jobs.training_program import runs_algorithm


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
    image = member(request, "AlgorithmSpecification", "TrainingImage")
    if is_open(given) or is_open(given.get(PROGRAM)) or is_open(request["AlgorithmSpecification"].get("TrainingImage")):
        return []
    if image is None:
        return ["trains with an algorithm resource; the laptop runs what a TrainingImage names."]
    if runs_algorithm(request):
        return _algorithm_problems(request, read_image(image))
    return _script_problems(str(decode({PROGRAM: given[PROGRAM]})[PROGRAM]), read_image(image))


def _script_problems(program: str, image: Image) -> list[str]:
    missing = None if python_of(image) is not None else image.missing_framework()
    found = [] if missing is None else [missing]
    if image.runs_modules and not program.endswith(".py"):
        found.append(f"has the {PROGRAM} {program!r}; its image runs Python programs (.py).")
    return found


def _algorithm_problems(request: Mapping[str, Any], image: Image) -> list[str]:
    if not image.is_xgboost:
        what = f"the built-in algorithm {image.algorithm}" if image.algorithm else "what its image runs by itself"
        ours = f"the built-in XGBoost, script mode (hyperparameters {PROGRAM} and sagemaker_submit_directory)"
        return [f"trains with {what}; the laptop runs {ours} and ContainerEntrypoint."]
    given = request.get("HyperParameters", {})
    known = {name: str(value) for name, value in given.items() if not is_open(value)}
    # Imported here: most definitions bring scripts.
    from local.jobs.builtin.xgboost_algorithm import channels, hyperparameters  # noqa: PLC0415

    # What is not known yet must not be missed.
    _, found = hyperparameters.read(known, image.version)
    found = [each for each in found if not any(each.endswith(f": {name}") for name in given if name not in known)]
    names = {str(entry.get("ChannelName")): entry for entry in items(request, "InputDataConfig")}
    found += channels.problems({name: _settled(entry) for name, entry in names.items()})
    return [f"trains with the built-in XGBoost: {each}" for each in found]


def _settled(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    given = entry.get("ContentType")
    return {"ContentType": "text/csv" if is_open(given) else given}


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
