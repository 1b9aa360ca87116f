"""A problem whose model is compiled: exported for Neo, compiled through queue and functions, and equal to the model.

The compiled model is served as well, in what stands for Neo's own image, and answers as the registered one does.
"""

from __future__ import annotations

import json
import platform
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.archive import Archive, open_archive, unpack
from inference.compiler.library import Library
from inference.handler import Request
from local.client import client
from local.hosting.pool import pool_of
from local.store.home import Home
from local.store.store import Store
from tests.support.command import Done, here
from tests.support.stacks import COMPILED

PIPELINE = "sageline-compiled"
TARGETS = {"Compile-ml-m5": "ml_m5", "Compile-linux-arm64": "LINUX_ARM64"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compiled") / "home"


@pytest.fixture(scope="module")
def ran(home: Path) -> Iterator[Done]:
    done = here(home, "run", str(COMPILED), "-p", "DeployEndpoint=true", "--json")
    assert done.code == 0, done.err
    yield done
    pool_of(Store(Home(home))).stop()


def fetched(home: Path, uri: str, into: Path) -> Path:
    """The unpacked archive at an address."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    into.mkdir()
    file = into / "archive.tar.gz"
    file.write_bytes(client("s3", home).get_object(Bucket=bucket, Key=key)["Body"].read())
    return unpack(file, into)


def registered_archive(ran: Done, home: Path, into: Path) -> Archive:
    sagemaker = client("sagemaker", home)
    package: Any = sagemaker.describe_model_package(ModelPackageName=ran.json["model_package"])
    (container,) = package["InferenceSpecification"]["Containers"]
    return open_archive(fetched(home, container["ModelDataUrl"], into / "registered"))


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
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the artefact for ml_m5 is for Linux on x86-64"
)
def test_the_artefact_answers_as_the_registered_model_does_to_the_last_bit(
    ran: Done, home: Path, tmp_path: Path
) -> None:
    registered = registered_archive(ran, home, tmp_path)
    compiled = fetched(home, ran.json["compiled"]["Compile-ml-m5"], tmp_path / "compiled")
    random = np.random.default_rng(11)
    rows = random.normal(size=(20_000, 30)).astype(np.float32)
    rows[random.random(rows.shape) < 0.05] = np.nan
    expected = registered.model.scores(rows)
    facts = json.loads((compiled / "compiled.json").read_text(encoding="utf-8"))
    library = Library(compiled / "compiled.so", facts["width"], facts["outputs"])
    answered = library.scores(rows).reshape(expected.shape)
    assert int((expected.view(np.uint32) != answered.view(np.uint32)).sum()) == 0
    assert len(np.unique(expected)) > 50


def test_the_endpoint_on_neos_image_answers_as_the_registered_model_does_byte_for_byte(
    ran: Done, home: Path, tmp_path: Path
) -> None:
    steps = {each["name"]: each["status"] for each in ran.json["steps"]}
    served = ("CreateNeoModel", "EndpointConfig", "Endpoint", "SmokeTest")
    assert {steps[name] for name in served} == {"Succeeded"}
    registered = registered_archive(ran, home, tmp_path)
    (data,) = home.glob("s3/sageline-laptop-data/builtin/breast_cancer/*/breast_cancer.csv")
    runtime = client("sagemaker-runtime", home)
    for accept in ("text/csv", "application/json"):
        answer = runtime.invoke_endpoint(
            EndpointName=PIPELINE, ContentType="text/csv", Accept=accept, Body=data.read_bytes()
        )
        expected = registered.handler.answer(Request(data.read_text(), "text/csv", accept))
        assert (answer["ContentType"], answer["Body"].read().decode()) == (accept, expected.body)
    with pytest.raises(runtime.exceptions.ModelError, match=r"error \(400\) from preprocess .*a row has 2 cells"):
        runtime.invoke_endpoint(EndpointName=PIPELINE, ContentType="text/csv", Body="1,2\n")


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
