"""Accepting a finding of the rule packs, with the reason, beside the code that causes it."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import IConstruct

#: Packs whose rules carry the same names: one finding, reported by each.
STANDARDS = ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")
#: What the plugin of our Guard rules is called in reports.
GUARD = "cdk-validator-cfnguard"


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept what a rule finds on a construct and on those below it.

    ``rule`` is the name without its pack, such as ``S3BucketReplicationEnabled``, which every standard's pack reports;
    AWS Solutions' rules have names of their own, such as ``AwsSolutions-S1``; so have our Guard rules, in lower case,
    and Checkov's, such as ``CKV_AWS_18``, which are accepted in the template itself. The reason is for the person who
    audits: why the rule does not apply here, or what is there in its place.
    """
    if rule.startswith("CKV"):
        _skip_in_checkov(construct, rule, reason)
        return
    _accept(construct, _names(rule), reason)


def acknowledge_wildcard(construct: IConstruct, finding: str, reason: str) -> None:
    """Accept one `*` in a policy: ``finding`` is ``Resource::…`` or ``Action::…`` as AWS Solutions' IAM5 prints it."""
    _accept(construct, [f"AwsSolutions-IAM5[{finding}]"], reason)


def _names(rule: str) -> list[str]:
    if rule.startswith("AwsSolutions-"):
        return [rule]
    if rule.islower():
        return [f"{GUARD}::{rule}"]
    return [f"{standard}-{rule}" for standard in STANDARDS]


def _skip_in_checkov(construct: IConstruct, rule: str, reason: str) -> None:
    resource = construct.node.default_child or construct
    assert isinstance(resource, cdk.CfnResource)  # noqa: S101 - for the type checker
    skipped = (resource.get_metadata("checkov") or {}).get("skip", [])
    resource.add_metadata("checkov", {"skip": [*skipped, {"id": rule, "comment": reason}]})


def logical_id(construct: IConstruct) -> str:
    """Return the logical id of a construct's resource, which findings name."""
    stack = cdk.Stack.of(construct)
    child = construct.node.default_child
    assert isinstance(child, cdk.CfnElement)  # noqa: S101 - for the type checker
    return str(stack.resolve(child.logical_id))


def _accept(construct: IConstruct, names: list[str], reason: str) -> None:
    accepted = [cdk.Acknowledgment(id=name, reason=reason) for name in names]
    cdk.Validations.of(construct).acknowledge(*accepted)
