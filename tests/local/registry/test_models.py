"""Models and endpoint configurations: what they must name, what is announced, what Describe shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from local.registry import endpoint_configs, models
from local.registry.errors import RegistryError
from local.store.home import Home
from local.store.store import Store

IMAGE = "000000000000.dkr.ecr.us-east-1.amazonaws.com/image:1"
ARN = "arn:aws:sagemaker:us-east-1:000000000000:"
VARIANT = {"VariantName": "one", "ModelName": "Mine", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(Home.find(tmp_path))
    made.objects.put("b", "run/model.tar.gz", b"weights")
    return made


def model(store: Store, name: str = "Mine", **container: Any) -> dict[str, Any]:
    request = {"ModelName": name, "PrimaryContainer": {"Image": IMAGE, **container}}
    return models.create(store, {**request, "Tags": [{"Key": "a", "Value": "b"}]}, now=5.0).body


def test_a_model_is_described_with_what_the_service_adds(store: Store) -> None:
    body = model(store, ModelDataUrl="s3://b/run/model.tar.gz")
    assert body == {
        "ModelName": "Mine",
        "ModelArn": f"{ARN}model/mine",
        "PrimaryContainer": {
            "Mode": "SingleModel",
            "Environment": {},
            "Image": IMAGE,
            "ModelDataUrl": "s3://b/run/model.tar.gz",
        },
        "CreationTime": 5.0,
        "EnableNetworkIsolation": False,
    }
    assert models.get(store, f"{ARN}model/mine").body == body
    assert store.resources.tags(f"{ARN}model/mine") == {"a": "b"}
    (event,) = store.events.after(0)
    assert event["detail-type"] == "SageMaker Model State Change"
    assert event["detail"]["CreationTime"] == "1970-01-01T00:00:05Z"


@pytest.mark.parametrize(
    ("container", "message"),
    [
        ({"ModelDataUrl": "s3://b/none"}, "Could not find model data at s3://b/none."),
        ({"ModelDataUrl": "nonsense"}, "Could not find model data at nonsense."),
        ({"ModelPackageName": f"{ARN}model-package/g/1"}, f"ModelPackage {ARN}model-package/g/1 does not exist."),
    ],
)
def test_a_model_of_what_is_not_there(store: Store, container: dict[str, Any], message: str) -> None:
    with pytest.raises(RegistryError, match=re.escape(message)):
        model(store, **container)
    assert store.resources.list("Model") == []


def test_a_models_name_is_taken_in_any_case_until_it_is_deleted(store: Store) -> None:
    model(store)
    with pytest.raises(RegistryError) as caught:
        model(store, "MINE")
    assert str(caught.value) == f'Cannot create already existing model "{ARN}model/mine".'
    models.delete(store, "Mine", now=6.0)
    with pytest.raises(RegistryError, match="Could not find model"):
        models.get(store, "Mine")
    assert model(store, "MINE")["ModelName"] == "MINE"


def config(store: Store, *variants: dict[str, Any], **members: Any) -> dict[str, Any]:
    request = {"EndpointConfigName": "Config", "ProductionVariants": list(variants), **members}
    return endpoint_configs.create(store, request, now=7.0).body


def test_a_configuration_is_described_with_its_weights(store: Store) -> None:
    model(store)
    body = config(store, VARIANT, {**VARIANT, "VariantName": "two", "InitialVariantWeight": 0.5})
    assert [each["InitialVariantWeight"] for each in body["ProductionVariants"]] == [1.0, 0.5]
    assert body["EndpointConfigArn"] == f"{ARN}endpoint-config/config"
    assert store.events.after(0)[-1]["detail-type"] == "SageMaker Endpoint Config State Change"
    endpoint_configs.delete(store, "Config", now=8.0)
    assert endpoint_configs.find(store, "Config") is None


@pytest.mark.parametrize(
    ("variants", "message"),
    [
        ([{**VARIANT, "ModelName": "none"}], f'Could not find model "{ARN}model/none".'),
        ([VARIANT, VARIANT], "Each variant needs a VariantName of its own."),
        ([{"VariantName": "one", "InstanceType": "ml.m5.large"}], "The variant one has no ModelName."),
        ([{"VariantName": "one", "ModelName": "Mine"}], "The variant one needs either InstanceType"),
        ([{**VARIANT, "ServerlessConfig": {}}], "The variant one needs either InstanceType"),
    ],
)
def test_a_configuration_that_could_serve_nothing(store: Store, variants: list[Any], message: str) -> None:
    model(store)
    with pytest.raises(RegistryError, match=re.escape(message)):
        config(store, *variants)


def test_a_shadow_test_has_two_variants(store: Store) -> None:
    model(store)
    shadow = {**VARIANT, "VariantName": "shadow"}
    assert "ShadowProductionVariants" in config(store, VARIANT, ShadowProductionVariants=[shadow])
    endpoint_configs.delete(store, "Config", now=8.0)
    with pytest.raises(RegistryError, match="exactly one production variant"):
        config(store, VARIANT, {**VARIANT, "VariantName": "two"}, ShadowProductionVariants=[shadow])
