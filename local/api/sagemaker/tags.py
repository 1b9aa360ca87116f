"""Tags on anything that has an ARN."""

from __future__ import annotations

from local.api import errors, paging
from local.api.call import Call, Response
from local.api.sagemaker import members
from local.registry.tags import read as read_tags
from local.store.executions import Execution
from local.store.resources import Resource

PAGE = 50


def add_tags(call: Call) -> Response:
    """Add tags; a key that is there already takes the new value."""
    arn = _existing(call)
    given = read_tags(call.params["Tags"])
    with call.store.database.transaction():
        whole = {**call.store.resources.tags(arn), **given}
        if len(whole) > members.MAX_TAGS:
            raise errors.ServiceError(
                "ResourceLimitExceeded", f"A resource has at most {members.MAX_TAGS} tags; this would be {len(whole)}."
            )
        call.store.resources.tag(arn, given)
    return {"Tags": _pairs(whole)}


def list_tags(call: Call) -> Response:
    """Return tags in the order of their keys."""
    tags = call.store.resources.tags(_existing(call))
    chosen, token = paging.page(
        tags.items(), call.params, lambda pair: (pair[0], pair[0]), descending=False, limit=PAGE
    )
    return paging.answer("Tags", _pairs(dict(chosen)), token)


def delete_tags(call: Call) -> Response:
    """Remove tags by key; a key that is not there is no mistake."""
    call.store.resources.untag(_existing(call), call.params["TagKeys"])
    return {}


def _existing(call: Call) -> str:
    arn = str(call.params["ResourceArn"])
    found: Resource | Execution | None = call.store.resources.by_arn(arn) or call.store.executions.get(arn)
    if found is None:
        raise errors.invalid(f"Resource {arn} does not exist.")
    return found.arn


def _pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


OPERATIONS = {"AddTags": add_tags, "ListTags": list_tags, "DeleteTags": delete_tags}
