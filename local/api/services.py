"""The services that the laptop answers, each with its table of operations. One more service is one more line."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping

from local.api.call import Handler

# Service name as boto3 has it -> the module that holds OPERATIONS. Imported when first asked for: a program that
# only reads objects does not pay for SageMaker.
MODULES = {
    "events": "local.api.events.operations",
    "iam": "local.api.iam.operations",
    "lambda": "local.api.functions.operations",
    "logs": "local.api.logs.operations",
    "s3": "local.api.s3.operations",
    "sagemaker": "local.api.sagemaker.operations",
    "sqs": "local.api.sqs.operations",
    "sagemaker-runtime": "local.api.sagemaker_runtime.operations",
    "sts": "local.api.sts.operations",
}


@functools.cache
def operations(service: str) -> Mapping[str, Handler]:
    """Return the handlers of a service by operation name; KeyError where the laptop has no such service."""
    table: Mapping[str, Handler] = importlib.import_module(MODULES[service]).OPERATIONS
    return table
