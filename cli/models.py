"""Finds model packages by what people type, and decides on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from cli.aws_errors import is_missing
from cli.errors import CommandError
from cli.session import Session

PREFIX = "sageline-"
LIVE = "live-"
"""What the names of endpoints start with that serve what was approved (infra/names.py)."""
_ARN = re.compile(r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:model-package/[A-Za-z0-9-]{1,63}(/\d{1,9})?")


def group_name(problem: str) -> str:
    """Return the model package group of a problem's name; a group's own name is taken as it is."""
    return problem if problem.startswith(PREFIX) else PREFIX + problem.replace("_", "-")


def packages(session: Session, group: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield the model packages' descriptions, group by group, the newest version first."""
    groups = [group] if group else _groups(session)
    for name in groups:
        for page in session.sagemaker.get_paginator("list_model_packages").paginate(
            ModelPackageGroupName=name, SortBy="CreationTime", SortOrder="Descending"
        ):
            for summary in page["ModelPackageSummaryList"]:
                yield dict(session.sagemaker.describe_model_package(ModelPackageName=summary["ModelPackageArn"]))


def _groups(session: Session) -> list[str]:
    pages = session.sagemaker.get_paginator("list_model_package_groups").paginate()
    return [item["ModelPackageGroupName"] for page in pages for item in page["ModelPackageGroupSummaryList"]]


def of_problem(session: Session, problem: str) -> list[dict[str, Any]]:
    """Return the model packages of a problem, the newest version first; none where it has registered none."""
    try:
        return list(packages(session, group_name(problem)))
    except session.sagemaker.exceptions.ClientError as error:
        if not _is_unknown(error):
            raise
        return []


def find(session: Session, wanted: str) -> dict[str, Any]:
    """Return the model package that `PROBLEM/VERSION`, `PROBLEM` (its newest version) or an ARN names."""
    if wanted.startswith("arn:"):
        found = _by_arn(session, wanted)
    else:
        problem, _, version = wanted.partition("/")
        found = of_problem(session, problem)
        if version:
            found = [package for package in found if str(package["ModelPackageVersion"]) == version]
    if not found:
        message = f"There is no model package {wanted!r}. `sageline models` lists them as PROBLEM/VERSION."
        raise CommandError(message)
    return found[0]


def archive_address(package: dict[str, Any]) -> str | None:
    """Return where the archive of a model package is; None where it has none."""
    containers = (package.get("InferenceSpecification") or {}).get("Containers") or []
    return next((str(found) for each in containers if (found := each.get("ModelDataUrl"))), None)


def _by_arn(session: Session, arn: str) -> list[dict[str, Any]]:
    if not _ARN.fullmatch(arn):
        message = f"{arn!r} is not the ARN of a model package (arn:aws:sagemaker:REGION:ACCOUNT:model-package/NAME)."
        raise CommandError(message)
    try:
        return [dict(session.sagemaker.describe_model_package(ModelPackageName=arn))]
    except session.sagemaker.exceptions.ClientError as error:
        if not _is_unknown(error):
            raise
        return []


def _is_unknown(error: Exception) -> bool:
    """Say whether the service means that there is no such thing, for which its registry has no code of its own."""
    return is_missing(error) or "does not exist" in str(error)


def decide(
    session: Session, wanted: str, status: Literal["Approved", "Rejected"], comment: str | None
) -> dict[str, Any]:
    """Set a model package's approval status and return its new description."""
    package = find(session, wanted)
    arn = package["ModelPackageArn"]
    if comment:
        session.sagemaker.update_model_package(
            ModelPackageArn=arn, ModelApprovalStatus=status, ApprovalDescription=comment
        )
    else:
        session.sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus=status)
    return dict(session.sagemaker.describe_model_package(ModelPackageName=arn))


def short_name(package: dict[str, Any]) -> str:
    """Return `GROUP/VERSION` of a model package."""
    return f"{package['ModelPackageGroupName']}/{package['ModelPackageVersion']}"
