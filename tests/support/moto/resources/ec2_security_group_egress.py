"""AWS::EC2::SecurityGroupEgress: one rule about what goes out of a group."""

from __future__ import annotations

from tests.support.moto.cloudformation.security_rules import rule_type

RESOURCE = rule_type("Egress", native=False, why="It is skipped.")
