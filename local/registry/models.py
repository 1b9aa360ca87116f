"""Models: which image serves which artefacts. Made by CreateModel and by Model steps alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local.registry import tags
from local.registry.errors import RegistryError
from local.registry.times import with_texts
from local.store.names import arn
from local.store.objects import ObjectError, s3_uri
from local.store.resources import Resource
from local.store.store import Store

KIND = "Model"
DETAIL_TYPE = "SageMaker Model State Change"


def model_arn(name: str) -> str:
    """Return a model's ARN; the service writes the name in lower case."""
    return arn(f"model/{name.lower()}")


def find(store: Store, name: str) -> Resource | None:
    """Return a model by its name or ARN, if there is one."""
    found = store.resources.get(KIND, name) or store.resources.by_arn(name if name[:4] == "arn:" else model_arn(name))
    return found if found is not None and found.kind == KIND else None


def get(store: Store, name: str) -> Resource:
    """Return a model; RegistryError where there is none."""
    found = find(store, name)
    if found is None:
        message = f'Could not find model "{name if name[:4] == "arn:" else model_arn(name)}".'
        raise RegistryError(message)
    return found


def create(store: Store, request: Mapping[str, Any], *, now: float) -> Resource:
    """Make a model of a CreateModel request. `Resource.body` is its Describe response.

    Raises:
        RegistryError: the name is taken, or a container names a package or artefacts that are not there.
    """
    name = str(request["ModelName"])
    given = tags.read(request.get("Tags"))
    if ("PrimaryContainer" in request) == ("Containers" in request):
        message = "Give either PrimaryContainer or Containers."
        raise RegistryError(message)
    for container in _containers(request):
        _check(store, container)
    body = {
        "ModelName": name,
        "ModelArn": model_arn(name),
        **{key: value for key, value in request.items() if key not in ("ModelName", "Tags")},
        "CreationTime": now,
        "EnableNetworkIsolation": request.get("EnableNetworkIsolation", False),
    }
    if "PrimaryContainer" in request:
        body["PrimaryContainer"] = _completed(request["PrimaryContainer"])
    else:
        body["Containers"] = [_completed(each) for each in request["Containers"]]
    with store.database.transaction():
        if find(store, name) is not None:
            message = f'Cannot create already existing model "{model_arn(name)}".'
            raise RegistryError(message)
        made = store.resources.put(KIND, name, model_arn(name), body, now=now)
        store.resources.tag(made.arn, given)
        _announce(store, made, now)
    return made


def delete(store: Store, name: str, *, now: float) -> None:
    """Forget a model; its artefacts stay. RegistryError where there is none."""
    with store.database.transaction():
        found = get(store, name)
        _announce(store, found, now)
        store.resources.delete(KIND, found.name)


def _containers(request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "PrimaryContainer" in request:
        yield request["PrimaryContainer"]
    yield from request.get("Containers") or ()


def _completed(container: Mapping[str, Any]) -> dict[str, Any]:
    """Return a container with what the service adds to one that serves one model from an image."""
    usual = {"Mode": "SingleModel"} if "Image" in container else {}
    return {**usual, "Environment": {}, **container}


def _check(store: Store, container: Mapping[str, Any]) -> None:
    package = container.get("ModelPackageName")
    if package is None and "Image" not in container:
        message = "A container needs an Image or a ModelPackageName."
        raise RegistryError(message)
    if package is not None and not _is_package(store, str(package)):
        message = f"ModelPackage {package} does not exist."
        raise RegistryError(message)
    source = container.get("ModelDataSource", {}).get("S3DataSource", {}).get("S3Uri")
    for uri in (container.get("ModelDataUrl"), source):
        if uri is not None and not _is_there(store, s3_uri(str(uri)), container):
            message = (
                f"Could not find model data at {uri}. Store the artefacts there first, or correct the address in the "
                "container."
            )
            raise RegistryError(message)


def _is_package(store: Store, name: str) -> bool:
    found = store.resources.get("ModelPackage", name) or store.resources.by_arn(
        name if name.startswith("arn:") else arn(f"model-package/{name.lower()}")
    )
    return found is not None and found.kind == "ModelPackage"


def _is_there(store: Store, uri: str, container: Mapping[str, Any]) -> bool:
    # A container for many models names the folder that they will come to.
    if container.get("Mode") == "MultiModel":
        return True
    try:
        return bool(store.objects.select(uri))
    except ObjectError:
        return False


def _announce(store: Store, model: Resource, now: float) -> None:
    members = ("ModelName", "ModelArn", "CreationTime", "PrimaryContainer", "Containers", "ExecutionRoleArn")
    detail = {name: model.body[name] for name in members if name in model.body}
    detail["Tags"] = store.resources.tags(model.arn)
    store.events.record(DETAIL_TYPE, with_texts(detail, ("CreationTime",)), [model.arn], now=now)
