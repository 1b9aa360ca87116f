"""What asking the endpoint of an approved model takes, for whoever the settings name."""

from __future__ import annotations

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from config.settings.serving import Endpoint
from infra import names
from infra.constructs.policy import Permission
from infra.permissions import storage
from infra.permissions.place import Place
from pipeline.names import pipeline_name

REQUESTS = "asynchronous/requests"
_WAITING = ("asynchronous/answers", "asynchronous/failures")


def ask(place: Place, problem: str, endpoint: Endpoint, artifacts: s3.IBucket, key: kms.IKey) -> list[Permission]:
    """Return what asking a problem's live endpoint takes; one that is asynchronous takes and gives objects."""
    word = _word(problem)
    arn = place.arn("sagemaker", "endpoint", names.endpoint_name(problem))
    if endpoint.asynchronous is None:
        return [Permission(f"Ask{word}", ["sagemaker:InvokeEndpoint"], [arn])]
    folder = pipeline_name(problem)
    return [
        Permission(f"Ask{word}", ["sagemaker:InvokeEndpointAsync"], [arn]),
        Permission(
            f"BringRequests{word}",
            ["s3:PutObject"],
            [artifacts.arn_for_objects(f"{folder}/{REQUESTS}/*")],
            because="Whoever asks names the request.",
        ),
        Permission(
            f"FetchAnswers{word}",
            ["s3:GetObject"],
            [artifacts.arn_for_objects(f"{folder}/{each}/*") for each in _WAITING],
            because="SageMaker names the answer.",
        ),
        Permission(
            f"EncryptRequests{word}",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            [key.key_arn],
            storage.through_s3(place),
        ),
    ]


def _word(problem: str) -> str:
    """Return a problem's name as it may stand in a statement's: letters and digits."""
    return "".join(part.capitalize() for part in problem.replace("-", "_").split("_"))
