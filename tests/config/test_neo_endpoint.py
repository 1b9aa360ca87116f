from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from config import compilation_table as table
from config.neo_endpoint import family, unserved
from config.regions import REGIONS, WITHOUT_NEO
from tests.config.test_automl import mistakes, write
from tests.pipeline.inputs import environment, problem

SERVED = "`ml_c4`, `ml_c5`, `ml_m4` or `ml_m5`"
INSTANCES = {"processing": "ml.m5.large", "training": ["ml.m5.xlarge"]}


@pytest.mark.parametrize("targets", ["[rasp4b]", "[ml_c6g, linux/x86_64]", "[ml_p3]"])
def test_an_endpoint_needs_a_target_that_neos_image_serves(tmp_path: Path, targets: str) -> None:
    assert mistakes(write(tmp_path, f"compile: {{endpoint: true, targets: {targets}}}")) == [
        (
            "compile.targets: none of the targets is an instance family that Neo's own image serves trees on. "
            f"Add {SERVED}, or remove `endpoint`."
        )
    ]


def test_a_model_that_was_trained_elsewhere_is_not_served(tmp_path: Path) -> None:
    settings = "{endpoint: true, targets: [ml_c5], framework: onnx, model: s3://b/m.tar.gz, inputs: {x: [1, 3]}}"
    assert mistakes(write(tmp_path, f"compile: {settings}")) == [
        (
            "compile.endpoint: the endpoint serves the model that is trained, and this one is a model of onnx. "
            "Remove `endpoint`, or compile the model that is trained."
        )
    ]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = mistakes(write(tmp_path, "model: auto\ncompile: {endpoint: true, targets: [rasp4b, coreml]}"))
    assert [each.partition(":")[0] for each in found] == ["compile", "compile.targets", "compile.targets[1]"]


def test_the_instances_of_the_environment_have_to_be_of_a_target_and_the_region_to_have_the_image() -> None:
    asked = problem(compile={"targets": ["ml_c5", "rasp4b"], "endpoint": True})
    assert unserved(asked, environment(instances={**INSTANCES, "inference": "ml.c5.xlarge"})) == []
    found = unserved(asked, environment(region="eu-south-2"))
    assert [f"{each.path}: {each.message} {each.fix}" for each in found] == [
        (
            "compile.endpoint: the endpoint's instances in the environment trial are `ml.m5.large`, and the model is "
            "compiled for ml_c5, rasp4b. Add `ml_m5` to `compile.targets`, or remove `endpoint`."
        ),
        (
            "compile.endpoint: AWS has no image for Neo's models of XGBoost in eu-south-2. Remove `endpoint`, or "
            "choose another region."
        ),
    ]
    (other,) = unserved(asked, environment(instances={**INSTANCES, "inference": "ml.g4dn.xlarge"}))
    assert other.fix.startswith("Neo's own image serves trees on ml_c4, ml_c5, ml_m4, ml_m5: choose other instances")


def test_environments_do_not_matter_to_problems_without_it() -> None:
    for asked in (problem(), problem(compile={"targets": ["rasp4b"]})):
        assert unserved(asked, environment(region="eu-south-2")) == []


def test_instance_families_are_named_as_neo_names_them() -> None:
    assert (family("ml.m5.large"), family("ml.c5d.2xlarge")) == ("ml_m5", "ml_c5d")
    assert set(table.SERVED) <= set(table.DEVICES)


def test_the_regions_without_the_image_are_those_that_the_sdk_does_not_know() -> None:
    spec = importlib.util.find_spec("sagemaker")
    assert spec is not None
    assert spec.submodule_search_locations
    images = Path(next(iter(spec.submodule_search_locations))) / "core" / "image_uri_config" / "xgboost-neo.json"
    registries = json.loads(images.read_text(encoding="utf-8"))["versions"]["latest"]["registries"]
    assert set(WITHOUT_NEO) == set(REGIONS) - set(registries)
