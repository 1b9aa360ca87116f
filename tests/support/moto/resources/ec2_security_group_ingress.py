"""AWS::EC2::SecurityGroupIngress: one rule about what goes into a group."""

from __future__ import annotations

from tests.support.moto.cloudformation.security_rules import rule_type

RESOURCE = rule_type("Ingress", native=True, why="It has no deletion.")
