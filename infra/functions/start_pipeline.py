"""StartPipeline: starts a pipeline on the data that lies in a folder now, once for what is the same occasion.

The event is {"PipelineName": …, "InputDataUri": "s3://bucket/folder/", "Reason": …} with one of

- "Occasion", text that is the same where a schedule's call is repeated: each occasion starts one execution;
- "QuietSeconds", how long no further file may have arrived: files that arrive together start one execution.

EventBridge can start a pipeline itself, but knows one file where a pipeline wants the version of all of them, and sends
some events twice.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from typing import Any

import boto3

NONE = "none"


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Return PipelineExecutionArn, "none" where files still arrive: the last one's own event starts the pipeline."""
    del context
    name, uri = event["PipelineName"], event["InputDataUri"]
    quiet = float(event.get("QuietSeconds", 0))
    found = files(uri)
    # An event that waited its turn behind others finds the folder quiet, and does not wait again.
    if (missing := quiet - age(found)) > 0:
        time.sleep(missing)
        found = files(uri)
        if age(found) < quiet:
            print(f"More files arrive in {uri}: {name} starts when the last one has.")
            return {"PipelineExecutionArn": NONE}
    execution = start(name, uri, found, event)
    print(f"{event['Reason']}: {execution} reads {len(found)} file(s) in {uri}.")
    return {"PipelineExecutionArn": execution}


def files(uri: str) -> list[dict[str, Any]]:
    """Return the objects below an address, by their keys.

    Raises:
        ValueError: there is none, and so nothing to start on.
    """
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    found = [item for page in pages for item in page.get("Contents", [])]
    if not any(item["Size"] for item in found):
        raise ValueError(f"There is no data at {uri}. Put the table there, or remove what starts the pipeline.")
    return found


def age(found: Sequence[dict[str, Any]]) -> float:
    """Return for how many seconds no file with something in it has arrived."""
    newest: float = max(item["LastModified"].timestamp() for item in found if item["Size"])
    return time.time() - newest


def start(name: str, uri: str, found: Sequence[dict[str, Any]], event: dict[str, Any]) -> str:
    """Start an execution, or return the ARN of the one that the same occasion or the same files started."""
    # The version that `sageline run` gives data in S3: the same files are the same input to Prepare's cache.
    version = digest(f"{item['Key']} {item['ETag']}" for item in found)[:32]
    occasion = event.get("Occasion") or digest(
        f"{item['Key']} {item['ETag']} {item['LastModified'].isoformat()}" for item in found
    )
    answer = boto3.client("sagemaker").start_pipeline_execution(
        PipelineName=name,
        PipelineExecutionDescription=event["Reason"],
        PipelineParameters=[{"Name": "InputDataUri", "Value": uri}, {"Name": "DataVersion", "Value": version}],
        ClientRequestToken=digest([name, occasion]),
    )
    execution: str = answer["PipelineExecutionArn"]
    return execution


def digest(lines: Any) -> str:
    """Return the SHA-256 of lines of text."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
