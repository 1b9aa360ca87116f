from __future__ import annotations

from pathlib import Path
from typing import Any

import botocore.session
import pytest

from config import compilation_table as table
from config import load_problem
from config.compilation import Compile, Device, Platform, read_target
from config.compilation_checks import LONGEST_INPUTS, LONGEST_OPTIONS
from tests.config.test_automl import mistakes, write
from tests.pipeline.inputs import problem

PYTORCH = "{framework: pytorch, framework_version: '1.8', model: s3://b/m.tar.gz, inputs: {x: [1, 3]}, targets: [%s]}"
NVIDIA = "{gpu-code: sm_72, trt-ver: 6.0.1, cuda-ver: '10.1'}"


def shape(name: str) -> Any:
    return botocore.session.get_session().get_service_model("sagemaker").shape_for(name)


def lowered(name: str) -> set[str]:
    return {each.lower() for each in shape(name).enum}


def found(folder: Path, settings: str, more: str = "") -> list[str]:
    return mistakes(write(folder, f"compile: {settings}\n{more}"))


def test_the_tables_are_those_of_the_service_model() -> None:
    assert set(table.DEVICES) == set(shape("TargetDevice").enum)
    assert set(table.SYSTEMS) == lowered("TargetPlatformOs")
    assert set(table.ARCHITECTURES) == lowered("TargetPlatformArch")
    assert set(table.ACCELERATORS) == lowered("TargetPlatformAccelerator")
    assert {"xgboost", *table.VERSIONS, "onnx"} <= lowered("Framework")
    assert shape("DataInputConfig").metadata["max"] == LONGEST_INPUTS
    assert shape("CompilerOptions").metadata["max"] == LONGEST_OPTIONS
    named = {*table.GONE, *table.WITHOUT_XGBOOST, *table.WITHOUT_ONNX}
    assert named <= set(table.DEVICES)
    assert set(table.HOSTS) <= set(table.ACCELERATORS)


@pytest.mark.parametrize("device", sorted({*table.DEVICES} - {*table.GONE} - {*table.WITHOUT_XGBOOST}))
def test_a_device_that_neo_knows_is_a_target(tmp_path: Path, device: str) -> None:
    compiled = load_problem(write(tmp_path, f"compile: {{targets: [{device}]}}")).compile
    assert compiled is not None
    assert read_target(compiled.targets[0]).request() == {"TargetDevice": device}


def test_a_platform_is_named_by_its_parts() -> None:
    assert read_target("ml_c5") == Device("ml_c5")
    assert read_target("linux/arm64") == Platform("linux", "arm64")
    assert read_target("linux/x86_64/nvidia").request() == {
        "TargetPlatform": {"Os": "LINUX", "Arch": "X86_64", "Accelerator": "NVIDIA"}
    }
    assert [read_target(each).is_cloud for each in ("ml_m5", "rasp4b", "linux/x86_64")] == [True, False, False]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            "{targets: [rasp4]}",
            (
                "compile.targets[0]: Neo compiles for no device `rasp4`. Did you mean `rasp4b`? Or write a "
                "platform, such as `linux/arm64`."
            ),
        ),
        (
            "{targets: [linux/arm]}",
            "compile.targets[0]: `arm` is not known in the platform `linux/arm`. Did you mean `arm64`?",
        ),
        (
            "{targets: [linux/arm64/nvidia/x]}",
            (
                "compile.targets[0]: `linux/arm64/nvidia/x` is no platform. Write SYSTEM/ARCHITECTURE, and "
                "/ACCELERATOR where there is one."
            ),
        ),
        ("{targets: [ml_c5, ml_c5]}", "compile.targets: `ml_c5` is listed 2 times. List it once."),
        (
            "{targets: [coreml]}",
            (
                "compile.targets[0]: Core ML takes models of TensorFlow and PyTorch, and none of xgboost. "
                "Compile for another device."
            ),
        ),
        ("{targets: [ml_eia2]}", "compile.targets[0]: Elastic Inference has ended. Compile for another device."),
        (
            "{targets: [linux/arm64/nvidia]}",
            (
                "compile.targets[0]: a platform with `nvidia` needs the compiler options cuda-ver, gpu-code, "
                "trt-ver. Add them under `compile.options`, such as {gpu-code: sm_72, trt-ver: 6.0.1, "
                "cuda-ver: '10.1'}."
            ),
        ),
        (
            f"{{targets: [android/x86/nvidia], options: {{android/x86/nvidia: {NVIDIA}}}}}",
            (
                "compile.targets[0]: no android on x86 has `nvidia`. Write `linux/arm64/nvidia` or "
                "`linux/x86_64/nvidia`, or leave the accelerator away."
            ),
        ),
        (
            "{targets: [linux/arm_eabi]}",
            (
                "compile.targets[0]: `arm_eabi` is the architecture of Android's 32-bit devices. Write "
                "`android/arm_eabi`, or `linux/arm_eabihf`."
            ),
        ),
        (
            "{targets: [android/arm64], options: {android/arm64: {ANDROID_PLATFORM: 33}}}",
            (
                "compile.options.android/arm64: `ANDROID_PLATFORM: 33` is not possible for android/arm64. "
                "Write a whole number from 21 to 29, for platforms of Android alone."
            ),
        ),
        (
            "{targets: [ml_c5], options: {ml_c6: {mcpu: x}}}",
            "compile.options.ml_c6: there are options for a target that is not in `targets`. Did you mean `ml_c5`?",
        ),
        (
            "{targets: [ml_c5], options: {ml_c5: {mcpu: %s}}}" % ("x" * 1024),
            "compile.options.ml_c5: they have 1,035 characters as JSON. Neo takes 1,024.",
        ),
        (
            "{targets: [ml_c5], framework_version: '1.3'}",
            "compile.framework_version: Neo takes no version for models of xgboost. Remove it.",
        ),
        (
            "{targets: [ml_c5], inputs: {data: [1, 3]}}",
            (
                "compile.inputs: the model that is compiled is the one that is trained, and Neo asks for "
                "nothing about it. Remove `inputs`, or name the framework of a model that was trained "
                "elsewhere."
            ),
        ),
        (
            "{targets: [ml_c5], framework: onnx, model: s3://b/m.tar.gz}",
            (
                "compile.inputs: it is missing, and Neo needs it for a model of onnx. Add `inputs:`. With "
                "`pytorch` and `onnx`: each input's shape by its name, such as `input0: [1, 3, 224, 224]`."
            ),
        ),
        (
            "{targets: [ml_c5], framework: onnx, model: s3://b/m.zip, inputs: {data: [1]}}",
            (
                "compile.model: `s3://b/m.zip` is no address of a model archive. Write the S3 address of a "
                "`.tar.gz` with the model."
            ),
        ),
        (
            PYTORCH.replace("1.8", "1.13") % "ml_c5, rasp4b",
            'compile.framework_version: Neo compiles no models of pytorch 1.13 for rasp4b. Write one of "1.7", "1.8".',
        ),
        (
            PYTORCH.replace("[1, 3]", "[1, 0]") % "ml_c5",
            "compile.inputs.x: it has no shape. Write one, such as [1, 3, 224, 224].",
        ),
        (
            PYTORCH.replace("[1, 3]", str([1] * 9_000)) % "ml_c5",
            "compile.inputs: they have 18,007 characters as JSON. Neo takes 16,384: list fewer inputs.",
        ),
    ],
)
def test_what_the_service_does_not_take_is_found_before_anything_is_submitted(
    tmp_path: Path, settings: str, said: str
) -> None:
    assert found(tmp_path, settings) == [said]


def test_models_of_other_frameworks_go_with_what_the_service_needs_to_know_of_them(tmp_path: Path) -> None:
    compiled = load_problem(write(tmp_path, "compile: " + PYTORCH % "rasp4b, jetson_xavier")).compile
    assert compiled is not None
    assert compiled.data_input_config() == '{"x":[1,3]}'
    assert compiled.model == "s3://b/m.tar.gz"


def test_options_are_written_as_json_in_one_way(tmp_path: Path) -> None:
    settings = f"{{targets: [linux/arm64/nvidia, ml_c5], options: {{linux/arm64/nvidia: {NVIDIA}}}}}"
    compiled = load_problem(write(tmp_path, f"compile: {settings}")).compile
    assert compiled is not None
    options = '{"cuda-ver":"10.1","gpu-code":"sm_72","trt-ver":"6.0.1"}'
    assert compiled.compiler_options("linux/arm64/nvidia") == options
    assert compiled.compiler_options("ml_c5") is None


def test_models_of_automl_are_not_compiled(tmp_path: Path) -> None:
    assert found(tmp_path, "{targets: [ml_c5]}", "model: auto") == [
        (
            "compile: AutoML's models run in containers of their own, and Neo compiles none of them. "
            "Remove `compile`, or remove `model: auto`."
        )
    ]


def test_nothing_is_compiled_unless_a_problem_asks_for_it_and_then_for_something(tmp_path: Path) -> None:
    assert problem().compile is None
    empty = "compile.targets: it is empty. List a target, such as `ml_c5`, or remove `compile`."
    assert found(tmp_path, "{targets: []}") == [empty]
    assert Compile(targets=("ml_c5",)).framework == "xgboost"
