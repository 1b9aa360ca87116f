"""What of a compilation job cannot be done on the laptop, or nowhere: said before the job is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inference.compiler.errors import CompileError
from inference.compiler.targets import Target, target_of_device

_HERE = "XGBOOST"
_LAPTOP = "The laptop compiles models of XGBoost and LightGBM, and the linear baseline, as XGBOOST"


def problems(request: Mapping[str, Any]) -> list[str]:
    """Return a sentence for everything that is wrong with a CreateCompilationJob request."""
    return [*_input_problems(request), *_output_problems(request["OutputConfig"])]


def _input_problems(request: Mapping[str, Any]) -> Iterator[str]:
    given = request.get("InputConfig")
    if request.get("ModelPackageVersionArn"):
        yield "Compiling from a ModelPackageVersionArn is not supported on the laptop: give the archive in InputConfig."
        return
    if given is None:
        yield "InputConfig is missing."
        return
    framework = given["Framework"]
    if framework != _HERE:
        yield f"Framework {framework} is not supported on the laptop. {_LAPTOP}: run this one in AWS."
    if "FrameworkVersion" in given and framework == _HERE:
        yield "FrameworkVersion is not supported for XGBOOST."
    if not str(given["S3Uri"]).endswith(".tar.gz"):
        yield f"InputConfig.S3Uri {given['S3Uri']} must be the address of one .tar.gz archive."


def _output_problems(output: Mapping[str, Any]) -> Iterator[str]:
    if ("TargetDevice" in output) == ("TargetPlatform" in output):
        yield "Give either TargetDevice or TargetPlatform."
        return
    try:
        target(output)
    except CompileError as error:
        yield str(error)[:1].upper() + str(error)[1:]


def target(output: Mapping[str, Any]) -> Target:
    """Return what an OutputConfig compiles for; CompileError where ours does not compile for it."""
    if "TargetDevice" in output:
        return target_of_device(output["TargetDevice"])
    platform = output["TargetPlatform"]
    return Target(platform["Os"], platform["Arch"])
