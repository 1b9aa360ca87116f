"""What a finished run of the bundled binary problem leaves, and what the other commands say of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support.command import Finished

CONTRACT = {"execution", "status", "steps", "metrics", "model_package", "compiled", "endpoint", "report"}
STEP_CONTRACT = {"name", "type", "status", "seconds", "cache", "reason"}


def test_the_json_object_is_the_contract_s(finished: Finished) -> None:
    assert set(finished.result) == CONTRACT
    assert all(set(step) == STEP_CONTRACT for step in finished.result["steps"])
    assert {step["name"]: step["status"] for step in finished.result["steps"]} == {
        "Prepare": "Succeeded",
        "FindChampion": "Succeeded",
        "TrainBaseline": "Succeeded",
        "Train": "Succeeded",
        "Evaluate": "Succeeded",
        "QualityGate": "Succeeded",
        "ChampionGate": "Succeeded",
        "Register": "Succeeded",
        "DeployGate": "Succeeded",
        "CreateModel": "NotExecuted",
        "EndpointConfig": "NotExecuted",
        "Endpoint": "NotExecuted",
        "SmokeTest": "NotExecuted",
        "FailChampion": "NotExecuted",
        "Fail": "NotExecuted",
    }
    assert finished.result["metrics"]["auc"] >= 0.97


def test_a_second_run_takes_every_job_from_the_cache(finished: Finished) -> None:
    second = finished.sageline("run", "breast_cancer", "--json").json
    caches = {step["name"]: step["cache"] for step in second["steps"]}
    assert {caches[name] for name in ("Prepare", "TrainBaseline", "Train", "Evaluate")} == {"hit"}
    assert second["execution"] != finished.result["execution"]
    assert second["metrics"] == finished.result["metrics"]


def test_a_new_seed_is_not_taken_from_the_cache_and_the_reason_is_said(finished: Finished) -> None:
    third = finished.sageline("run", "breast_cancer", "--json", "-p", "Seed=8", "--only", "Prepare").json
    assert {step["name"]: step["cache"] for step in third["steps"]}["Prepare"] == "miss"
    shown = finished.sageline("show", third["execution"]).out
    assert "Prepare: Seed changed from 7 to 8." in shown


def test_the_model_package_awaits_approval_and_shows_its_metrics(finished: Finished) -> None:
    found = finished.sageline("models", "breast_cancer", "--json").json
    assert finished.result["model_package"] in [package["model_package"] for package in found]
    assert finished.sageline("approve", "breast_cancer/1", "--comment", "seen").out == (
        "sageline-breast-cancer/1: approved\n"
    )
    assert finished.sageline("reject", finished.result["model_package"]).out == "sageline-breast-cancer/1: rejected\n"


def test_the_archive_holds_what_serving_needs(finished: Finished) -> None:
    archives = [path for path in finished.home.rglob("model.tar.gz") if "/Train/" in path.as_posix()]
    assert archives
    with tarfile.open(archives[0]) as archive:
        names = {name.removeprefix("./") for name in archive.getnames()}
    assert {"model.json", "features.json", "samples.json", "manifest.json", "code/serving.py"} <= names


def test_a_registered_model_compiles_into_a_bundle_that_answers_by_itself(finished: Finished, tmp_path: Path) -> None:
    done = finished.sageline(
        "compile", "breast_cancer", "--target", "host", "-o", str(tmp_path / "bc.tar.gz"), "--json"
    )
    found = done.json
    assert found["compiled"]["checked"] | {"adversarial_rows": 0} == {
        "how": "run on this machine",
        "adversarial_rows": 0,
        "given_rows": 20,
        "differing": 0,
    }
    shutil.unpack_archive(found["bundle"], tmp_path / "edge")
    line = [sys.executable, "-I", "-S", str(tmp_path / "edge" / "run"), "--check"]
    checked = subprocess.run(line, capture_output=True, text=True, check=True)
    assert checked.stdout == "All 20 sample rows are predicted as in training.\n"


def test_the_log_of_a_step_is_what_its_job_printed(finished: Finished) -> None:
    execution = finished.result["execution"].rsplit("/", 1)[-1]
    shown = finished.sageline("logs", execution, "train")
    assert shown.code == 0
    assert "validation-auc:" in shown.out
    refused = finished.sageline("logs", execution, "Nope")
    assert refused.code == 2
    assert "Its steps: Prepare, FindChampion, TrainBaseline, Train" in refused.err


def test_runs_lists_the_execution(finished: Finished) -> None:
    assert finished.result["execution"].rsplit("/", 1)[-1] in finished.sageline("runs").out


class Addresses(HTMLParser):
    """Collects every address that a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fetching = {"img": "src", "script": "src", "link": "href", "iframe": "src", "use": "href"}
        self.found += [value or "" for name, value in attrs if fetching.get(tag) == name]


def test_the_report_needs_no_network(finished: Finished) -> None:
    page = Path(finished.result["report"]).read_text(encoding="utf-8")
    parser = Addresses()
    parser.feed(page)
    assert [address for address in parser.found if not address.startswith(("data:", "#"))] == []
    assert "@import" not in page
    for name in ("Prepare", "TrainBaseline", "QualityGate"):
        assert name in page


def test_the_record_says_how_each_step_ran(finished: Finished) -> None:
    record = json.loads(finished.sageline("show", finished.result["execution"], "--json").out)
    how = {step["name"]: step["how"] for step in record["steps"]}
    assert how["Train"] == "ran"
    assert record["parameters"]["Seed"] == 7


@pytest.mark.parametrize("words", [("show", "nosuch"), ("logs", "nosuch", "Train"), ("resume", "nosuch")])
def test_an_unknown_execution_is_wrong_usage(finished: Finished, words: tuple[str, ...]) -> None:
    done = finished.sageline(*words)
    assert done.code == 2
    assert "`sageline runs` lists the executions" in done.err
