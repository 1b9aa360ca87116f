"""A function, and what invokes it."""

from __future__ import annotations

from typing import Any

from tests.support.moto.every_type.parts import get, ref, resource


def functions(tags: list[Any], changed: bool, bucket: str) -> dict[str, Any]:
    """Return resources that refer to one another, and to those of the other modules, by these names."""
    return {
        "Function": resource(
            "Lambda::Function",
            Architectures=["arm64"],
            Code={"S3Bucket": bucket, "S3Key": "code.zip"},
            Environment={"Variables": {"STATE": f"{changed}"}},
            Handler="module.handler",
            MemorySize="256" if changed else "128",
            ReservedConcurrentExecutions=2 if changed else 1,
            Role=get("Role"),
            Runtime="python3.13",
            Tags=tags,
        ),
        "Permission": resource(
            "Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName=get("Function"),
            Principal="events.amazonaws.com",
            SourceArn=get("Rule"),
        ),
        "Failures": resource(
            "Lambda::EventInvokeConfig",
            FunctionName=ref("Function"),
            Qualifier="$LATEST",
            MaximumRetryAttempts=1 if changed else 0,
        ),
        "Feed": resource(
            "Lambda::EventSourceMapping",
            FunctionName=ref("Function"),
            EventSourceArn=get("Queue"),
            BatchSize=2 if changed else 1,
        ),
    }
