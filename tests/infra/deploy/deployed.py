"""What stands after a deployment, looked up through the API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tests.support.deploy_report import DeployReport
from tests.support.moto.cdk import Cdk
from tests.support.moto.server import ROOT, Server
from tests.support.stacks import Template

_PREFIX = "sageline-dev-"


@dataclass
class Deployed:
    """A deployed environment.

    Attributes:
        assembly: what was deployed.
        folder: where other assemblies may be written.
        report: takes note of what is looked at.
    """

    server: Server
    cdk: Cdk
    assembly: Path
    folder: Path
    report: DeployReport = field(default_factory=DeployReport)

    def client(self, service: str) -> Any:
        """Return a boto3 client of a service."""
        return self.server.client(service)

    @contextmanager
    def copied(self) -> Iterator[Deployed]:
        """Give an account in which everything stands that stands in this one: a test may change it as it likes."""
        with self.server.copied() as server:
            yield replace(self, server=server, cdk=Cdk(server, self.folder))

    @cached_property
    def templates(self) -> dict[str, Template]:
        """The templates, by their stacks' short names such as ``data``."""
        return templates(self.assembly)

    def stack(self, name: str) -> Any:
        """Describe a stack by its short name."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=_PREFIX + name)["Stacks"]
        return stack

    def events(self, name: str) -> list[Any]:
        """Return what happened to a stack, by its short name or its id, the newest first."""
        stack = name if name.startswith("arn:") else _PREFIX + name
        events: list[Any] = self.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
        return events

    def physical(self, stack: str, type_: str) -> dict[str, str]:
        """Return the physical ids of a stack's resources of a type, by their logical ids."""
        resources = self.client("cloudformation").describe_stack_resources(StackName=_PREFIX + stack)["StackResources"]
        found = {
            each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources if each["ResourceType"] == type_
        }
        self.report.checked.setdefault(type_, set()).update(f"{stack}/{name}" for name in found)
        return found

    def resources(self, stack: str) -> set[str]:
        """Return the logical ids of what a stack has now."""
        resources = self.client("cloudformation").describe_stack_resources(StackName=_PREFIX + stack)["StackResources"]
        return {each["LogicalResourceId"] for each in resources}

    def count(self) -> None:
        """Take note of all that was made."""
        for name in self.templates:
            made = self.client("cloudformation").describe_stack_resources(StackName=_PREFIX + name)["StackResources"]
            self.report.created.update(each["ResourceType"] for each in made)

    def one(self, stack: str, type_: str, start: str = "") -> str:
        """Return the physical id of the one resource of a type whose logical id starts so."""
        (found,) = [id_ for name, id_ in self.physical(stack, type_).items() if name.startswith(start)]
        return found

    def with_settings(self, name: str, settings: Mapping[str, Any]) -> Path:
        """Return the assembly of a copy of the environment's file that has other settings, by group."""
        from infra.application import build, environments, new_app, synthesise  # noqa: PLC0415 - starts Node

        values = yaml.safe_load((ROOT / "config" / "environments" / "dev.yaml").read_text("utf-8"))
        for group, changed in settings.items():
            values[group] = values.get(group, {}) | dict(changed) if isinstance(changed, Mapping) else changed
        copy = self.folder / name / "dev.yaml"
        copy.parent.mkdir()
        copy.write_text(yaml.safe_dump(values), encoding="utf-8")
        assembly = copy.with_name("assembly")
        app = new_app(outdir=str(assembly))
        build(app, environments([str(copy)]))
        synthesise(app, checks=False)
        return assembly


def templates(assembly: Path) -> dict[str, Template]:
    """Return an assembly's templates, by their stacks' short names such as ``data``."""
    found = {}
    for manifest in assembly.rglob("manifest.json"):
        for artifact in json.loads(manifest.read_text("utf-8"))["artifacts"].values():
            if artifact["type"] == "aws:cloudformation:stack":
                name = artifact["properties"]["stackName"].removeprefix(_PREFIX)
                file = manifest.parent / artifact["properties"]["templateFile"]
                found[name] = json.loads(file.read_text("utf-8"))
    return found


def changed(events: list[Any]) -> dict[str, str]:
    """Return what the latest operation did to each resource, such as ``UPDATE_COMPLETE``, by logical id."""
    done: dict[str, str] = {}
    for event in events:
        if event["ResourceType"] == "AWS::CloudFormation::Stack":
            if event.get("ResourceStatusReason") == "User Initiated":
                break
        elif not event["ResourceStatus"].endswith("IN_PROGRESS"):
            done.setdefault(event["LogicalResourceId"], event["ResourceStatus"])
    return done
