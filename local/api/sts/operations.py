"""The operations of STS that the laptop offers."""

from __future__ import annotations

from local.api.call import Call, Response
from local.store.names import ACCOUNT, LAPTOP_ROLE, PARTITION

# A role and no user: SDKs take the caller's role for that of the jobs, as in a notebook on SageMaker.
CALLER = f"arn:{PARTITION}:sts::{ACCOUNT}:assumed-role/{LAPTOP_ROLE}/laptop"


def get_caller_identity(call: Call) -> Response:  # noqa: ARG001 - handlers are all given a call
    """Return the one caller that the laptop has."""
    return {"UserId": "AROALAPTOP0000000000:laptop", "Account": ACCOUNT, "Arn": CALLER}


OPERATIONS = {"GetCallerIdentity": get_caller_identity}
