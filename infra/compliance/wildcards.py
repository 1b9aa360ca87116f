"""Acknowledges each `*` in a policy with the reason that its permission gives.

AWS Solutions' rule IAM5 reports every resource with a `*` by what stands in the template, where references to other
stacks are names of exports that are only known once the application was synthesised.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk

from infra.compliance.acknowledge import acknowledge_wildcard, logical_id
from infra.constructs.policy import Policy


def acknowledge_wildcards(app: cdk.App, assembly: Path) -> None:
    """Acknowledge what the synthesised templates in ``assembly`` show of the application's policies."""
    for construct in app.node.find_all():
        if isinstance(construct, Policy):
            template = _template(construct, assembly)
            document = template["Resources"][logical_id(construct.managed)]["Properties"]["PolicyDocument"]
            reasons = {permission.sid: permission.because for permission in construct.permissions}
            for statement in document["Statement"]:
                for resource in _listed(statement["Resource"]):
                    written = _flat(resource)
                    if "*" in written:
                        acknowledge_wildcard(construct.managed, f"Resource::{written}", reasons[statement["Sid"]])


def _template(construct: Policy, assembly: Path) -> dict[str, Any]:
    (file,) = assembly.rglob(cdk.Stack.of(construct).template_file)
    template: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return template


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _flat(node: Any) -> str:
    """Return a reference as the rule writes it."""
    if isinstance(node, str):
        return node.replace("${", "<").replace("}", ">")
    ((function, argument),) = node.items()
    if function == "Fn::Join":
        return str(argument[0]).join(_flat(each) for each in argument[1])
    if function == "Fn::GetAtt":
        return f"<{'.'.join(argument)}>"
    if function == "Ref":
        return f"<{argument}>"
    if function in ("Fn::ImportValue", "Fn::Sub"):
        return _flat(argument)
    return json.dumps(node, separators=(",", ":"))
