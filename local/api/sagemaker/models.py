"""Models and endpoint configurations: made, described, listed and forgotten. What serves them is another matter."""

from __future__ import annotations

from local.api import paging
from local.api.call import Call, Response
from local.api.sagemaker import members
from local.registry import endpoint_configs, models
from local.store.resources import Resource


def create_model(call: Call) -> Response:
    """Make a model under a new name."""
    return {"ModelArn": models.create(call.store, call.params, now=call.now).arn}


def describe_model(call: Call) -> Response:
    """Return everything about a model."""
    return members.respond("DescribeModel", models.get(call.store, call.params["ModelName"]).body)


def list_models(call: Call) -> Response:
    """Return models, the newest first unless asked otherwise."""
    chosen, token = _page(call, models.KIND)
    names = ("ModelName", "ModelArn", "CreationTime")
    return paging.answer("Models", [members.pick(each.body, names) for each in chosen], token)


def delete_model(call: Call) -> Response:
    """Forget a model; its artefacts stay."""
    models.delete(call.store, call.params["ModelName"], now=call.now)
    return {}


def create_endpoint_config(call: Call) -> Response:
    """Make a configuration under a new name."""
    return {"EndpointConfigArn": endpoint_configs.create(call.store, call.params, now=call.now).arn}


def describe_endpoint_config(call: Call) -> Response:
    """Return everything about a configuration."""
    found = endpoint_configs.get(call.store, call.params["EndpointConfigName"])
    return members.respond("DescribeEndpointConfig", found.body)


def list_endpoint_configs(call: Call) -> Response:
    """Return configurations, the newest first unless asked otherwise."""
    chosen, token = _page(call, endpoint_configs.KIND)
    names = ("EndpointConfigName", "EndpointConfigArn", "CreationTime")
    return paging.answer("EndpointConfigs", [members.pick(each.body, names) for each in chosen], token)


def delete_endpoint_config(call: Call) -> Response:
    """Forget a configuration; endpoints that were made of it go on."""
    endpoint_configs.delete(call.store, call.params["EndpointConfigName"], now=call.now)
    return {}


def _page(call: Call, kind: str) -> tuple[list[Resource], str | None]:
    params = call.params
    found = [
        each
        for each in call.store.resources.list(kind)
        if params.get("NameContains", "").lower() in each.name.lower()
        and paging.within(each.created, params, "CreationTimeAfter", "CreationTimeBefore")
    ]
    by_name = params.get("SortBy") == "Name"
    return paging.page(found, params, lambda each: (each.name if by_name else each.created, each.arn), descending=True)


OPERATIONS = {
    "CreateModel": create_model,
    "DescribeModel": describe_model,
    "ListModels": list_models,
    "DeleteModel": delete_model,
    "CreateEndpointConfig": create_endpoint_config,
    "DescribeEndpointConfig": describe_endpoint_config,
    "ListEndpointConfigs": list_endpoint_configs,
    "DeleteEndpointConfig": delete_endpoint_config,
}
