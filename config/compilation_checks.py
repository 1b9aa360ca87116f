"""What is wrong between the settings of a compilation: the combinations that SageMaker Neo does not take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from config import compilation_table as table
from config.compilation import Compile, Device, Platform, read_target
from config.errors import Mistake, one_of, suggestion
from config.neo_endpoint import neo_endpoint_mistakes

MOST_TARGETS = 10
LONGEST_INPUTS = 16_384
"""Characters of `DataInputConfig`. Source: API reference, InputConfig."""
LONGEST_OPTIONS = 1_024
"""Characters of `CompilerOptions`. Source: API reference, OutputConfig."""


def compile_mistakes(values: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield what is wrong between the settings of a compilation, and with the problem around it."""
    given = values.get("compile")
    if given is None:
        return
    compiled = Compile.model_validate(given) if isinstance(given, Mapping) else given
    if values.get("model", "xgboost") == "auto" and compiled.framework == "xgboost":
        message = "AutoML's models run in containers of their own, and Neo compiles none of them."
        yield Mistake("compile", message, "Remove `compile`, or remove `model: auto`.")
    yield from _listed_mistakes(compiled)
    yield from _model_mistakes(compiled)
    yield from _version_mistakes(compiled)
    yield from neo_endpoint_mistakes(compiled)
    for number, target in enumerate(compiled.targets):
        yield from _target_mistakes(compiled, target, f"compile.targets[{number}]")


def _listed_mistakes(compiled: Compile) -> Iterator[Mistake]:
    if not compiled.targets:
        yield Mistake("compile.targets", "it is empty.", "List a target, such as `ml_c5`, or remove `compile`.")
    for target, count in Counter(compiled.targets).items():
        if count > 1:
            yield Mistake("compile.targets", f"`{target}` is listed {count} times.", "List it once.")
    if len(compiled.targets) > MOST_TARGETS:
        message = f"{len(compiled.targets)} targets are {len(compiled.targets)} compilations at the same time."
        yield Mistake("compile.targets", message, f"List at most {MOST_TARGETS}.")
    for target in compiled.options:
        if target not in compiled.targets:
            message = "there are options for a target that is not in `targets`."
            yield Mistake(f"compile.options.{target}", message, suggestion(target, compiled.targets))
        text = compiled.compiler_options(target)
        if text is not None and len(text) > LONGEST_OPTIONS:
            message = f"they have {len(text):,} characters as JSON."
            yield Mistake(f"compile.options.{target}", message, f"Neo takes {LONGEST_OPTIONS:,}.")


def _model_mistakes(compiled: Compile) -> Iterator[Mistake]:
    """Yield what is missing of a model that was trained elsewhere, or too much for the one that is trained here."""
    given = {"model": compiled.model, "inputs": compiled.inputs}
    for name, value in given.items():
        if compiled.framework == "xgboost" and value:
            message = "the model that is compiled is the one that is trained, and Neo asks for nothing about it."
            fix = f"Remove `{name}`, or name the framework of a model that was trained elsewhere."
            yield Mistake(f"compile.{name}", message, fix)
        if compiled.framework != "xgboost" and not value:
            message = f"it is missing, and Neo needs it for a model of {compiled.framework}."
            yield Mistake(f"compile.{name}", message, f"Add `{name}:`. {Compile.model_fields[name].description}")
    text = compiled.data_input_config()
    if text is not None and len(text) > LONGEST_INPUTS:
        message = f"they have {len(text):,} characters as JSON."
        yield Mistake("compile.inputs", message, f"Neo takes {LONGEST_INPUTS:,}: list fewer inputs.")
    for name, shape in compiled.inputs.items():
        if not shape or min(shape) < 1:
            yield Mistake(f"compile.inputs.{name}", "it has no shape.", "Write one, such as [1, 3, 224, 224].")


def _version_mistakes(compiled: Compile) -> Iterator[Mistake]:
    versions = table.VERSIONS.get(compiled.framework)
    place = "compile.framework_version"
    if versions is None:
        if compiled.framework_version is not None:
            message = f"Neo takes no version for models of {compiled.framework}."
            yield Mistake(place, message, "Remove it.")
        return
    if compiled.framework_version is None:
        message = f"it is missing, and Neo needs it for a model of {compiled.framework}."
        yield Mistake(place, message, _one_of(versions["cloud"]))
        return
    for target in compiled.targets:
        where = "cloud" if read_target(target).is_cloud else "edge"
        if compiled.framework_version not in versions[where]:
            message = f"Neo compiles no models of {compiled.framework} {compiled.framework_version} for {target}."
            yield Mistake(place, message, _one_of(versions[where]))


def _one_of(versions: Sequence[str]) -> str:
    quoted = ", ".join(f'"{each}"' for each in versions)
    return f"Write one of {quoted}."


def _target_mistakes(compiled: Compile, target: str, path: str) -> Iterator[Mistake]:
    found = read_target(target)
    if isinstance(found, Device):
        without = {"xgboost": table.WITHOUT_XGBOOST, "onnx": table.WITHOUT_ONNX}.get(compiled.framework, {})
        if target in table.GONE:
            yield Mistake(path, f"{table.GONE[target]}.", "Compile for another device.")
        elif target in without:
            message = f"{without[target]}, and none of {compiled.framework}."
            yield Mistake(path, message, "Compile for another device.")
        return
    options = compiled.options.get(target, {})
    yield from _accelerator_mistakes(found, options, path)
    if found.architecture == "arm_eabi" and found.system != "android":
        message = "`arm_eabi` is the architecture of Android's 32-bit devices."
        yield Mistake(path, message, "Write `android/arm_eabi`, or `linux/arm_eabihf`.")
    level = options.get("ANDROID_PLATFORM")
    low, high = table.ANDROID_LEVELS
    if level is not None and (found.system != "android" or not isinstance(level, int) or not low <= level <= high):
        message = f"`ANDROID_PLATFORM: {level}` is not possible for {target}."
        fix = f"Write a whole number from {low} to {high}, for platforms of Android alone."
        yield Mistake(f"compile.options.{target}", message, fix)


def _accelerator_mistakes(found: Platform, options: Mapping[str, Any], path: str) -> Iterator[Mistake]:
    if found.accelerator is None:
        return
    systems, architectures = table.HOSTS.get(found.accelerator, (table.SYSTEMS, table.ARCHITECTURES))
    if found.system not in systems or found.architecture not in architectures:
        possible = [f"{system}/{each}/{found.accelerator}" for system in systems for each in architectures]
        message = f"no {found.system} on {found.architecture} has `{found.accelerator}`."
        yield Mistake(path, message, f"Write {one_of(possible)}, or leave the accelerator away.")
    missing = [name for name in table.NVIDIA_OPTIONS if name not in options] if found.accelerator == "nvidia" else []
    if missing:
        message = f"a platform with `nvidia` needs the compiler options {', '.join(missing)}."
        fix = "Add them under `compile.options`, such as {gpu-code: sm_72, trt-ver: 6.0.1, cuda-ver: '10.1'}."
        yield Mistake(path, message, fix)
