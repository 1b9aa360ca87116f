"""Finding what a request names: by name, in any case as the service takes it, or by ARN."""

from __future__ import annotations

from local.api import engine, errors
from local.store.executions import RUNNING, Execution, ExecutionSummary
from local.store.names import arn, pipeline_arn
from local.store.resources import Resource
from local.store.store import Store


def pipeline(store: Store, name_or_arn: str) -> Resource:
    """Return a pipeline; ResourceNotFound where there is none."""
    found = store.resources.get("Pipeline", name_or_arn)
    if found is None:
        wanted = name_or_arn if name_or_arn.startswith("arn:") else pipeline_arn(name_or_arn)
        found = store.resources.by_arn(wanted)
    if found is None or found.kind != "Pipeline":
        shown = name_or_arn if name_or_arn.startswith("arn:") else pipeline_arn(name_or_arn)
        raise errors.not_found(f"Pipeline '{shown}' does not exist.")
    return found


def execution(store: Store, execution_arn: str) -> Execution:
    """Return an execution as it is now, a dead engine noticed; ResourceNotFound where there is none."""
    found = store.executions.get(execution_arn)
    if found is None:
        raise errors.not_found(f"Pipeline execution '{execution_arn}' does not exist.")
    return current(store, found)


def current(store: Store, found: Execution) -> Execution:
    """Return the execution after a look at whether its engine still runs."""
    return engine.reconcile(store, found) if found.status in RUNNING else found


def looked_at(store: Store, found: ExecutionSummary) -> ExecutionSummary:
    """Return one of a list's executions after a look at whether its engine still runs."""
    return execution(store, found.arn) if found.status in RUNNING else found


def model_package_group(store: Store, name_or_arn: str) -> Resource:
    """Return a model package group; ValidationException, as the service has it, where there is none."""
    name = name_or_arn.rpartition("/")[2]
    found = store.resources.get("ModelPackageGroup", name) or store.resources.by_arn(
        arn(f"model-package-group/{name.lower()}")
    )
    if found is None or (name_or_arn.startswith("arn:") and found.arn != name_or_arn):
        shown = name_or_arn if name_or_arn.startswith("arn:") else arn(f"model-package-group/{name}")
        raise errors.invalid(f"ModelPackageGroup {shown} does not exist.")
    return found


def model_package(store: Store, name_or_arn: str) -> Resource:
    """Return a model package by ARN, `group/version` or the name of an unversioned one."""
    found = store.resources.get("ModelPackage", name_or_arn)
    if found is None:
        shown = name_or_arn if name_or_arn.startswith("arn:") else arn(f"model-package/{name_or_arn}".lower())
        found = store.resources.by_arn(shown)
        if found is None or found.kind != "ModelPackage":
            raise errors.invalid(f"ModelPackage {shown} does not exist.")
    return found
