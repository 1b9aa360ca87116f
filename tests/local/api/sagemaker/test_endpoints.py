"""Endpoints through boto3: into service, asked, weighed, updated, deleted; and the service's errors."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.client import client
from local.hosting.endpoint_state import DEPLOYMENT, KIND
from local.store.home import Home
from local.store.store import Store
from tests.support.endpoints import Cloud, http_client
from tests.support.http_server import http_server
from tests.support.models import ROLE, archive, script_container, variant


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    home = tmp_path_factory.mktemp("cloud")
    made = Cloud(home)
    made.config("both", variant("one", "A", 1), variant("two", "B", 0))
    made.sagemaker.create_endpoint(EndpointName="shop", EndpointConfigName="both")
    made.status("shop", "InService")
    yield made
    made.close()


def test_variants_answer_by_weight_or_when_they_are_named(cloud: Cloud) -> None:
    assert cloud.ask("shop") == (10, "A")
    assert cloud.ask("shop", TargetVariant="B") == (20, "B")
    weights: Any = [{"VariantName": "A", "DesiredWeight": 0}, {"VariantName": "B", "DesiredWeight": 2}]
    cloud.sagemaker.update_endpoint_weights_and_capacities(EndpointName="shop", DesiredWeightsAndCapacities=weights)
    assert cloud.ask("shop", InferenceId="x") == (20, "B")
    shown = cloud.sagemaker.describe_endpoint(EndpointName="shop")["ProductionVariants"]
    assert [each["CurrentWeight"] for each in shown] == [0, 2]


def test_a_models_error_is_a_model_error_with_the_models_own_words(cloud: Cloud) -> None:
    with pytest.raises(cloud.runtime.exceptions.ModelError) as caught:
        cloud.runtime.invoke_endpoint(EndpointName="shop", ContentType="text/csv", Body="1,2")
    response: Any = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert response["OriginalStatusCode"] == 500
    assert "send JSON, not text/csv" in response["OriginalMessage"]
    assert response["Error"]["Message"].startswith("Received server error (500) from primary with message")
    assert "Traceback" not in response["Error"]["Message"]
    _, _, place = response["LogStreamArn"].partition("log-group:")
    group, _, stream = place.partition(":log-stream:")
    events = client("logs", cloud.home).get_log_events(logGroupName=group, logStreamName=stream)["events"]
    assert any("send JSON, not text/csv" in event["message"] for event in events)


@pytest.mark.parametrize(
    ("request_", "code", "words"),
    [
        ({"EndpointName": "none"}, "ValidationError", "Endpoint none of account 000000000000 not found."),
        ({"TargetVariant": "C"}, "ValidationError", "Variant C of endpoint shop not found; it has A, B."),
        ({"TargetContainerHostname": "x"}, "ValidationError", "run in series"),
        ({"TargetModel": "x.tar.gz"}, "ValidationError", "TargetModel is not served"),
        ({"Body": b"1" * (6 * 1024 * 1024 + 1)}, "413", "6291456"),
    ],
)
def test_requests_that_cannot_be_routed(cloud: Cloud, request_: dict[str, Any], code: str, words: str) -> None:
    given: dict[str, Any] = {"EndpointName": "shop", "Body": b"{}", "ContentType": "application/json", **request_}
    with pytest.raises(ClientError) as caught:
        cloud.runtime.invoke_endpoint(**given)
    assert caught.value.response["Error"]["Code"] == code
    assert words in caught.value.response["Error"]["Message"]


def test_a_direct_models_containers_are_asked_by_name(cloud: Cloud) -> None:
    containers: Any = [
        {**script_container(f"s3://models/{name}.tar.gz"), "ContainerHostname": name} for name in ("one", "two")
    ]
    cloud.sagemaker.create_model(
        ModelName="pair", ExecutionRoleArn=ROLE, Containers=containers, InferenceExecutionConfig={"Mode": "Direct"}
    )
    cloud.config("pair", variant("pair"))
    cloud.sagemaker.create_endpoint(EndpointName="pair", EndpointConfigName="pair")
    cloud.status("pair", "InService")
    assert cloud.ask("pair", TargetContainerHostname="two") == (20, "AllTraffic")
    with pytest.raises(ClientError, match="needs a TargetContainerHostname; it has one, two"):
        cloud.ask("pair")
    cloud.sagemaker.delete_endpoint(EndpointName="pair")


def test_an_endpoint_that_cannot_load_fails_with_the_cause_and_can_be_mended(cloud: Cloud) -> None:
    cloud.model("broken", archive(**{"code__inference.py": "x = 1"}))
    cloud.config("broken", variant("broken"))
    cloud.config("good", variant("one"))
    cloud.sagemaker.create_endpoint(EndpointName="mended", EndpointConfigName="broken")
    failed = cloud.status("mended", "Failed", "InService")
    assert failed["EndpointStatus"] == "Failed"
    assert "inference.py has no model_fn" in failed["FailureReason"]
    with pytest.raises(ClientError, match=r"does not serve: it is Failed \(The model broken cannot be served"):
        cloud.ask("mended")
    cloud.sagemaker.update_endpoint(EndpointName="mended", EndpointConfigName="good")
    assert "FailureReason" not in cloud.status("mended", "InService")
    assert cloud.ask("mended") == (10, "AllTraffic")
    names = [each["EndpointName"] for each in cloud.sagemaker.list_endpoints(StatusEquals="InService")["Endpoints"]]
    assert names == ["mended", "shop"], "the newest first"
    cloud.sagemaker.delete_endpoint(EndpointName="mended")
    with pytest.raises(ClientError, match="Could not find endpoint"):
        cloud.sagemaker.describe_endpoint(EndpointName="mended")


def test_a_deployment_whose_process_died_is_taken_over_by_whoever_looks(cloud: Cloud) -> None:
    store = Store(Home(cloud.home))
    found = store.resources.get(KIND, "shop")
    assert found is not None
    deployment = {**found.body[DEPLOYMENT], "owner": "999999999:1@gone", "config": "both"}
    body = {**found.body, "EndpointStatus": "Updating", DEPLOYMENT: deployment}
    store.resources.put(KIND, "shop", found.arn, body, now=time.time(), status="Updating")
    assert cloud.ask("shop", TargetVariant="A") == (10, "A"), "it serves meanwhile"
    cloud.status("shop", "InService")


def test_names_that_are_taken_or_missing(cloud: Cloud) -> None:
    sagemaker = cloud.sagemaker
    calls: list[tuple[Callable[[], Any], str]] = [
        (lambda: sagemaker.create_endpoint(EndpointName="Shop", EndpointConfigName="both"), "already existing"),
        (lambda: sagemaker.create_endpoint(EndpointName="new", EndpointConfigName="no"), "endpoint configuration"),
        (lambda: sagemaker.update_endpoint(EndpointName="no", EndpointConfigName="both"), "Could not find endpoint"),
        (lambda: sagemaker.delete_endpoint(EndpointName="no"), "Could not find endpoint"),
    ]
    for call, words in calls:
        with pytest.raises(ClientError, match=words) as caught:
            call()
        assert caught.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize("over_http", [False, True])
def test_an_answer_may_come_as_a_stream(cloud: Cloud, over_http: bool) -> None:
    with http_server(cloud.home) as url:
        runtime = http_client("sagemaker-runtime", url) if over_http else cloud.runtime
        given: Any = {"EndpointName": "shop", "TargetVariant": "A", "ContentType": "application/json"}
        body = b'{"instances": [[10, 20]]}'
        answer = runtime.invoke_endpoint_with_response_stream(**given, Body=body)
        assert [event["PayloadPart"]["Bytes"] for event in answer["Body"]] == [b'{"predictions": [10]}']
        assert (answer["InvokedProductionVariant"], answer["ContentType"]) == ("A", "application/json")
        with pytest.raises(runtime.exceptions.ModelError):
            runtime.invoke_endpoint_with_response_stream(**{**given, "ContentType": "text/csv"}, Body=body)
