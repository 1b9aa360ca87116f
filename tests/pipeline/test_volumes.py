from __future__ import annotations

import pytest

from pipeline.volumes import has_local_storage, volume_key


@pytest.mark.parametrize(
    "instance_type", ["ml.m5.large", "ml.c6i.4xlarge", "ml.r5.xlarge", "ml.p3.2xlarge", "ml.t3.medium"]
)
def test_a_volume_over_the_network_takes_a_key(instance_type: str) -> None:
    assert not has_local_storage(instance_type)
    assert volume_key("key", [instance_type]) == "key"


@pytest.mark.parametrize(
    "instance_type",
    [
        "ml.m5d.large",
        "ml.c5d.xlarge",
        "ml.m6gd.large",
        "ml.m6id.large",
        "ml.g4dn.xlarge",
        "ml.g5.xlarge",
        "ml.p4d.24xlarge",
    ],
)
def test_local_storage_takes_none(instance_type: str) -> None:
    assert has_local_storage(instance_type)
    assert volume_key("key", [instance_type]) is None


def test_a_job_that_may_run_on_local_storage_asks_for_no_key() -> None:
    assert volume_key("key", ["ml.m5.large", "ml.m5d.large"]) is None
