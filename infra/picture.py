"""Draws what an environment consists of, from its templates, and puts the picture into docs/architecture.md.

``python -m infra.picture docs/architecture.md`` does so. What stands in the templates is what is drawn, in Mermaid.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.application import build, environments, new_app

#: Types worth showing, with what a person calls one and several of them, in the order of a stack's box.
SHOWN: dict[str, tuple[str, str]] = {
    "AWS::EC2::VPC": ("VPC", "VPCs"),
    "AWS::EC2::Subnet": ("private subnet", "private subnets"),
    "AWS::EC2::VPCEndpoint": ("endpoint of an AWS service", "endpoints of AWS services"),
    "AWS::EC2::SecurityGroup": ("security group", "security groups"),
    "AWS::EC2::FlowLog": ("flow log", "flow logs"),
    "AWS::KMS::Key": ("key", "keys"),
    "AWS::S3::Bucket": ("bucket", "buckets"),
    "AWS::CloudTrail::Trail": ("trail", "trails"),
    "AWS::Glue::Database": ("catalog", "catalogs"),
    "AWS::IAM::Role": ("role", "roles"),
    "AWS::SageMaker::ModelPackageGroup": ("model package group", "model package groups"),
    "AWS::SageMaker::Pipeline": ("pipeline", "pipelines"),
    "AWS::Lambda::Function": ("function", "functions"),
    "AWS::Events::Rule": ("event rule", "event rules"),
    "AWS::Scheduler::Schedule": ("schedule", "schedules"),
    "AWS::SNS::Topic": ("topic", "topics"),
    "AWS::SQS::Queue": ("queue", "queues"),
    "AWS::SageMaker::NotebookInstance": ("notebook instance", "notebook instances"),
    "AWS::SageMaker::NotebookInstanceLifecycleConfig": ("lifecycle configuration", "lifecycle configurations"),
    "AWS::SageMaker::CodeRepository": ("code repository", "code repositories"),
    "AWS::SageMaker::Domain": ("Studio domain", "Studio domains"),
    "AWS::SageMaker::Model": ("model", "models"),
    "AWS::SageMaker::EndpointConfig": ("endpoint configuration", "endpoint configurations"),
    "AWS::SageMaker::Endpoint": ("endpoint", "endpoints"),
    "AWS::ApplicationAutoScaling::ScalableTarget": ("scaling target", "scaling targets"),
    "AWS::CloudWatch::Alarm": ("alarm", "alarms"),
    "AWS::CloudWatch::Dashboard": ("dashboard", "dashboards"),
    "AWS::Budgets::Budget": ("budget", "budgets"),
    "AWS::Logs::LogGroup": ("log group", "log groups"),
}


def mermaid(templates: dict[str, dict[str, Any]]) -> str:
    """Return the picture of stacks: their names with their templates."""
    lines = ["flowchart LR"]
    for stack in sorted(templates):
        shown = "<br/>".join([f"<b>{_title(stack)}</b>", *_contents(templates[stack])])
        lines.append(f'    {_node(stack)}["{shown}"]')
    for user, template in sorted(templates.items()):
        lines += [f"    {_node(used)} --> {_node(user)}" for used in sorted(_uses(template)) if used in templates]
    return "\n".join(lines) + "\n"


def _contents(template: dict[str, Any]) -> list[str]:
    counts = Counter(each["Type"] for each in template["Resources"].values())
    return [
        f"{counts[type_]} {many if counts[type_] > 1 else one}" for type_, (one, many) in SHOWN.items() if counts[type_]
    ]


def _uses(template: dict[str, Any]) -> set[str]:
    """Return the stacks whose exports a template imports."""
    return set(re.findall(r'"Fn::ImportValue": "([^":]+):', json.dumps(template)))


def _title(stack: str) -> str:
    return stack.split("-", 2)[-1]


def _node(stack: str) -> str:
    return _title(stack).replace("-", "_")


def templates_of(environment: str) -> dict[str, dict[str, Any]]:
    """Return an environment's templates by their stacks' names."""
    with TemporaryDirectory() as folder:
        app = new_app(outdir=folder)
        build(app, environments([environment]))
        assembly = app.synth()
        return {
            stack.stack_name: json.loads(Path(stack.template_full_path).read_text(encoding="utf-8"))
            for stack in assembly.get_nested_assembly(f"assembly-{environment}").stacks
        }


def redrawn(page: str, picture: str) -> str:
    """Return a page with its picture, which stands between two marks, replaced."""
    return re.sub(r"(?s)(```mermaid\n).*?(```)", lambda found: found[1] + picture + found[2], page, count=1)


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(redrawn(page.read_text(encoding="utf-8"), mermaid(templates_of("dev"))), encoding="utf-8")
