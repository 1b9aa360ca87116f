"""Metrics of endpoints in CloudWatch's names: summed over processes, shown to Prometheus and to a person."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pytest

from local.hosting.exchange import Exchange
from local.hosting.exposition import summary, text
from local.hosting.metrics import Metrics
from local.hosting.telling import tell_requests
from tests.support.endpoints import ECHO, Cloud, http_client
from tests.support.http_server import http_server
from tests.support.models import variant
from tests.support.pipelines import ROOT, await_value


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    made = Cloud(tmp_path_factory.mktemp("metrics"))
    made.script("echo", ECHO)
    yield made
    made.close()


def page(url: str) -> dict[str, float]:
    with urlopen(f"{url}/metrics", timeout=10) as answer:  # noqa: S310 - our own server
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        lines = answer.read().decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_every_request_is_counted_whatever_process_it_came_by(cloud: Cloud) -> None:
    cloud.endpoint("shop", {**variant("echo"), "InitialInstanceCount": 2})
    for _ in range(3):
        cloud.say("shop", "1")
    for body in ("fail", "refuse", "refuse"):
        with pytest.raises(cloud.runtime.exceptions.ModelError):
            cloud.say("shop", body)
    program = textwrap.dedent(f"""
        from pathlib import Path
        from local.client import client

        client("sagemaker-runtime", Path({str(cloud.home)!r})).invoke_endpoint(EndpointName="shop", Body=b"1")
    """)
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
    with http_server(cloud.home) as url:
        found = page(url)
    of = '{EndpointName="shop",VariantName="AllTraffic"}'
    assert found[f"sagemaker_Invocations_total{of}"] == 7
    assert found[f"sagemaker_InvocationsPerInstance_total{of}"] == 3.5
    assert found[f"sagemaker_Invocation4XXErrors_total{of}"] == 2
    assert found[f"sagemaker_Invocation5XXErrors_total{of}"] == 1
    for latency in ("ModelLatency", "OverheadLatency"):
        name = f"sagemaker_{latency}_microseconds"
        assert found[f"{name}_count{of}"] == 7
        assert found[f'{name}_bucket{{EndpointName="shop",VariantName="AllTraffic",le="+Inf"}}'] == 7
        assert found[f"{name}_sum{of}"] > 0


def test_a_bucket_of_that_name_is_still_there_for_those_who_sign(cloud: Cloud) -> None:
    cloud.s3.create_bucket(Bucket="metrics")
    with http_server(cloud.home) as url:
        assert http_client("s3", url).list_objects_v2(Bucket="metrics")["KeyCount"] == 0


def test_an_endpoints_numbers_go_with_it(cloud: Cloud) -> None:
    cloud.endpoint("brief", variant("echo"))
    cloud.say("brief", "1")
    cloud.recorder.metrics.flush()
    assert cloud.store.metrics.of("brief", "brief")["Invocations"] == 1
    cloud.sagemaker.delete_endpoint(EndpointName="brief")
    assert cloud.store.metrics.of("brief", "brief") == {}


def test_numbers_come_by_themselves(cloud: Cloud) -> None:
    cloud.endpoint("soon", variant("echo"))
    cloud.say("soon", "1")
    await_value(lambda: cloud.store.metrics.of("soon", "soon").get("Invocations"), "the sums", 10)


def test_a_terminal_is_told_every_few_seconds(cloud: Cloud) -> None:
    told: list[str] = []
    tell_requests(cloud.store, told.append, seconds=0.05)
    cloud.endpoint("told", variant("echo"))
    cloud.say("told", "1")
    (line,) = await_value(lambda: [each for each in told if "told/" in each], "the line", 10)
    assert re.match(r"\d\d:\d\d:\d\d told/AllTraffic Invocations=1 Invocation4XXErrors=0 ", line)


def exchange(**more: Any) -> Exchange:
    given: dict[str, Any] = {"endpoint": "e", "config": "c", "variant": "v", "status": 200, "moment": 0.0, **more}
    return Exchange(**given)


def test_buckets_add_up_and_a_line_says_what_came_since(cloud: Cloud) -> None:
    metrics, before = Metrics(cloud.store), cloud.store.metrics.all()
    for seconds in (0.0001, 0.00025, 0.0007, 20.0):
        metrics.observe(exchange(seconds=seconds + 0.001, model_seconds=seconds))
    metrics.observe(exchange(config="next", status=503))
    metrics.flush()
    now = {key: value for key, value in cloud.store.metrics.all().items() if key[0] == "e"}
    lines = text(now).splitlines()
    name = 'sagemaker_ModelLatency_microseconds_bucket{EndpointName="e",VariantName="v",le='
    counts = [line.rpartition(" ")[2] for line in lines if line.startswith(name)]
    assert counts == ["3", "3"] + ["4"] * 11 + ["5"]
    (told,) = [line for line in summary(before, {**before, **now}) if line.startswith("e/v")]
    assert told == (
        "e/v Invocations=5 Invocation4XXErrors=0 Invocation5XXErrors=1 ModelLatency=4000.21 ms OverheadLatency=0.80 ms"
    )
    assert list(summary(now, now)) == []
    cloud.store.metrics.forget("e")
