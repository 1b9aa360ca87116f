"""Names in a definition that are only known where it is deployed: buckets, keys, roles, subnets, code, functions.

They stand in the text as ``${Name}``. The laptop fills them with ``fill``, CloudFormation with ``Fn::Sub``. Text that a
person wrote (a column called ``${Total}``) must survive both, so the two are told apart while the definition is built:
``mark`` wraps a placeholder in two private characters, and ``seal`` turns those into ``${…}`` and every other ``${``
into an escape that JSON readers undo and substitution does not see.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

ARTIFACT_BUCKET = "ArtifactBucket"
DATA_BUCKET = "DataBucket"
ARTIFACT_KEY_ARN = "ArtifactKeyArn"
PROCESSING_ROLE_ARN = "ProcessingRoleArn"
TRAINING_ROLE_ARN = "TrainingRoleArn"
AUTOML_ROLE_ARN = "AutoMLRoleArn"
JOB_SECURITY_GROUP = "JobSecurityGroup"
CODE_URI = "CodeUri"
CODE_FILE = "CodeFile"
ENDPOINT_ROLE_ARN = "EndpointRoleArn"
SMOKE_TEST_FUNCTION_ARN = "SmokeTestFunctionArn"
FIND_CHAMPION_FUNCTION_ARN = "FindChampionFunctionArn"
COMPILE_QUEUE_URL = "CompileQueueUrl"
CAPTURED_BUCKET = "CapturedBucket"
FIND_CAPTURED_FUNCTION_ARN = "FindCapturedFunctionArn"

_OPEN, _CLOSE, _ADDRESS = "\ue000", "\ue001", "s3://\ue002"
_MARKED = re.compile(r"(?:s3://\\ue002)?\\ue000([A-Za-z0-9]+)\\ue001")
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z][A-Za-z0-9]*)\}")


class PlaceholderError(ValueError):
    """Placeholders of a definition for which no value was given."""

    def __init__(self, missing: Iterable[str]) -> None:
        self.missing = tuple(missing)
        names = ", ".join(f"${{{name}}}" for name in self.missing)
        super().__init__(f"The definition has placeholders without a value: {names}. Give a value for each of them.")


def subnet(zone: int) -> str:
    """Return the name of the placeholder for the private subnet of a zone, counted from 1."""
    return f"PrivateSubnet{zone}"


def subnets(zones: int) -> list[str]:
    """Return the names of the private subnets' placeholders, one for each zone."""
    return [subnet(zone) for zone in range(1, zones + 1)]


def mark(name: str) -> str:
    """Return a placeholder as it is written while a definition is being built."""
    return f"{_OPEN}{name}{_CLOSE}"


def mark_address(name: str) -> str:
    """Return a placeholder for a whole S3 address, looking enough like one for the SDK to take it as such."""
    return _ADDRESS + mark(name)


def seal(text: str) -> str:
    """Return ASCII JSON text with marked placeholders written as ``${Name}`` and every other ``${`` escaped."""
    return _MARKED.sub(r"${\1}", text.replace("${", "\\u0024{"))


def names(definition_text: str) -> list[str]:
    """Return the placeholders in a definition, each once, sorted."""
    return sorted(set(_PLACEHOLDER.findall(definition_text)))


def fill(definition_text: str, mapping: Mapping[str, str]) -> str:
    """Return the definition with every placeholder replaced by its value.

    Values not asked for are ignored, since one mapping serves every problem of an environment.

    Raises:
        PlaceholderError: for all placeholders that the mapping lacks, at once.
    """
    missing = [name for name in names(definition_text) if name not in mapping]
    if missing:
        raise PlaceholderError(missing)
    return _PLACEHOLDER.sub(lambda match: json.dumps(mapping[match[1]])[1:-1], definition_text)
