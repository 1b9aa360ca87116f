"""Endpoints: created, updated, described, listed and deleted; requests to them are the runtime's."""

from __future__ import annotations

from local.api import errors, paging
from local.api.call import Call, Handler, Response
from local.api.sagemaker import members
from local.hosting import deployment, endpoint_state, endpoints
from local.hosting.asynchronous import accepting
from local.store.resources import Resource

SUMMARY = ("EndpointName", "EndpointArn", "CreationTime", "LastModifiedTime", "EndpointStatus")


def create_endpoint(call: Call) -> Response:
    """Start to bring an endpoint into service; DescribeEndpoint says how that goes."""
    made = endpoints.create(call.store, call.params, call.now)
    deployment.deploy_later(call.store, made.name)
    return {"EndpointArn": made.arn}


def update_endpoint(call: Call) -> Response:
    """Start to give an endpoint another configuration; until that is healthy it serves what it served."""
    made = endpoints.update(call.store, call.params, call.now)
    deployment.deploy_later(call.store, made.name)
    return {"EndpointArn": made.arn}


def update_weights(call: Call) -> Response:
    """Give an endpoint's variants other weights."""
    wanted = {each["VariantName"]: each for each in call.params["DesiredWeightsAndCapacities"]}
    return {"EndpointArn": endpoints.set_weights(call.store, call.params["EndpointName"], wanted, call.now).arn}


def describe_endpoint(call: Call) -> Response:
    """Return everything about an endpoint, and see to what it has still to answer."""
    accepting.wake(call.store)
    found = deployment.settled(call.store, endpoint_state.existing(call.store, call.params["EndpointName"]))
    return members.respond("DescribeEndpoint", found.body)


def list_endpoints(call: Call) -> Response:
    """Return endpoints, the newest first unless asked otherwise."""
    params = call.params
    found = [each for each in call.store.resources.list(endpoint_state.KIND) if _matches(each, call)]
    order = params.get("SortBy") or "CreationTime"

    def key(each: Resource) -> paging.Key:
        return {"Name": each.name, "Status": each.status}.get(order, each.created), each.arn

    chosen, token = paging.page(found, params, key, descending=True)
    return paging.answer("Endpoints", [members.pick(each.body, SUMMARY) for each in chosen], token)


def _matches(found: Resource, call: Call) -> bool:
    params = call.params
    return (
        params.get("NameContains", "").lower() in found.name.lower()
        and params.get("StatusEquals", found.status) == found.status
        and paging.within(found.created, params, "CreationTimeAfter", "CreationTimeBefore")
        and paging.within(found.modified, params, "LastModifiedTimeAfter", "LastModifiedTimeBefore")
    )


def delete_endpoint(call: Call) -> Response:
    """Forget an endpoint; its configuration and models stay."""
    found = endpoint_state.existing(call.store, call.params["EndpointName"])
    if found.status == "Creating" and not endpoint_state.abandoned(found):
        raise errors.invalid(f'Cannot update in-progress endpoint "{found.arn}".')
    endpoints.delete(call.store, found.name)
    return {}


OPERATIONS: dict[str, Handler] = {
    "CreateEndpoint": create_endpoint,
    "UpdateEndpoint": update_endpoint,
    "UpdateEndpointWeightsAndCapacities": update_weights,
    "DescribeEndpoint": describe_endpoint,
    "ListEndpoints": list_endpoints,
    "DeleteEndpoint": delete_endpoint,
}
