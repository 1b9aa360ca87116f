"""A problem whose model is compiled: exported for Neo, compiled through queue and functions, and equal to the model."""

from __future__ import annotations

import json
import platform
import sys
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.archive import open_archive, unpack
from inference.compiler.library import Library
from local.client import client
from local.store.home import Home
from local.store.store import Store
from tests.support.command import Done, here
from tests.support.stacks import COMPILED

PIPELINE = "sageline-compiled"
TARGETS = {"Compile-ml-c5": "ml_c5", "Compile-linux-arm64": "LINUX_ARM64"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compiled") / "home"


@pytest.fixture(scope="module")
def ran(home: Path) -> Done:
    done = here(home, "run", str(COMPILED), "--json")
    assert done.code == 0, done.err
    return done


def fetched(home: Path, uri: str, into: Path) -> Path:
    """The unpacked archive at an address."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    into.mkdir()
    file = into / "archive.tar.gz"
    file.write_bytes(client("s3", home).get_object(Bucket=bucket, Key=key)["Body"].read())
    return unpack(file, into)


def test_the_run_ends_with_an_artefact_for_each_target(ran: Done) -> None:
    found = ran.json
    assert {name: uri.rpartition("/")[2] for name, uri in found["compiled"].items()} == {
        name: f"model-{target}.tar.gz" for name, target in TARGETS.items()
    }
    for uri in found["compiled"].values():
        assert f"Neo:     {uri}" in ran.err
    report = Path(found["report"]).read_text(encoding="utf-8")
    assert all(uri in report for uri in found["compiled"].values())


def test_what_stood_in_for_neo_is_said(ran: Done, home: Path) -> None:
    steps = {each["name"]: each for each in ran.json["steps"]}
    for name in TARGETS:
        assert steps[name]["type"] == "Callback"
        assert steps[name]["reason"].startswith("Sageline's own compiler stands in for Neo: it ran sageline-compiled-")
    records = Store(Home(home)).steps.of(ran.json["execution"])
    assert {each.name: each.how for each in records if each.name in TARGETS} == dict.fromkeys(TARGETS, "emulated")
    (export,) = [each for each in records if each.name == "ExportForNeo"]
    assert export.how == "ran"


def test_the_export_says_that_no_xgboost_1_3_has_read_it(ran: Done, home: Path, tmp_path: Path) -> None:
    found = client("s3", home).list_objects_v2(Bucket="sageline-laptop-artifacts", Prefix=PIPELINE)["Contents"]
    (key,) = [each["Key"] for each in found if each["Key"].endswith("ExportForNeo/neo/export.json")]
    body = client("s3", home).get_object(Bucket="sageline-laptop-artifacts", Key=key)["Body"]
    report = json.load(body)
    assert (report["checked_by"], report["objective"], report["features"]) == (None, "binary:logistic", 30)


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the artefact for ml_c5 is for Linux on x86-64"
)
def test_the_artefact_answers_as_the_registered_model_does_to_the_last_bit(
    ran: Done, home: Path, tmp_path: Path
) -> None:
    sagemaker = client("sagemaker", home)
    package: Any = sagemaker.describe_model_package(ModelPackageName=ran.json["model_package"])
    (container,) = package["InferenceSpecification"]["Containers"]
    registered = open_archive(fetched(home, container["ModelDataUrl"], tmp_path / "registered"))
    compiled = fetched(home, ran.json["compiled"]["Compile-ml-c5"], tmp_path / "compiled")
    random = np.random.default_rng(11)
    rows = random.normal(size=(20_000, 30)).astype(np.float32)
    rows[random.random(rows.shape) < 0.05] = np.nan
    expected = registered.model.scores(rows)
    facts = json.loads((compiled / "compiled.json").read_text(encoding="utf-8"))
    library = Library(compiled / "compiled.so", facts["width"], facts["outputs"])
    answered = library.scores(rows).reshape(expected.shape)
    assert int((expected.view(np.uint32) != answered.view(np.uint32)).sum()) == 0
    assert len(np.unique(expected)) > 50


def test_its_events_hastened_the_answer_and_no_message_was_given_up(ran: Done, home: Path) -> None:
    store = Store(Home(home))
    told = [
        each["detail"]["CompilationJobStatus"]
        for each in store.events.after()
        if each["detail-type"] == "SageMaker Compilation Job State Change"
    ]
    assert told.count("COMPLETED") == len(TARGETS)
    sqs = client("sqs", home)
    urls = [url for url in sqs.list_queues().get("QueueUrls", []) if url.endswith("-dead")]
    assert [sqs.receive_message(QueueUrl=url).get("Messages", []) for url in urls] in ([], [[]])


def test_archives_hold_nothing_but_the_compiled_model(ran: Done, home: Path, tmp_path: Path) -> None:
    for number, uri in enumerate(ran.json["compiled"].values()):
        with tarfile.open(fetched(home, uri, tmp_path / str(number)) / "archive.tar.gz") as archive:
            names = set(archive.getnames())
        assert names - {"compiled.so"} == {"compiled.c", "compiled.json", "compiled.meta", "model.h"}
