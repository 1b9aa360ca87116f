"""A problem that leaves its model to AutoML: searched, measured, registered, served, asked, and found in the cache."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.functions import smoke_test
from local.client import client
from local.hosting.pool import pool_of
from local.store.home import Home
from local.store.store import Store
from tests.support.command import Finished, here
from tests.support.jobs import write_csv

NAME = "sageline-plants"
COLUMNS = ["id", "height", "place", "notes", "kind"]
PROBLEM = """\
goal: Tell kinds of plants apart.
data: plants.csv
target: kind
kind: multiclass
metric: accuracy
threshold: 0.6
drop: [notes]
model: auto
automl: {max_candidates: 2}
deploy: {batch: true}
"""


def rows() -> list[list[str]]:
    found = []
    for number in range(300):
        kind = number % 3
        height = f"{kind * 4 + (number * 7 % 11) / 3:.2f}" if number % 13 else "?"
        place = ["wood, wet", "field", " hill"][(kind + (number % 10 == 0)) % 3]
        found.append([f"p{number}", height, place, "x", ["fern", "moss", "reed"][kind]])
    return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("plants")
    write_csv(folder / "plants.csv", COLUMNS, rows())
    (folder / "plants.yaml").write_text(PROBLEM)
    home = folder / "home"
    done = here(home, "run", str(folder / "plants.yaml"), "-p", "DeployEndpoint=true", "--json")
    assert done.code == 0, done.err
    yield Finished(home, done.json)
    pool_of(Store(Home(home))).stop()


def steps(result: dict[str, Any]) -> dict[str, Any]:
    return {step["name"]: step for step in result["steps"]}


def read(home: Path, result: dict[str, Any], name: str) -> Any:
    key = f"{NAME}/{result['execution'].rpartition('/')[2]}/Evaluate/evaluation/{name}"
    return json.load(client("s3", home).get_object(Bucket="sageline-laptop-artifacts", Key=key)["Body"])


def test_every_step_runs_and_the_best_candidate_is_registered(ran: Finished) -> None:
    found = steps(ran.result)
    assert {name for name, step in found.items() if step["status"] != "Succeeded"} == {"Fail", "FailChampion"}
    assert found["AutoML"]["reason"].startswith("A search over model families stands in for Autopilot: 2 of 2")
    assert ran.result["metrics"]["accuracy"] > 0.6
    sagemaker = client("sagemaker", ran.home)
    (job,) = sagemaker.list_auto_ml_jobs()["AutoMLJobSummaries"]
    best = sagemaker.describe_auto_ml_job(AutoMLJobName=job["AutoMLJobName"])["BestCandidate"]
    package = sagemaker.describe_model_package(ModelPackageName=ran.result["model_package"])
    (container,) = package["InferenceSpecification"]["Containers"]
    assert container["ModelDataUrl"] == best["InferenceContainers"][0]["ModelDataUrl"]
    assert package["CustomerMetadataProperties"]["model"] == "auto"
    assert list(read(ran.home, ran.result, "details.json")["models"]) == ["candidate", "baseline"]


def test_the_endpoint_answers_rows_with_and_without_names(ran: Finished, tmp_path: Path) -> None:
    (tmp_path / "named.csv").write_text('place,height\n"wood, wet",0.4\nhill,9\n')
    (tmp_path / "plain.csv").write_text('0.4,"wood, wet"\n9,hill\n')
    named, plain = (ran.sageline("invoke", "plants", str(tmp_path / f"{name}.csv")) for name in ("named", "plain"))
    assert (named.code, named.out) == (0, plain.out), named.err
    assert [line.partition(",")[0] for line in plain.out.splitlines()] == ["fern", "reed"]
    (tmp_path / "table.csv").write_text(",".join(COLUMNS) + '\np1,0.4,"wood, wet",x,fern\np2,9,hill,x,reed\n')
    table = ran.sageline("invoke", "plants", str(tmp_path / "table.csv"))
    assert (table.code, table.out) == (0, plain.out), table.err


def test_the_endpoint_refuses_rows_that_it_cannot_answer(ran: Finished, tmp_path: Path) -> None:
    (tmp_path / "named.csv").write_text("height,kind\n1,fern\n")
    (tmp_path / "wide.csv").write_text("0.4,hill,x\n")
    refused = [ran.sageline("invoke", "plants", str(tmp_path / f"{name}.csv")) for name in ("named", "wide")]
    assert [each.code for each in refused] == [2, 2]
    assert "a row lacks the columns place" in refused[0].err
    assert "a row has 3 cells where the model takes 2: height, place." in refused[1].err


def test_a_table_is_scored_in_batch_row_by_row(ran: Finished) -> None:
    (scored,) = ran.home.glob(f"s3/sageline-laptop-artifacts/{NAME}/*/BatchTransform/plants.csv.out")
    lines = scored.read_text().splitlines()
    assert len(lines) == 300
    right = sum(line.partition(",")[0] == row[-1] for line, row in zip(lines, rows(), strict=True))
    assert right > 200


def test_an_endpoint_that_answers_otherwise_fails_the_smoke_test(
    ran: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = type("boto3", (), {"client": lambda name, **_: client(name, ran.home)})
    monkeypatch.setattr(smoke_test, "boto3", fake)
    samples = read(ran.home, ran.result, "samples.json")

    def event(content: Any) -> dict[str, str]:
        client("s3", ran.home).put_object(Bucket="sageline-laptop-artifacts", Key="s.json", Body=json.dumps(content))
        return {"EndpointName": NAME, "SamplesUri": "s3://sageline-laptop-artifacts/s.json"}

    assert smoke_test.handler(event(samples), None) == {"Rows": "20"}
    other = [["nettle", *samples["answers"][0][1:]], *samples["answers"][1:]]
    with pytest.raises(ValueError, match="for sample row 1, where the candidate predicted"):
        smoke_test.handler(event({**samples, "answers": other}), None)
    with pytest.raises(ValueError, match="20 predictions for 19 sample rows"):
        smoke_test.handler(event({**samples, "answers": samples["answers"][1:]}), None)
    with pytest.raises(ValueError, match="more than 4194304 bytes"):
        smoke_test.handler(event({"rows": "x" * (5 << 20)}), None)


def test_a_second_run_searches_nothing_and_leaves_an_approved_model_of_its_kind_unmeasured(ran: Finished) -> None:
    assert ran.sageline("approve", "plants/1").code == 0
    again = ran.sageline("run", str(ran.home.parent / "plants.yaml"), "--json")
    assert again.code == 0, again.err
    cached = {name for name, step in steps(again.json).items() if step["cache"] == "hit"}
    assert cached == {"Prepare", "TrainBaseline", "AutoML", "PredictTest", "Evaluate", "PrepareBatch", "BatchTransform"}
    assert again.json["metrics"] == ran.result["metrics"]
    assert "AutoML has made it, and it is not measured" in ran.sageline("logs", "latest", "FindChampion").out


def test_a_budget_of_nothing_is_refused_before_anything_runs(ran: Finished) -> None:
    done = ran.sageline("run", str(ran.home.parent / "plants.yaml"), "-p", "MaxCandidates=0")
    assert done.code == 2
    assert "has a MaxCandidates of 0; give at least 1." in done.err
