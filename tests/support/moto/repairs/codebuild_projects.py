"""moto's projects forget their key and more, need a place where CodePipeline gives them none, and cannot be changed."""

from __future__ import annotations

import json
from typing import Any

from moto.codebuild.exceptions import (
    InvalidInputException,
    ResourceAlreadyExistsException,
    ResourceNotFoundException,
)
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult
from moto.core.utils import unix_time

_VISIBILITIES = ("PRIVATE", "PUBLIC_READ")


def repair() -> None:
    """Exchange CreateProject, and add UpdateProject and UpdateProjectVisibility."""
    for operation, answer in (("update_project", _update), ("update_project_visibility", _update_visibility)):
        assert not hasattr(CodeBuildResponse, operation), "moto changes projects now: look at this module again"
        setattr(CodeBuildResponse, operation, answer)
    setattr(CodeBuildResponse, "create_project", _create)  # noqa: B010 - a method is no attribute to assign to


def _create(response: CodeBuildResponse) -> ActionResult:
    """Make a project that keeps everything that it is given."""
    request = _request(response)
    if request["name"] in response.codebuild_backend.codebuild_projects:
        raise ResourceAlreadyExistsException(f"Project already exists: {request['name']}")
    project = response.codebuild_backend.create_project(
        project_name=request["name"],
        description=None,
        project_source=request["source"],
        artifacts=request["artifacts"],
        environment=request["environment"],
        service_role=request["serviceRole"],
        tags=None,
        cache=None,
        timeout=60,
        queued_timeout=480,
        source_version=None,
        logs_config=None,
        vpc_config=None,
    )
    project["projectVisibility"] = "PRIVATE"
    return _keep(project, request)


def _request(response: CodeBuildResponse) -> dict[str, Any]:
    request: dict[str, Any] = json.loads(response.body)
    return request


def _keep(project: dict[str, Any], request: dict[str, Any]) -> ActionResult:
    project |= request | {"lastModified": unix_time()}
    return ActionResult({"project": project})


def _update(response: CodeBuildResponse) -> ActionResult:
    request = _request(response)
    return _keep(_project(response, request["name"]), request)


def _update_visibility(response: CodeBuildResponse) -> ActionResult:
    arn, visibility = response._get_param("projectArn"), response._get_param("projectVisibility")
    if visibility not in _VISIBILITIES:
        raise InvalidInputException(f"Invalid visibility: {visibility}")
    _project(response, arn.rpartition("/")[2])["projectVisibility"] = visibility
    return ActionResult({"projectArn": arn, "projectVisibility": visibility})


def _project(response: CodeBuildResponse, name: str) -> dict[str, Any]:
    projects = response.codebuild_backend.codebuild_projects
    if name not in projects:
        raise ResourceNotFoundException(f"Project cannot be found: {name}")
    return projects[name].project_metadata
