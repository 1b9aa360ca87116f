"""A run that goes on from the model that another one registered."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

from local.client import client
from tests.support.command import ROOT, Finished


def manifest(home: Path, package: str) -> Any:
    sagemaker, s3 = client("sagemaker", home), client("s3", home)
    described = sagemaker.describe_model_package(ModelPackageName=package)
    address = described["InferenceSpecification"]["Containers"][0]["ModelDataUrl"]
    bucket, _, key = address.removeprefix("s3://").partition("/")
    with tarfile.open(fileobj=s3.get_object(Bucket=bucket, Key=key)["Body"], mode="r|gz") as archive:
        for member in archive:
            found = archive.extractfile(member) if member.name.endswith("manifest.json") else None
            if found is not None:
                return json.load(found)
    raise AssertionError(address)


def test_trees_are_added_to_a_registered_model_and_other_names_are_refused(finished: Finished, tmp_path: Path) -> None:
    text = (ROOT / "config" / "problems" / "breast_cancer.yaml").read_text(encoding="utf-8")
    problem = tmp_path / "breast_cancer.yaml"
    setting = "training:\n  continue_from: breast_cancer/{}\n  hyperparameters: {{num_round: 5}}\n"
    problem.write_text(text + setting.format(99), encoding="utf-8")
    refused = finished.sageline("run", str(problem))
    assert refused.code == 2
    assert "There is no model package 'breast_cancer/99'." in refused.err

    problem.write_text(text + setting.format(1), encoding="utf-8")
    done = finished.sageline("run", str(problem), "--json")

    assert done.code == 0, done.err
    before = manifest(finished.home, finished.result["model_package"])
    after = manifest(finished.home, done.json["model_package"])
    assert after["continued_after"] == before["best_iteration"] + 1
    assert after["best_iteration"] >= before["best_iteration"]
