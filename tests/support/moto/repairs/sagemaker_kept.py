"""moto's SageMaker forgets much of what it is given (isolation, shadow variants, metadata settings), or lacks the call.

For the kinds below its calls are exchanged: Create keeps the request whole, Update changes members of it, Describe
gives it back with what the service adds, List all of them, Delete forgets it. Jobs, packages and pipelines stay moto's.
"""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores
from moto.sagemaker.responses import SageMakerResponse

Record = dict[str, Any]
Place = tuple[str, str]


class _ValidationError(ServiceException):
    code = "ValidationException"


@dataclass(frozen=True)
class Kind:
    """One kind of thing.

    Attributes:
        name: as in the names of its operations.
        key: the members that say which one is meant.
        path: the ARN's last part, filled with members.
        described: members that Describe calls otherwise than Create and Update do.
        more: what the service adds, given what was asked for and everything that is kept in the place.
        admits: refuses a request that names what is not there.
    """

    name: str
    key: tuple[str, ...]
    path: str
    many: str = ""
    described: Mapping[str, str] = field(default_factory=dict)
    more: Callable[[Record, dict[str, Record]], Record] = lambda record, all_: {}  # noqa: ARG005
    admits: Callable[[Record, dict[str, Record]], None] = lambda record, all_: None  # noqa: ARG005


_kept: dict[Place, dict[str, Record]] = {}


def _all(response: SageMakerResponse) -> dict[str, Record]:
    """Return what is kept in the request's account and region, by ARN."""
    return _kept.setdefault((response.current_account, response.region), {})


def _variants(record: Record, all_: dict[str, Record], member: str) -> list[Record]:
    """Return an endpoint's variants as its configuration has them, with as many instances as it asks for."""
    configuration = _found(all_, "endpoint-config", record["EndpointConfigName"])
    return [
        {
            "VariantName": each["VariantName"],
            "CurrentWeight": each.get("InitialVariantWeight", 1.0),
            "DesiredWeight": each.get("InitialVariantWeight", 1.0),
            "CurrentInstanceCount": each.get("InitialInstanceCount", 0),
            "DesiredInstanceCount": each.get("InitialInstanceCount", 0),
        }
        for each in configuration.get(member, ())
    ]


def _endpoint(record: Record, all_: dict[str, Record]) -> Record:
    more: Record = {"EndpointStatus": "InService", "ProductionVariants": _variants(record, all_, "ProductionVariants")}
    if shadows := _variants(record, all_, "ShadowProductionVariants"):
        more["ShadowProductionVariants"] = shadows
    capture = _found(all_, "endpoint-config", record["EndpointConfigName"]).get("DataCaptureConfig")
    if capture is not None:
        more["DataCaptureConfig"] = {
            "EnableCapture": capture.get("EnableCapture", True),
            "CaptureStatus": "Started",
            "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
            "DestinationS3Uri": capture["DestinationS3Uri"],
            "KmsKeyId": capture.get("KmsKeyId", ""),
        }
    return more


def _admit_configuration(record: Record, all_: dict[str, Record]) -> None:
    for each in [*record["ProductionVariants"], *record.get("ShadowProductionVariants", ())]:
        _found(all_, "model", each["ModelName"])


def _admit_endpoint(record: Record, all_: dict[str, Record]) -> None:
    _found(all_, "endpoint-config", record["EndpointConfigName"])


def _admit_profile(record: Record, all_: dict[str, Record]) -> None:
    _found(all_, "domain", record["DomainId"])


def _found(all_: dict[str, Record], path: str, name: str) -> Record:
    for arn, record in all_.items():
        if arn.split(":", 5)[5] == f"{path}/{name}":
            return record
    raise _ValidationError(f"Could not find {path} {name}.")


KINDS = (
    Kind("Model", ("ModelName",), "model/{ModelName}"),
    Kind(
        "EndpointConfig", ("EndpointConfigName",), "endpoint-config/{EndpointConfigName}", admits=_admit_configuration
    ),
    Kind(
        "Endpoint",
        ("EndpointName",),
        "endpoint/{EndpointName}",
        described={"DeploymentConfig": "LastDeploymentConfig"},
        more=_endpoint,
        admits=_admit_endpoint,
    ),
    Kind(
        "NotebookInstance",
        ("NotebookInstanceName",),
        "notebook-instance/{NotebookInstanceName}",
        described={"LifecycleConfigName": "NotebookInstanceLifecycleConfigName", "SecurityGroupIds": "SecurityGroups"},
        more=lambda record, _: {"NotebookInstanceStatus": record.get("status", "InService")},
    ),
    Kind(
        "NotebookInstanceLifecycleConfig",
        ("NotebookInstanceLifecycleConfigName",),
        "notebook-instance-lifecycle-config/{NotebookInstanceLifecycleConfigName}",
    ),
    Kind("CodeRepository", ("CodeRepositoryName",), "code-repository/{CodeRepositoryName}", many="CodeRepositories"),
    Kind(
        "Domain",
        ("DomainId",),
        "domain/{DomainId}",
        more=lambda record, _: {"Status": "InService", "Url": f"https://{record['DomainId']}.studio.example"},
    ),
    Kind(
        "UserProfile",
        ("DomainId", "UserProfileName"),
        "user-profile/{DomainId}/{UserProfileName}",
        more=lambda *_: {"Status": "InService"},
        admits=_admit_profile,
    ),
)


def repair() -> None:
    """Exchange the calls of each kind, and those for tags, which are told apart by the ARN."""
    for kind in KINDS:
        many = kind.many or f"{kind.name}s"
        _exchange(f"Create{kind.name}", lambda response, kind=kind: _create(response, kind))
        _exchange(f"Describe{kind.name}", lambda response, kind=kind: ActionResult(_describe(response, kind)))
        _exchange(f"Update{kind.name}", lambda response, kind=kind: _update(response, kind))
        _exchange(f"Delete{kind.name}", lambda response, kind=kind: _delete(response, kind))
        _exchange(f"List{many}", lambda response, kind=kind, many=many: _list(response, kind, many))
    for name, status in (("Start", "InService"), ("Stop", "Stopped")):
        _exchange(f"{name}NotebookInstance", lambda response, status=status: _become(response, status))
    for operation, own in (("AddTags", _add_tags), ("DeleteTags", _delete_tags), ("ListTags", _list_tags)):
        _divide(operation, own)


def _exchange(operation: str, answer: Callable[..., Any]) -> None:
    def method(response: SageMakerResponse) -> Any:
        return answer(response)

    setattr(SageMakerResponse, camelcase_to_underscores(operation), method)


def _divide(operation: str, own: Callable[[SageMakerResponse, Record], Any]) -> None:
    plain = getattr(SageMakerResponse, camelcase_to_underscores(operation))

    def method(response: SageMakerResponse) -> Any:
        record = _all(response).get(response._get_param("ResourceArn"))
        return plain(response) if record is None else own(response, record)

    setattr(SageMakerResponse, camelcase_to_underscores(operation), method)


def _arn(response: SageMakerResponse, kind: Kind, request: Record) -> str:
    place = f"arn:{response.partition}:sagemaker:{response.region}:{response.current_account}"
    return f"{place}:{kind.path.format(**request)}"


def _create(response: SageMakerResponse, kind: Kind) -> ActionResult:
    request = copy.deepcopy(dict(response._get_params()))
    if kind.name == "Domain":
        request["DomainId"] = f"d-{uuid.uuid4().hex[:12]}"
    arn, all_ = _arn(response, kind, request), _all(response)
    if arn in all_:
        raise _ValidationError(f"Cannot create already existing {kind.name} {arn}.")
    kind.admits(request, all_)
    all_[arn] = request | {"CreationTime": dt.datetime.now(dt.UTC)}
    return ActionResult(_shown(kind, arn, all_))


def _shown(kind: Kind, arn: str, all_: dict[str, Record]) -> Record:
    record = all_[arn]
    renamed = {kind.described.get(name, name): value for name, value in record.items()}
    times = {"LastModifiedTime": record.get("LastModifiedTime", record["CreationTime"])}
    return renamed | {f"{kind.name}Arn": arn} | times | kind.more(record, all_)


def _meant(response: SageMakerResponse, kind: Kind) -> str:
    arn = _arn(response, kind, {name: response._get_param(name) for name in kind.key})
    if arn not in _all(response):
        raise _ValidationError(f"Could not find {kind.name} {arn}.")
    return arn


def _describe(response: SageMakerResponse, kind: Kind) -> Record:
    return _shown(kind, _meant(response, kind), _all(response))


def _update(response: SageMakerResponse, kind: Kind) -> ActionResult:
    arn, all_ = _meant(response, kind), _all(response)
    record, request = all_[arn], copy.deepcopy(dict(response._get_params()))
    if kind.name == "NotebookInstance" and record.get("status") != "Stopped":
        raise _ValidationError(f"Status (InService) not in ([Stopped, Failed]). Unable to update {arn}")
    for name in [name for name in request if name.startswith("Disassociate")]:
        if request.pop(name):
            record.pop(name.removeprefix("Disassociate").replace("LifecycleConfig", "LifecycleConfigName"), None)
    if "DomainSettingsForUpdate" in request:
        request["DomainSettings"] = record.get("DomainSettings", {}) | request.pop("DomainSettingsForUpdate")
    changed = record | request
    kind.admits(changed, all_)
    all_[arn] = changed | {"LastModifiedTime": dt.datetime.now(dt.UTC)}
    return ActionResult(_shown(kind, arn, all_))


def _delete(response: SageMakerResponse, kind: Kind) -> EmptyResult:
    arn = _meant(response, kind)
    if kind.name == "NotebookInstance" and _all(response)[arn].get("status") != "Stopped":
        raise _ValidationError(f"Status (InService) not in ([Stopped, Failed]). Unable to delete {arn}")
    del _all(response)[arn]
    return EmptyResult()


def _list(response: SageMakerResponse, kind: Kind, many: str) -> ActionResult:
    path = kind.path.split("/", 1)[0] + "/"
    arns = [arn for arn in sorted(_all(response)) if arn.split(":", 5)[5].startswith(path)]
    member = {"CodeRepository": "CodeRepositorySummaryList"}.get(kind.name, many)
    return ActionResult({member: [_shown(kind, arn, _all(response)) for arn in arns]})


def _become(response: SageMakerResponse, status: str) -> EmptyResult:
    kind = next(each for each in KINDS if each.name == "NotebookInstance")
    _all(response)[_meant(response, kind)]["status"] = status
    return EmptyResult()


def _add_tags(response: SageMakerResponse, record: Record) -> ActionResult:
    added = {each["Key"]: each for each in response._get_param("Tags")}
    record["Tags"] = [each for each in record.get("Tags", []) if each["Key"] not in added] + list(added.values())
    return ActionResult({"Tags": record["Tags"]})


def _delete_tags(response: SageMakerResponse, record: Record) -> EmptyResult:
    keys = response._get_param("TagKeys")
    record["Tags"] = [each for each in record.get("Tags", []) if each["Key"] not in keys]
    return EmptyResult()


def _list_tags(_: SageMakerResponse, record: Record) -> ActionResult:
    return ActionResult({"Tags": record.get("Tags", [])})
