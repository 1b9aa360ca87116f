"""What a model may be compiled for: SageMaker's words for platforms, and the devices that Neo knows by name.

Devices and their platforms: "Supported Devices, Chip Architectures, and Systems" in the SageMaker developer guide.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from inference.compiler.errors import CompileError

_MACHINES = {
    "x86_64": "X86_64",
    "amd64": "X86_64",
    "aarch64": "ARM64",
    "arm64": "ARM64",
    "i686": "X86",
    "i386": "X86",
    "armv7l": "ARM_EABIHF",
    "armv6l": "ARM_EABIHF",
}
OSES = ("LINUX", "ANDROID")
ARCHITECTURES = ("X86_64", "X86", "ARM64", "ARM_EABI", "ARM_EABIHF")

_WORDS = {"X86_64": "x86_64", "X86": "x86", "ARM64": "aarch64", "ARM_EABI": "arm_eabi", "ARM_EABIHF": "arm_eabihf"}


@dataclass(frozen=True)
class Target:
    """A platform in the words of SageMaker's `TargetPlatform`; accelerators do nothing for trees."""

    os: str
    arch: str

    @property
    def name(self) -> str:
        """The target in file names and commands, such as `linux-x86_64`."""
        return f"{self.os.lower()}-{_WORDS.get(self.arch, self.arch.lower())}"


def host_target() -> Target:
    """What this machine is."""
    machine = platform.machine().lower()
    return Target("DARWIN" if sys.platform == "darwin" else "LINUX", _MACHINES.get(machine, machine.upper()))


_X86 = Target("LINUX", "X86_64")
_ARM = Target("LINUX", "ARM64")
_ARM32 = Target("LINUX", "ARM_EABIHF")
_ANDROID = Target("ANDROID", "ARM64")

DEVICES: Mapping[str, Target] = {
    **dict.fromkeys(("ml_c4", "ml_c5", "ml_m4", "ml_m5", "ml_p2", "ml_p3", "ml_g4dn"), _X86),
    **dict.fromkeys(("ml_inf1", "ml_inf2", "ml_trn1", "ml_eia2", "lambda", "deeplens", "sbe_c"), _X86),
    **dict.fromkeys(("ml_c6g", "ml_m6g", "aisage", "imx8qm", "imx8mplus", "rk3399"), _ARM),
    **dict.fromkeys(("amba_cv2", "amba_cv22", "amba_cv25", "sitara_am57x"), _ARM),
    **dict.fromkeys(("jetson_nano", "jetson_tx1", "jetson_tx2", "jetson_xavier"), _ARM),
    "rasp4b": _ARM,  # the guide names its processor alone, a Cortex-A72
    **dict.fromkeys(("rasp3b", "rk3288"), _ARM32),
    **dict.fromkeys(("qcs603", "qcs605"), _ANDROID),
}
"""The platform of each of Neo's `TargetDevice` values that ours can compile for."""

_REFUSED: Mapping[str, str] = {
    "x86_win32": "Windows",
    "x86_win64": "Windows",
    "coreml": "Apple's Core ML",
    "jacinto_tda4vm": "a device whose instruction set the service's guide leaves open",
}


def target_of_device(device: str) -> Target:
    """The platform of a `TargetDevice`; raises CompileError for one that trees are not compiled for."""
    if device in _REFUSED:
        raise CompileError(f"the target {device} is {_REFUSED[device]}, for which trees are not compiled here.")
    if device not in DEVICES:
        raise CompileError(f"there is no target device {device}; known are {', '.join(sorted(DEVICES))}.")
    return DEVICES[device]


def parse_target(text: str) -> Target:
    """The target that a person names: `host`, OS-ARCHITECTURE such as `linux-aarch64`, or one of Neo's devices."""
    if text == "host":
        return host_target()
    named = {target.name: target for os in OSES for arch in ARCHITECTURES for target in [Target(os, arch)]}
    if text in named:
        return named[text]
    if text in DEVICES or text in _REFUSED:
        return target_of_device(text)
    raise CompileError(
        f"there is no target {text}; name host, {', '.join(sorted(named))}, or a device of Neo: "
        f"{', '.join(sorted(DEVICES))}."
    )
