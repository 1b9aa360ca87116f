"""AWS's service models, loaded when first needed and once in a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.model import ServiceModel, Shape

_MODELS: dict[str, ServiceModel] = {}


def adopt(model: ServiceModel) -> None:
    """Takes over a model that a boto3 client has loaded already, which saves loading it again."""
    _MODELS.setdefault(model.service_name, model)


def service_model(service: str = "sagemaker") -> ServiceModel:
    """The model of a service: its operations and their shapes.

    Raises:
        botocore.exceptions.UnknownServiceError: botocore has no such service.
    """
    if service not in _MODELS:
        from botocore.loaders import Loader  # noqa: PLC0415 (a tenth of a second that most commands do without)
        from botocore.model import ServiceModel  # noqa: PLC0415

        _MODELS[service] = ServiceModel(Loader().load_service_model(service, "service-2"), service)
    return _MODELS[service]


def request_shape(operation: str, service: str = "sagemaker") -> Shape:
    """The shape of an operation's request.

    Raises:
        botocore.exceptions.OperationNotFoundError: the service has no such operation.
    """
    return _known(service_model(service).operation_model(operation).input_shape, operation)


def response_shape(operation: str, service: str = "sagemaker") -> Shape:
    """The shape of an operation's response.

    Raises:
        botocore.exceptions.OperationNotFoundError: the service has no such operation.
    """
    return _known(service_model(service).operation_model(operation).output_shape, operation)


def named_shape(name: str, service: str = "sagemaker") -> Shape:
    """A shape by its name in the model.

    Raises:
        botocore.model.NoShapeFoundError: the service has no such shape.
    """
    return service_model(service).shape_for(name)


def _known(shape: Shape | None, operation: str) -> Shape:
    if shape is None:
        raise LookupError(f"{operation} carries nothing there.")
    return shape
