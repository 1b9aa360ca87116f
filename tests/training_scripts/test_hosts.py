"""Training over several hosts, as processes that find one another."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from inference.job import JobError
from tests.support.jobs import files_of, inside, training_environment
from tests.training_scripts.cluster import train_on
from training_scripts.hosts import Hosts
from training_scripts.rendezvous import ask, offer
from training_scripts.train_xgboost import main as train_xgboost

MODEL = Path("algo-1", "model")
ARGUMENTS = ("--seed", "3", "--num_round", "60")


def manifest(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text())


@pytest.fixture(scope="module")
def alone(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone") / "model"
    ran = inside(train_xgboost, *ARGUMENTS, environment=training_environment(prepared, folder))
    assert ran.returncode == 0, ran.stderr
    return folder


@pytest.fixture(scope="module")
def three(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("three")
    for ran in train_on(3, prepared, folder, *ARGUMENTS):
        assert ran.returncode == 0, ran.stderr
    return folder


def test_the_leading_host_alone_prints_and_writes_a_model_as_good_as_one_hosts(three: Path, alone: Path) -> None:
    together, single = manifest(three / MODEL), manifest(alone)
    assert together["hosts"] == 3
    assert "hosts" not in single
    assert abs(together["validation"]["auc"] - single["validation"]["auc"]) < 0.05
    assert abs(together["validation"]["log_loss"] - single["validation"]["log_loss"]) < 0.05
    # Sums over hosts are rounded differently, and each host draws its own sample of rows.
    assert (three / MODEL / "model.json").read_bytes() != (alone / "model.json").read_bytes()
    assert files_of(three / "algo-2" / "model") == files_of(three / "algo-3" / "model") == {}


def test_the_same_hosts_give_the_same_bytes_again(three: Path, prepared: Path, tmp_path: Path) -> None:
    first, *others = train_on(3, prepared, tmp_path, *ARGUMENTS)

    assert files_of(tmp_path / MODEL) == files_of(three / MODEL)
    assert "validation:auc=" in first.stdout
    assert "[0] train-auc:" in first.stdout
    assert not any("train-auc" in other.stdout for other in others)


def test_shards_of_the_rows_train_as_the_whole_does(prepared: Path, alone: Path, tmp_path: Path) -> None:
    table = pq.read_table(prepared / "train" / "features-00000.parquet")
    shards = {}
    for place, size in enumerate((100, table.num_rows - 100)):
        shards[place] = tmp_path / f"shard-{place}"
        shards[place].mkdir()
        pq.write_table(table.slice(100 * place, size), shards[place] / f"features-0000{place}.parquet")
    for ran in train_on(2, prepared, tmp_path, *ARGUMENTS, shards=shards):
        assert ran.returncode == 0, ran.stderr

    assert abs(manifest(tmp_path / MODEL)["validation"]["auc"] - manifest(alone)["validation"]["auc"]) < 0.05


def test_hosts_share_out_replicated_rows_and_keep_their_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    group = [Hosts(("algo-1", "algo-2", "algo-3"), f"algo-{number}") for number in (1, 2, 3)]
    assert [list(range(8))[host.part("train")] for host in group] == [[0, 3, 6], [1, 4, 7], [2, 5]]
    monkeypatch.setenv("SM_INPUT_DATA_CONFIG", '{"train": {"S3DistributionType": "ShardedByS3Key"}}')
    assert [list(range(3))[host.part("train")] for host in group] == [[0, 1, 2]] * 3


def test_jobs_that_meet_at_the_same_ports_are_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ports = [port, port + 1, port + 2]
    places = {job: offer("127.0.0.1", ports, job, f"place of {job}", 1) for job in ("one", "two")}

    assert len(set(places.values())) == 2
    assert ask("127.0.0.1", ports, "two", 5) == "place of two\n"
    assert ask("127.0.0.1", ports, "one", 5) == "place of one\n"
    with pytest.raises(JobError, match=r"was not heard of within 0\.1 seconds"):
        ask("127.0.0.1", ports, "one", 0.1)
