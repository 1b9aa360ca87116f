"""FindCaptured: lists what endpoints captured in the last days, so that a job, which can make no calls, is given it.

The event is {"CapturedDataUri": "s3://bucket/folder/", "Days": …, "Until": "now" or a moment such as
"2026-11-20T12:00:00Z", "ManifestUri": where the list is written, "StandIn": the address of an object that exists}.

An endpoint captures to ENDPOINT/VARIANT/YYYY/MM/DD/HH/… below the folder, in UTC (SageMaker Developer Guide, 'Capture
data from real-time endpoint'): days are listed by their names, never the whole folder, which may hold months.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3

NOW = "now"
MOST_DAYS = 31
MOST_FILES = 1_000


def handler(event: dict[str, Any], context: object) -> dict[str, str]:
    """Return ManifestUri and Files, how many it lists; where nothing was captured it lists StandIn alone."""
    del context
    days = int(event["Days"])
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"Days is {days}: give 1 to {MOST_DAYS}.")
    until = moment(event["Until"])
    bucket, prefix = split(event["CapturedDataUri"])
    keys = sorted(recent(boto3.client("s3"), bucket, prefix, until - timedelta(days=days), until))
    keys = newest(keys)
    if keys:
        listed: list[Any] = [{"prefix": f"s3://{bucket}/{prefix}"}, *(key.removeprefix(prefix) for key in keys)]
    else:
        folder, _, name = event["StandIn"].rpartition("/")
        listed = [{"prefix": f"{folder}/"}, name]
    place, key = split(event["ManifestUri"])
    boto3.client("s3").put_object(Bucket=place, Key=key, Body=json.dumps(listed).encode())
    print(f"{len(keys)} file(s) were captured in {days} day(s) until {until.isoformat()}.")
    return {"ManifestUri": event["ManifestUri"], "Files": str(len(keys))}


def moment(text: str) -> datetime:
    """Return the moment that a text names."""
    if text == NOW:
        return datetime.now(UTC)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise ValueError(f"Until is {text!r}: give {NOW!r} or a moment such as 2026-11-20T12:00:00Z.") from None


def split(uri: str) -> tuple[str, str]:
    """Return an address's bucket and key."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def recent(s3: Any, bucket: str, prefix: str, since: datetime, until: datetime) -> Iterator[str]:
    """Yield the keys of the hours between two moments, of every endpoint and variant."""
    first, last = (each.strftime("%Y/%m/%d/%H") for each in (since, until))
    dates = [(since + timedelta(days=number)).strftime("%Y/%m/%d/") for number in range((until - since).days + 2)]
    for endpoint in folders(s3, bucket, prefix):
        for variant in folders(s3, bucket, endpoint):
            for date in dates:
                for key in objects(s3, bucket, variant + date):
                    if first <= key.removeprefix(variant)[: len(first)] <= last:
                        yield key


def newest(keys: list[str]) -> list[str]:
    """Return the newest of sorted keys, by the date and hour in them, if there are very many."""
    if len(keys) <= MOST_FILES:
        return keys
    print(f"Of {len(keys)} files the newest {MOST_FILES} are listed.")
    return sorted(sorted(keys, key=lambda key: key.split("/")[-5:])[-MOST_FILES:])


def folders(s3: Any, bucket: str, prefix: str) -> list[str]:
    """Return the prefixes one level below a prefix."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
    return [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", [])]


def objects(s3: Any, bucket: str, prefix: str) -> list[str]:
    """Return the keys below a prefix."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [each["Key"] for page in pages for each in page.get("Contents", [])]
