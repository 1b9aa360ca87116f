"""The containers of a model: image, model data and environment, read from a Model's record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from local.hosting.errors import HostingError
from local.hosting.toolkits import NEO, OWN, XGBOOST, toolkit_of
from local.jobs.requests import is_open, items, member
from local.registry import models
from local.store.objects import s3_uri
from local.store.resources import Resource
from local.store.store import Store

PROGRAM = "SAGEMAKER_PROGRAM"
SUBMIT_DIRECTORY = "SAGEMAKER_SUBMIT_DIRECTORY"


@dataclass(frozen=True)
class Container:
    """What one worker serves. `data` is the S3 address of a model.tar.gz, of a folder (`packed` False), or empty."""

    model: str
    hostname: str
    image: str
    data: str = ""
    packed: bool = True
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def toolkit(self) -> str:
        """What serves: own for the server of our own image, neo for Neo's, else whose defaults apply to scripts."""
        return toolkit_of(self.image)

    def with_environment(self, more: Mapping[str, str]) -> Container:
        """Return the container with further variables."""
        return replace(self, environment=tuple(sorted({**dict(self.environment), **more}.items())))


def definitions(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the container definitions of a CreateModel request or DescribeModel response."""
    primary = member(body, "PrimaryContainer")
    return [primary] if isinstance(primary, Mapping) else items(body, "Containers")


def problems(body: Mapping[str, Any]) -> list[str]:
    """Name what is wrong with a CreateModel request, each as a sentence without its subject."""
    if definitions(body) or any(is_open(body.get(name)) for name in ("PrimaryContainer", "Containers")):
        return []
    return ["has neither PrimaryContainer nor Containers; give one of them."]


def unserved(body: Mapping[str, Any]) -> list[str]:
    """Name what in a CreateModel request cannot be served here, each as a sentence without its subject."""
    return [problem for definition in definitions(body) for problem in _problems(definition)]


def _problems(definition: Mapping[str, Any]) -> list[str]:
    if definition.get("ModelPackageName") is not None:
        return []
    if member(definition, "Mode") == "MultiModel":
        return ["has a container in the mode MultiModel, which the laptop does not serve; use one model a container."]
    image, environment = definition.get("Image"), definition.get("Environment") or {}
    if is_open(image) or is_open(environment) or is_open(environment.get(PROGRAM)):
        return []
    if not environment.get(PROGRAM) and toolkit_of(str(image or "")) not in (XGBOOST, OWN, NEO):
        problem = (
            f"is served by the program inside the image {str(image).rpartition('/')[2]}, which is not on the laptop; "
            f"it serves scripts ({PROGRAM} in the container's Environment), models of the built-in XGBoost and what "
            "was compiled here for Neo's image."
        )
        return [problem]
    return []


def containers(store: Store, model_name: str) -> tuple[Container, ...]:
    """Return a model's containers in the order in which they run.

    Raises:
        HostingError: there is no such model, or what it names is not there or cannot be served.
    """
    model = models.find(store, model_name)
    if model is None:
        message = f'Could not find model "{models.model_arn(model_name)}".'
        raise HostingError(message)
    found: list[Container] = []
    for definition in definitions(model.body):
        for each in _resolved(store, definition):
            trouble = _problems(each)
            if trouble:
                message = f"The model {model_name} {' '.join(trouble)}"
                raise HostingError(message)
            found.append(_container(model_name, len(found), {**each, **_kept(definition)}))
    return tuple(found)


def is_direct(store: Store, model_name: str) -> bool:
    """Say whether requests name one of the model's containers, instead of passing through all of them."""
    model = models.find(store, model_name)
    return model is not None and member(model.body, "InferenceExecutionConfig", "Mode") == "Direct"


def _kept(definition: Mapping[str, Any]) -> dict[str, Any]:
    """What a container that names a model package adds to it."""
    return {name: definition[name] for name in ("ContainerHostname",) if name in definition}


def _resolved(store: Store, definition: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    name = definition.get("ModelPackageName")
    if name is None:
        return [definition]
    package: Resource | None = store.resources.get("ModelPackage", name) or store.resources.by_arn(name)
    if package is None:
        message = f"There is no model package {name}; `sageline models` lists those that there are."
        raise HostingError(message)
    inside = items(package.body, "InferenceSpecification", "Containers")
    more = definition.get("Environment") or {}
    return [{**each, "Environment": {**(each.get("Environment") or {}), **more}} for each in inside]


def _container(model: str, index: int, definition: Mapping[str, Any]) -> Container:
    source = member(definition, "ModelDataSource", "S3DataSource") or {}
    environment = {str(name): str(value) for name, value in (definition.get("Environment") or {}).items()}
    return Container(
        model=model,
        hostname=str(definition.get("ContainerHostname") or f"container-{index + 1}"),
        image=str(definition.get("Image") or ""),
        data=s3_uri(str(definition.get("ModelDataUrl") or source.get("S3Uri") or "")),
        packed=source.get("CompressionType", "Gzip") != "None",
        environment=tuple(sorted(environment.items())),
    )


def images(found: tuple[Container, ...], now: float) -> list[dict[str, Any]]:
    """Return the containers' images as DescribeEndpoint's DeployedImages."""
    names = [each.image for each in found if each.image]
    return [{"SpecifiedImage": name, "ResolvedImage": name, "ResolutionTime": now} for name in names]
