"""Environments that stand for images: the Python of the image's jobs, and what is said of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from local.engine.runtime import differences, runtime_of, versions
from local.jobs import own_images
from local.jobs.images import read_image
from local.jobs.programs import find_program
from tests.support.own_images import environment
from tests.support.pipelines import CACHED, Lab, definition, processing

URI = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:0.23-1-cpu-py3"


@pytest.fixture
def images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(own_images.VARIABLE, str(tmp_path / "images"))
    return tmp_path / "images"


def test_an_images_tag_comes_before_its_repository(images: Path) -> None:
    image = read_image(URI)
    assert own_images.python_of(image) is None
    environment(images / "sagemaker-scikit-learn")
    assert own_images.python_of(image) == images / "sagemaker-scikit-learn" / "bin" / "python3"
    environment(images / "sagemaker-scikit-learn" / "0.23-1-cpu-py3", version="2.0")
    assert own_images.installed_for(image)["old-package"] == "2.0"
    assert own_images.python_of(read_image("1.dkr.ecr.us-east-1.amazonaws.com/..:..")) is None


def test_python_is_the_environments_on_its_jobs_path_alone(images: Path) -> None:
    environment(images / "sagemaker-scikit-learn")
    path = own_images.environment_of(read_image(URI))["PATH"]

    assert find_program("/usr/bin/python3", path) == str(images / "sagemaker-scikit-learn" / "bin" / "python3")
    assert find_program("python", os.defpath) == sys.executable
    assert own_images.environment_of(read_image("x/sagemaker-xgboost:1.5-1")) == {}


def test_the_record_names_the_environment(images: Path) -> None:
    environment(images / "sagemaker-scikit-learn")
    request = {"AppSpecification": {"ImageUri": URI}}

    (told,) = differences([URI])
    assert told.startswith("Programs, and not the hosted models, of sagemaker-scikit-learn:0.23-1-cpu-py3 run by ")
    assert runtime_of(request)["old-package"] == "1.0"
    assert runtime_of({}) == versions()


@pytest.mark.parametrize(
    "arguments",
    [
        {"AlgorithmSpecification": {"TrainingImage": URI}},
        {"TrainingJobDefinition": {"AlgorithmSpecification": {"TrainingImage": URI}}},
        {
            "TrainingJobDefinitions": [
                {"AlgorithmSpecification": {"TrainingImage": each}} for each in (URI, "x/other:1")
            ]
        },
        {"ModelContent": [{"Image": URI}]},
    ],
)
def test_every_job_kind_depends_on_the_versions_in_the_environments_of_its_images(
    images: Path, arguments: dict[str, Any]
) -> None:
    assert runtime_of(arguments) == versions()
    environment(images / "sagemaker-scikit-learn")
    assert runtime_of(arguments)["old-package"] == "1.0"


def test_two_images_with_two_versions_of_a_package_are_two_versions(images: Path) -> None:
    environment(images / "sagemaker-scikit-learn")
    environment(images / "other", version="2.0")
    both = [{"Image": URI}, {"Image": "x/other:1"}]
    assert runtime_of({"ModelContent": both})["old-package"] == "1.0, 2.0"


def test_jobs_run_by_it_and_run_again_when_it_changes(tmp_path: Path, images: Path) -> None:
    lab = Lab.at(tmp_path)
    environment(images / "sagemaker-scikit-learn")
    code = "import os, old_package; os.system('python3 -c \"import old_package; print(old_package.VERSION)\"')"
    step = processing("Old", code, CacheConfig=CACHED)
    step["Arguments"]["AppSpecification"]["ImageUri"] = URI
    raw = definition(step)

    first, second = lab.run(raw, "first0000000"), lab.run(raw, "second000000")
    assert first.execution.status == "Succeeded", first.log("Old")
    assert "1.0" in first.log("Old")
    assert (second.steps["Old"].cache or {})["result"] == "hit"

    packages = next((images / "sagemaker-scikit-learn" / "lib").glob("*/site-packages"))
    (packages / "old_package-1.0.dist-info").rename(packages / "old_package-1.1.dist-info")
    third = lab.run(raw, "third0000000")
    assert "old-package" in (third.steps["Old"].cache or {})["reason"]
