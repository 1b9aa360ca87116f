from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.pipeline.conftest import Definition, flattened

Steps = dict[str, dict[str, Any]]
SHARDS = ["FitShards", "MergeFits", "TransformShards"]


@pytest.fixture(scope="module")
def sharded(built: Callable[..., Definition]) -> Steps:
    return flattened(built(of={"processing": {"shards": 4}}))


def distribution(step: dict[str, Any]) -> dict[str, str | None]:
    inputs = step["Arguments"]["ProcessingInputs"]
    return {entry["InputName"]: entry["S3Input"].get("S3DataDistributionType") for entry in inputs}


def outputs(step: dict[str, Any]) -> list[str]:
    return [entry["OutputName"] for entry in step["Arguments"]["ProcessingOutputConfig"]["Outputs"]]


def test_one_host_prepares_in_one_step(steps: Steps) -> None:
    assert not steps.keys() & set(SHARDS)


def test_shards_are_read_fitted_and_transformed_in_steps_of_their_own(sharded: Steps) -> None:
    assert list(sharded)[:3] == SHARDS
    assert "Prepare" not in sharded
    hosts = {
        name: sharded[name]["Arguments"]["ProcessingResources"]["ClusterConfig"]["InstanceCount"] for name in SHARDS
    }
    assert hosts == {"FitShards": 4, "MergeFits": 1, "TransformShards": 4}
    assert [sharded[name]["Arguments"]["NetworkConfig"]["EnableNetworkIsolation"] for name in SHARDS] == [True] * 3


def test_the_data_alone_is_dealt_out(sharded: Steps) -> None:
    whole = "FullyReplicated"
    assert distribution(sharded["FitShards"]) == {"code": whole, "data": "ShardedByS3Key"}
    assert distribution(sharded["MergeFits"]) == {"code": whole, "parts": whole}
    everything = {"code": whole, "data": "ShardedByS3Key", "features": whole, "plan": whole}
    assert distribution(sharded["TransformShards"]) == everything


def test_together_they_give_what_one_step_gives(sharded: Steps, steps: Steps) -> None:
    assert set(outputs(steps["Prepare"])) < {name for step in SHARDS for name in outputs(sharded[step])}
    for step, channel, source in (("Train", "train", SHARDS[2]), ("TrainBaseline", "features", SHARDS[1])):
        (entry,) = [entry for entry in sharded[step]["Arguments"]["InputDataConfig"] if entry["ChannelName"] == channel]
        assert entry["DataSource"]["S3DataSource"]["S3Uri"] == {
            "Get": f"Steps.{source}.ProcessingOutputConfig.Outputs['{channel}'].S3Output.S3Uri"
        }
