"""Updates of endpoints under load, over HTTP with an unmodified boto3: no request fails, bad models go back."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.hosting import stages
from local.hosting.endpoint_state import DEPLOYMENT, KIND
from local.hosting.fleets import GREEN
from tests.support.endpoints import BROKEN, ECHO, Cloud, http_client
from tests.support.http_server import http_server
from tests.support.models import variant
from tests.support.pipelines import ROOT, await_value

CLIENTS = 4
PAUSE = 0.1
PATIENT = 5
STAGE_SECONDS = 0.5
"""How long a stage lasts here at most: the clients ask dozens of times meanwhile."""


class Hosted(Cloud):
    """A cloud behind a port; everything that is asked goes through it."""

    def __init__(self, home: Any, url: str) -> None:
        super().__init__(home)
        self.sagemaker = http_client("sagemaker", url)
        self.runtime = http_client("sagemaker-runtime", url)

    def update(self, name: str, config: str, guard: dict[str, Any] | None = None, **more: Any) -> None:
        extra: dict[str, Any] = {"DeploymentConfig": guard} if guard else {}
        self.sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=config, **extra, **more)

    @contextmanager
    def load(self, name: str) -> Iterator[Counter[str]]:
        """Ask again and again from several threads until the block ends; counts what was answered."""
        found: Counter[str] = Counter()
        ended = threading.Event()

        def ask() -> None:
            while not ended.is_set():
                try:
                    answer = self.say(name, "x")
                except Exception as error:  # noqa: BLE001 - any failure is what the test looks for
                    answer = f"{type(error).__name__}: {error}"
                found[answer] += 1
                time.sleep(PAUSE)

        with ThreadPoolExecutor(CLIENTS) as threads:
            running = [threads.submit(ask) for _ in range(CLIENTS)]
            try:
                await_value(lambda: found.total() > CLIENTS, "the load to begin")
                yield found
                before = found.total()
                await_value(lambda: found.total() > before + 3 * CLIENTS, "the load to go on")
            finally:
                ended.set()
            for each in running:
                each.result()


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    home = tmp_path_factory.mktemp("update")
    with http_server(home) as url:
        made = Hosted(home, url)
        made.script("first", ECHO.replace("return text,", "return '1',"))
        made.script("second", ECHO.replace("return text,", "return '2',"))
        made.script("failing", BROKEN)
        for name in ("first", "second", "failing"):
            made.config(f"{name}-config", {**variant(name), "InitialInstanceCount": 2})
        yield made
        made.close()


@pytest.fixture
def shop(hosted: Hosted, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An endpoint that answers 1, and whose updates have short stages."""
    monkeypatch.setattr(stages, "LONGEST_WAIT_SECONDS", STAGE_SECONDS)
    name = request.node.name.replace("_", "-").replace("[", "-").replace("]", "")[:60].rstrip("-")
    hosted.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName="first-config")
    hosted.status(name, "InService")
    yield name
    hosted.sagemaker.delete_endpoint(EndpointName=name)


def guard(kind: str, wait: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": {"Type": kind, "WaitIntervalInSeconds": wait, **more},
            "TerminationWaitInSeconds": 1,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "Errors"}, {"AlarmName": "Latency"}]},
    }


CANARY = guard("CANARY", CanarySize={"Type": "INSTANCE_COUNT", "Value": 1})
# A stage ends as soon as the new model fails, however long it is.
SLOW_CANARY = guard("CANARY", PATIENT, CanarySize={"Type": "INSTANCE_COUNT", "Value": 1})
LINEAR = guard("LINEAR", LinearStepSize={"Type": "CAPACITY_PERCENT", "Value": 50})
ROLLING = {
    "RollingUpdatePolicy": {
        "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": 50},
        "WaitIntervalInSeconds": 1,
    }
}


@pytest.mark.parametrize(
    "policy", [None, guard("ALL_AT_ONCE"), CANARY, LINEAR, ROLLING], ids=["plain", "all", "canary", "linear", "rolling"]
)
def test_no_request_fails_while_another_model_takes_over(hosted: Hosted, shop: str, policy: Any) -> None:
    with hosted.load(shop) as answers:
        hosted.update(shop, "second-config", policy)
        found = hosted.status(shop, "InService")
    assert set(answers) == {"1", "2"}
    assert found["EndpointConfigName"] == "second-config"
    assert "PendingDeploymentSummary" not in found
    assert hosted.say(shop, "x") == "2"


@pytest.mark.parametrize("policy", [guard("ALL_AT_ONCE", PATIENT), SLOW_CANARY], ids=["all", "canary"])
def test_a_model_that_fails_is_rolled_back_and_nobody_notices(
    hosted: Hosted, shop: str, policy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "LONGEST_WAIT_SECONDS", PATIENT)
    with hosted.load(shop) as answers:
        hosted.update(shop, "failing-config", policy)
        found = hosted.status(shop, "InService")
    assert set(answers) == {"1"}
    assert found["EndpointConfigName"] == "first-config"
    reason = found["FailureReason"]
    assert reason.startswith("The update to failing-config was rolled back: with ")
    assert "stands for the alarms Errors, Latency on the laptop." in reason
    events = [
        each["detail"]["EndpointStatus"] for each in hosted.store.events.after() if shop in str(each["resources"])
    ]
    assert events == ["CREATING", "IN_SERVICE", "UPDATING", "ROLLING_BACK", "IN_SERVICE"]


@pytest.mark.parametrize(
    ("config", "policy", "said"), [("second-config", CANARY, {"1", "2"}), ("failing-config", SLOW_CANARY, {"1"})]
)
def test_another_process_may_make_the_update(
    hosted: Hosted, shop: str, config: str, policy: Any, said: set[str]
) -> None:
    program = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from local.client import client

        sagemaker = client("sagemaker", Path({str(hosted.home)!r}))
        sagemaker.update_endpoint(EndpointName={shop!r}, EndpointConfigName={config!r}, DeploymentConfig={policy!r})
        while sagemaker.describe_endpoint(EndpointName={shop!r})["EndpointStatus"] != "InService":
            time.sleep(0.1)
    """)
    with hosted.load(shop) as answers:
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=120)
        found = hosted.status(shop, "InService")
    assert set(answers) == said
    assert ("FailureReason" in found) == (config == "failing-config")


def test_a_canary_has_its_share_by_inference_id_and_can_be_seen(
    hosted: Hosted, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stages, "LONGEST_WAIT_SECONDS", 3.0)
    hosted.update(shop, "second-config", guard("CANARY", 3, CanarySize={"Type": "CAPACITY_PERCENT", "Value": 50}))

    def pending() -> Any:
        return hosted.sagemaker.describe_endpoint(EndpointName=shop).get("PendingDeploymentSummary")

    summary = await_value(pending, "the canary")
    assert summary["EndpointConfigName"] == "second-config"
    assert summary["ProductionVariants"][0]["VariantStatus"][0]["Status"] == "Baking"
    first = [hosted.say(shop, "x", InferenceId=str(number)) for number in range(12)]
    assert set(first) == {"1", "2"}
    assert [hosted.say(shop, "x", InferenceId=str(number)) for number in range(12)] == first
    with pytest.raises(ClientError, match="Cannot update in-progress endpoint"):
        hosted.update(shop, "first-config")
    hosted.status(shop, "InService")
    assert {hosted.say(shop, "x", InferenceId=str(number)) for number in range(12)} == {"2"}


def test_without_alarms_a_model_that_fails_takes_over(hosted: Hosted, shop: str) -> None:
    policy = {"BlueGreenUpdatePolicy": CANARY["BlueGreenUpdatePolicy"]}
    with hosted.load(shop):
        hosted.update(shop, "failing-config", policy)
        assert hosted.status(shop, "InService")["EndpointConfigName"] == "failing-config"
    with pytest.raises(hosted.runtime.exceptions.ModelError):
        hosted.say(shop, "x")


def test_a_policy_that_the_service_refuses_and_one_that_is_kept(hosted: Hosted, shop: str) -> None:
    with pytest.raises(ClientError, match="The Type LINEAR needs a LinearStepSize") as caught:
        hosted.update(shop, "second-config", guard("LINEAR"))
    assert caught.value.response["Error"]["Code"] == "ValidationException"
    hosted.update(shop, "second-config", CANARY)
    assert hosted.status(shop, "InService")["LastDeploymentConfig"] == CANARY
    hosted.update(shop, "failing-config", RetainDeploymentConfig=True)
    with hosted.load(shop) as answers:
        assert "rolled back" in hosted.status(shop, "InService")["FailureReason"]
    assert set(answers) == {"2"}


def test_a_trial_whose_process_died_begins_anew(hosted: Hosted, shop: str) -> None:
    found = hosted.store.resources.get(KIND, shop)
    assert found is not None
    green = {"share": 1.0, "body": {"EndpointConfigName": "gone", DEPLOYMENT: {"models": {}}}}
    deployment = {**found.body[DEPLOYMENT], "owner": "999999999:1@gone", "config": "second-config", GREEN: green}
    body = {**found.body, "EndpointStatus": "Updating", DEPLOYMENT: deployment}
    hosted.store.resources.put(KIND, shop, found.arn, body, now=found.modified, status="Updating")
    assert hosted.say(shop, "x") in ("1", "2")
    assert hosted.status(shop, "InService")["EndpointConfigName"] == "second-config"
