"""The operations of STS that the laptop offers."""

from __future__ import annotations

from local.api.call import Call, Response
from local.store.names import ACCOUNT, PARTITION

USER = f"arn:{PARTITION}:iam::{ACCOUNT}:user/laptop"


def get_caller_identity(call: Call) -> Response:  # noqa: ARG001 - handlers are all given a call
    """Return the laptop's one user."""
    return {"UserId": "AIDALAPTOP0000000000", "Account": ACCOUNT, "Arn": USER}


OPERATIONS = {"GetCallerIdentity": get_caller_identity}
