"""moto keeps that a bucket tells EventBridge of its objects, and leaves it out of its answer."""

from __future__ import annotations

from typing import Any

from moto.s3.responses import S3Response

# As text: moto's serializer leaves empty members out.
_ANSWER = "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>"
_plain = S3Response.get_bucket_notification


def repair() -> None:
    """Answer with EventBridge's member, which is there and empty."""
    S3Response.get_bucket_notification = _get  # type: ignore[method-assign, assignment]


def _get(response: S3Response) -> Any:
    found = response.backend.get_bucket_notification_configuration(response.bucket_name)
    if found is None or found.event_bridge is None:
        return _plain(response)
    if found.topic or found.queue or found.cloud_function:
        raise NotImplementedError("The test support answers with EventBridge alone")
    return 200, {}, _ANSWER
