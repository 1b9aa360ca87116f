"""How large a request's body may be, by service, and each service's word for one that is larger."""

from __future__ import annotations

from local.api.errors import ServiceError

PAYLOAD_BYTES = 6 << 20
USUAL_BYTES = 8 << 20
# The largest object that S3 takes in one request.
OBJECT_BYTES = 5 << 30

_LIMITS = {"lambda": PAYLOAD_BYTES, "s3": OBJECT_BYTES, "sagemaker-runtime": PAYLOAD_BYTES}
_WORDS = {
    "lambda": (
        "RequestEntityTooLargeException",
        "Request must be smaller than {limit} bytes for the InvokeFunction operation",
    ),
    "s3": ("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"),
    "sagemaker-runtime": ("413", "HTTP content length exceeded {limit} bytes."),
}


def body_bytes(service: str) -> int:
    """Return how many bytes a service takes in one body."""
    return _LIMITS.get(service, USUAL_BYTES)


def too_large(service: str) -> ServiceError:
    """Return a service's answer to a body beyond its limit."""
    code, words = _WORDS.get(service, ("SerializationException", "A request holds at most {limit} bytes."))
    return ServiceError(code, words.format(limit=body_bytes(service)), status=400 if service == "s3" else 413)
