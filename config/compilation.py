"""What a problem's model is compiled for, held against what SageMaker Neo accepts before anything is submitted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from config import compilation_table as table
from config.errors import suggestion
from config.fields import Settings, mistake, nothing_as_none_given

LONGEST_RUNTIME = 1_440

Framework = Literal["xgboost", "pytorch", "onnx"]


@dataclass(frozen=True)
class Device:
    """A target that has a name of its own, such as `ml_c5`."""

    name: str

    @property
    def is_cloud(self) -> bool:
        """Whether it is an instance in the cloud."""
        return self.name.startswith(table.CLOUD)

    def request(self) -> dict[str, Any]:
        """Return the members of a job's `OutputConfig`."""
        return {"TargetDevice": self.name}


@dataclass(frozen=True)
class Platform:
    """A target that is a system and an architecture, and what computes beside the processor."""

    system: str
    architecture: str
    accelerator: str | None = None

    @property
    def is_cloud(self) -> bool:
        """Whether it is an instance in the cloud."""
        return False

    def request(self) -> dict[str, Any]:
        """Return the members of a job's `OutputConfig`."""
        platform = {"Os": self.system.upper(), "Arch": self.architecture.upper()}
        if self.accelerator is not None:
            platform["Accelerator"] = self.accelerator.upper()
        return {"TargetPlatform": platform}


def read_target(text: str) -> Device | Platform:
    """Return the target that a text names: a device, or SYSTEM/ARCHITECTURE or SYSTEM/ARCHITECTURE/ACCELERATOR.

    Raises ValueError with a message and a fix where Neo knows none of that name.
    """
    parts = text.split("/")
    if len(parts) == 1:
        if text not in table.DEVICES:
            message = f"Neo compiles for no device `{text[:60]}`."
            platform = "Or write a platform, such as `linux/arm64`."
            raise ValueError(message, f"{suggestion(text, table.DEVICES)} {platform}")
        return Device(text)
    known = (table.SYSTEMS, table.ARCHITECTURES, table.ACCELERATORS)
    if len(parts) > len(known):
        message = f"`{text[:60]}` is no platform."
        raise ValueError(message, "Write SYSTEM/ARCHITECTURE, and /ACCELERATOR where there is one.")
    for part, words in zip(parts, known, strict=False):
        if part not in words:
            message = f"`{part[:60]}` is not known in the platform `{text[:60]}`."
            raise ValueError(message, suggestion(part, words))
    return Platform(*parts)


def _check_target(text: str) -> str:
    try:
        read_target(text)
    except ValueError as error:
        message, fix = error.args
        raise mistake(message, fix) from None
    return text


def _check_archive(address: str) -> str:
    if not address.startswith("s3://") or not address.endswith(".tar.gz") or not address[5:].partition("/")[2]:
        raise mistake(
            f"`{address[:80]}` is no address of a model archive.", "Write the S3 address of a `.tar.gz` with the model."
        )
    return address


Target = Annotated[str, AfterValidator(_check_target)]
Shape = Annotated[tuple[int, ...], Field(strict=False)]


class Compile(Settings):
    """What the model is compiled for, with SageMaker Neo or, on the laptop, with the compiler that comes along."""

    targets: Annotated[tuple[Target, ...], Field(strict=False)] = Field(
        description="What to compile for: devices that Neo knows, such as `ml_c5`, `rasp4b` or `jetson_xavier`, or "
        "platforms, SYSTEM/ARCHITECTURE or SYSTEM/ARCHITECTURE/ACCELERATOR, such as `linux/arm64`."
    )
    framework: Framework = Field(
        default="xgboost",
        description="What the model is of: `xgboost` is the one that is trained; `pytorch` and `onnx` are models in "
        "`model`, which Neo compiles in AWS alone.",
    )
    framework_version: str | None = Field(
        default=None, description='With `framework: pytorch`: the version that saved the model, such as "1.13".'
    )
    model: Annotated[str, AfterValidator(_check_archive)] | None = Field(
        default=None, description="With `pytorch` and `onnx`: the S3 address of the `.tar.gz` with the model."
    )
    inputs: Annotated[dict[str, Shape], BeforeValidator(nothing_as_none_given)] = Field(
        default_factory=dict,
        description="With `pytorch` and `onnx`: each input's shape by its name, such as `input0: [1, 3, 224, 224]`.",
    )
    options: Annotated[
        dict[str, dict[str, str | int | float | bool | list[str]]], BeforeValidator(nothing_as_none_given)
    ] = Field(
        default_factory=dict,
        description="Neo's compiler options by target, such as `linux/arm64/nvidia: {gpu-code: sm_72, …}`.",
    )
    max_runtime_minutes: int = Field(
        default=15, ge=1, le=LONGEST_RUNTIME, description="How long one compilation may take."
    )
    endpoint: bool = Field(
        default=False,
        description="Whether the endpoint that a run deploys serves the compiled model in Neo's own image, between two "
        "containers of ours. One of `targets` has to be the family of the environment's `instances.inference`: `ml_m5` "
        "for `ml.m5.large`.",
    )

    def data_input_config(self) -> str | None:
        """Return the inputs as a job's `InputConfig` takes them; None where there are none."""
        return json.dumps(self.inputs, separators=(",", ":")) if self.inputs else None

    def compiler_options(self, target: str) -> str | None:
        """Return a target's options as a job's `OutputConfig` takes them; None where there are none."""
        given = self.options.get(target)
        return json.dumps(given, separators=(",", ":"), sort_keys=True) if given else None
