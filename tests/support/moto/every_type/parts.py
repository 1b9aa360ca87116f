"""What templates are written with."""

from __future__ import annotations

from typing import Any


def trust(service: str) -> dict[str, Any]:
    """Return the trust policy of a role that a service takes on."""
    principal = {"Service": f"{service}.amazonaws.com"}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return {"Version": "2012-10-17", "Statement": [statement]}


def get(name: str, attribute: str = "Arn") -> dict[str, Any]:
    """Return a resource's attribute."""
    return {"Fn::GetAtt": [name, attribute]}


def ref(name: str) -> dict[str, str]:
    """Return a resource's id."""
    return {"Ref": name}


def policy(action: str, **more: Any) -> dict[str, Any]:
    """Return a policy document that allows one action."""
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"} | more
    return {"Version": "2012-10-17", "Statement": [statement]}


def resource(type_: str, **properties: Any) -> dict[str, Any]:
    """Return a resource of one of AWS's types."""
    return {"Type": f"AWS::{type_}", "Properties": properties}
