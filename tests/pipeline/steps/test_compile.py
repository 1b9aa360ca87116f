"""ExportForNeo and the Compile steps: a leaf after Register, only where the problem asks for it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.definition.validate import validate
from pipeline.arguments import BOOTSTRAP_OLD, LONGEST_ARGUMENT
from pipeline.bundle import build_bundle
from pipeline.names import compile_step
from tests.pipeline.conftest import Definition, flattened
from tests.pipeline.inputs import VALUES

Steps = dict[str, dict[str, Any]]
TARGETS = ["ml_c5", "linux/arm64", "linux/arm64/nvidia"]
NVIDIA = {"gpu-code": "sm_72", "trt-ver": "6.0.1", "cuda-ver": "10.1"}
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def definition(built: Callable[..., Definition]) -> Definition:
    asked = {"targets": TARGETS, "options": {"linux/arm64/nvidia": NVIDIA}, "max_runtime_minutes": 20}
    return built(of={"compile": asked})


@pytest.fixture(scope="module")
def compiled(definition: Definition) -> Steps:
    return flattened(definition)


def test_nothing_is_compiled_unless_the_problem_asks_for_it(steps: Steps) -> None:
    assert not [name for name in steps if name.startswith(("Compile", "ExportForNeo"))]


def test_the_laptop_finds_nothing_wrong_with_it(definition: Definition) -> None:
    assert validate(definition, text_size=len(json.dumps(definition))) == []


def test_the_export_runs_where_xgboost_1_3_is_isolated_and_encrypted_as_every_job(
    compiled: Steps, steps: Steps
) -> None:
    export, other = compiled["ExportForNeo"]["Arguments"], steps["Evaluate"]["Arguments"]
    image = export["AppSpecification"]["ImageUri"]
    assert image.partition("/")[2] == "sagemaker-xgboost:1.3-1"
    assert image.partition("/")[0] == other["AppSpecification"]["ImageUri"].partition("/")[0]
    assert export["NetworkConfig"] == other["NetworkConfig"]
    assert export["ProcessingOutputConfig"]["KmsKeyId"] == VALUES["ArtifactKeyArn"]
    assert compiled["ExportForNeo"]["DependsOn"] == ["Register"]
    (candidate,) = [each for each in export["ProcessingInputs"] if each["InputName"] == "candidate"]
    assert candidate["S3Input"]["S3Uri"] == {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}


def test_each_target_is_a_callback_that_carries_what_its_job_needs(compiled: Steps) -> None:
    exported = {"Get": "Steps.ExportForNeo.ProcessingOutputConfig.Outputs['neo'].S3Output.S3Uri"}
    for target in TARGETS:
        step = compiled[compile_step(target)]
        assert (step["Type"], step["SqsQueueUrl"]) == ("Callback", VALUES["CompileQueueUrl"])
        given = step["Arguments"]
        assert given["S3Uri"] == {"Std:Join": {"On": "/", "Values": [exported, "model.tar.gz"]}}
        assert (given["Framework"], given["MaxRuntimeInSeconds"], given["Problem"]) == ("XGBOOST", "1200", "two_words")
        assert given["Target"] == target
        assert all(isinstance(value, str) for name, value in given.items() if not name.startswith("S3"))
        assert [each["OutputName"] for each in step["OutputParameters"]] == [
            "ModelArtifacts",
            "CompilationJobName",
            "CompilationTarget",
        ]
        # Who may read and write, and with which key, is not the message's to say.
        assert not {"RoleArn", "KmsKeyId", "VpcConfig"} & set(given)


def test_devices_and_platforms_are_written_as_the_service_takes_them(compiled: Steps) -> None:
    assert compiled["Compile-ml-c5"]["Arguments"]["TargetDevice"] == "ml_c5"
    nvidia = compiled["Compile-linux-arm64-nvidia"]["Arguments"]
    assert json.loads(nvidia["TargetPlatform"]) == {"Os": "LINUX", "Arch": "ARM64", "Accelerator": "NVIDIA"}
    assert json.loads(nvidia["CompilerOptions"]) == NVIDIA
    assert "TargetDevice" not in nvidia


def test_it_is_a_leaf_that_nothing_waits_for(compiled: Steps) -> None:
    for name, step in compiled.items():
        if not name.startswith("Compile"):
            arguments = {key: value for key, value in step["Arguments"].items() if not key.endswith("Steps")}
            assert "Compile" not in json.dumps([arguments, step.get("DependsOn", [])]), name


def test_names_of_steps_are_such_as_the_service_takes() -> None:
    for target in ("ml_c5", "jetson_xavier", "linux/x86_64/intel_graphics", "android/arm_eabi"):
        assert re.fullmatch(r"[A-Za-z0-9](-*[A-Za-z0-9]){0,63}", compile_step(target))


def test_a_model_of_another_framework_goes_as_it_is_with_what_neo_asks_of_it(built: Callable[..., Definition]) -> None:
    asked = {
        "targets": ["rasp4b"],
        "framework": "pytorch",
        "framework_version": "1.8",
        "model": "s3://models/net.tar.gz",
        "inputs": {"input0": [1, 3, 224, 224]},
    }
    found = flattened(built(of={"compile": asked}))
    assert "ExportForNeo" not in found
    step = found["Compile-rasp4b"]
    given = step["Arguments"]
    assert (given["Framework"], given["FrameworkVersion"]) == ("PYTORCH", "1.8")
    assert (given["S3Uri"], given["DataInputConfig"]) == ("s3://models/net.tar.gz", '{"input0":[1,3,224,224]}')
    assert step["DependsOn"] == ["Register"]


def test_a_tuned_models_export_reads_the_best_training(built: Callable[..., Definition]) -> None:
    found = flattened(built(of={"tuning": {"max_jobs": 2}, "compile": {"targets": ["ml_c5"]}}))
    (candidate,) = [
        each["S3Input"]["S3Uri"]
        for each in found["ExportForNeo"]["Arguments"]["ProcessingInputs"]
        if each["InputName"] == "candidate"
    ]
    assert candidate["Std:Join"]["Values"][1] == {"Get": "Steps.Tune.TrainingJobSummaries[0].TrainingJobName"}


def test_what_starts_the_program_in_the_old_image_fits_an_argument_and_unpacks_the_bundle(tmp_path: Path) -> None:
    assert len(BOOTSTRAP_OLD) <= LONGEST_ARGUMENT
    bundle = tmp_path / "bundle.tar.gz"
    bundle.write_bytes(build_bundle(ROOT).content)
    command = [
        sys.executable,
        "-W",
        "error::DeprecationWarning",
        "-c",
        BOOTSTRAP_OLD,
        str(bundle),
        "processing_scripts.export_for_neo",
    ]
    done = subprocess.run([*command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Write a model for SageMaker Neo." in done.stdout
    hostile = tmp_path / "hostile.tar.gz"
    with tarfile.open(hostile, "w:gz") as archive:
        archive.add(bundle, "../outside")
    done = subprocess.run(
        [*command[:5], str(hostile), "any"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "OutsideDestinationError" in done.stderr
