from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from inference.compiler import CompileError, Target, host_target
from inference.compiler.targets import ARCHITECTURES, DEVICES, OSES, parse_target, target_of_device

SERVICE: Any = botocore.session.get_session().get_service_model("sagemaker")


def test_every_device_of_the_service_has_a_platform_or_a_reason() -> None:
    for device in SERVICE.shape_for("TargetDevice").enum:
        try:
            target = target_of_device(device)
        except CompileError as error:
            assert device in str(error)  # noqa: PT017  # one or the other
        else:
            assert (target.os in OSES, target.arch in ARCHITECTURES) == (True, True)
    assert set(DEVICES) <= set(SERVICE.shape_for("TargetDevice").enum)


def test_platforms_have_the_words_of_the_service() -> None:
    assert set(OSES) == set(SERVICE.shape_for("TargetPlatformOs").enum)
    assert set(ARCHITECTURES) == set(SERVICE.shape_for("TargetPlatformArch").enum)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("host", host_target()),
        ("linux-x86_64", Target("LINUX", "X86_64")),
        ("linux-aarch64", Target("LINUX", "ARM64")),
        ("android-arm_eabi", Target("ANDROID", "ARM_EABI")),
        ("ml_c6g", Target("LINUX", "ARM64")),
        ("rasp3b", Target("LINUX", "ARM_EABIHF")),
    ],
)
def test_targets_are_named_by_platform_or_device(text: str, target: Target) -> None:
    assert parse_target(text) == target
    assert text == "host" or text in DEVICES or target.name == text


def test_a_target_that_is_none_is_told_what_there_is() -> None:
    with pytest.raises(CompileError, match=r"^there is no target toaster; name host, android-aarch64, .*, rasp4b, "):
        parse_target("toaster")
