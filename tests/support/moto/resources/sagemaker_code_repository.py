"""AWS::SageMaker::CodeRepository."""

from __future__ import annotations

from typing import Any

from tests.support.moto.cloudformation import sagemaker as shared
from tests.support.moto.cloudformation.resource import Made, Order, Resource


def create(order: Order, sagemaker: Any) -> Made:
    """Make the repository."""
    return shared.create(order, sagemaker, "CodeRepository", "CodeRepositoryName")


def update(order: Order, sagemaker: Any) -> Made:
    """Change the secret: the address and the branch are replaced."""
    assert order.made is not None
    secret = order.properties.group("GitConfig").some("SecretArn")
    if secret:
        sagemaker.update_code_repository(
            CodeRepositoryName=order.made.attributes["CodeRepositoryName"], GitConfig=secret
        )
    return shared.update_tags(order, sagemaker)


def delete(order: Order, sagemaker: Any) -> None:
    """Delete the repository."""
    assert order.made is not None
    sagemaker.delete_code_repository(CodeRepositoryName=order.made.attributes["CodeRepositoryName"])


RESOURCE = Resource(
    type="AWS::SageMaker::CodeRepository",
    service="sagemaker",
    native=False,
    why="It is skipped, and so are the calls.",
    create=create,
    update=update,
    delete=delete,
    name="CodeRepositoryName",
)
