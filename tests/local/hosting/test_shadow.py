"""Shadow variants through boto3: asked beside the answer, captured, and never in its way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.local.hosting.test_capture import lines, wanted
from tests.support.endpoints import BROKEN, ECHO, Cloud
from tests.support.models import variant


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    made = Cloud(tmp_path_factory.mktemp("shadow"))
    made.script("echo", ECHO)
    made.script("shout", ECHO.replace("return text, accept", "return text.upper(), accept"))
    made.script("broken", BROKEN)
    yield made
    made.close()


def shadowed(cloud: Cloud, name: str, model: str, weight: float = 1.0, production: float = 1.0) -> None:
    shadow: Any = [variant(model, "Shadow", weight)]
    capture = wanted(name)
    cloud.endpoint(
        name, variant("echo", "Live", production), ShadowProductionVariants=shadow, DataCaptureConfig=capture
    )


def captured(cloud: Cloud, name: str, variant: str) -> list[Any]:
    assert cloud.recorder.shadows.finish(20)
    return [line["captureData"] for line in lines(cloud, f"{name}/{name}/{variant}")]


def test_a_shadow_is_sent_the_same_and_its_answer_is_captured_alone(cloud: Cloud) -> None:
    shadowed(cloud, "both", "shout")
    shown = cloud.sagemaker.describe_endpoint(EndpointName="both")
    assert [each["VariantName"] for each in shown["ProductionVariants"]] == ["Live"]
    assert [each["VariantName"] for each in shown["ShadowProductionVariants"]] == ["Shadow"]
    answer = cloud.runtime.invoke_endpoint(EndpointName="both", ContentType="text/csv", Accept="text/csv", Body="a")
    assert (answer["Body"].read(), answer["InvokedProductionVariant"]) == (b"a", "Live")
    (live,), (shadow,) = captured(cloud, "both", "Live"), captured(cloud, "both", "Shadow")
    assert live["endpointInput"] == shadow["endpointInput"]
    assert (live["endpointOutput"]["data"], shadow["endpointOutput"]["data"]) == ("a", "A")


def test_a_shadow_that_fails_hurts_nothing_and_is_counted(cloud: Cloud) -> None:
    shadowed(cloud, "hurt", "broken")
    assert [cloud.say("hurt", "a") for _ in range(5)] == ["a"] * 5
    assert captured(cloud, "hurt", "Shadow") == []
    assert len(captured(cloud, "hurt", "Live")) == 5
    cloud.recorder.metrics.flush()
    sums = cloud.store.metrics.all()
    assert sums["hurt", "Shadow", "hurt", "Invocation5XXErrors"] == 5
    assert sums["hurt", "Live", "hurt", "Invocation5XXErrors"] == 0
    log = (cloud.home / "endpoints" / "hurt.log").read_text()
    assert "The shadow variant Shadow failed: Received server error (500) from primary" in log


def test_a_shadow_gets_the_share_that_its_weight_is_of_the_production_variants(cloud: Cloud) -> None:
    shadowed(cloud, "half", "shout", weight=1.0, production=2.0)
    for _ in range(20):
        cloud.say("half", "a")
    assert 9 <= len(captured(cloud, "half", "Shadow")) <= 11


def test_a_slow_shadow_keeps_nobody_waiting(cloud: Cloud) -> None:
    cloud.script("slow", ECHO.replace("return text, accept", "time.sleep(0.5); return text, accept"))
    shadowed(cloud, "slow", "slow")
    for _ in range(4):
        assert cloud.say("slow", "a") == "a"
    assert len(captured(cloud, "slow", "Live")) == 4
    assert len(captured(cloud, "slow", "Shadow")) == 4


def test_a_shadow_cannot_be_asked_for(cloud: Cloud) -> None:
    shadowed(cloud, "named", "shout")
    with pytest.raises(cloud.runtime.exceptions.ValidationError, match="Variant Shadow of endpoint named not found"):
        cloud.say("named", "a", TargetVariant="Shadow")
