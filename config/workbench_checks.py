"""What can be wrong between settings of a workbench and its network that are each right by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from config.errors import Mistake
from config.private_services import DEFAULT
from config.settings.workbench import CODECOMMIT, Repository, Workbench

# Without it a notebook does not learn that it may stop, and nothing that it asks of SageMaker is answered.
_API = "sagemaker.api"
_GIT = "git-codecommit"


def workbench_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    """Return what is wrong between settings of an environment's file; those not in `values` are unknown or wrong."""
    workbench = Workbench.model_validate(values.get("workbench") or {})
    network: Mapping[str, Any] = values.get("network") or {}
    return [
        *_internet_mistakes(workbench, network),
        *_package_mistakes(workbench),
        *_repository_mistakes(workbench.repository, workbench.internet, values.get("region")),
        *_service_mistakes(workbench, network),
        *_zone_mistakes(workbench, network),
    ]


def _internet_mistakes(workbench: Workbench, network: Mapping[str, Any]) -> Iterator[Mistake]:
    if not workbench.internet:
        return
    vpc = network.get("vpc")
    if vpc is None:
        message = "a network that is made here has no way to the internet."
        yield Mistake("workbench.internet", message, "Remove it, or name a VPC that has one in `network.vpc`.")
    elif vpc.get("security_groups") is None:
        message = "the security groups that are made here let notebooks out to the VPC's endpoints alone."
        fix = "Remove it, or name security groups that are there in `network.vpc.security_groups`."
        yield Mistake("workbench.internet", message, fix)


def _package_mistakes(workbench: Workbench) -> Iterator[Mistake]:
    if workbench.packages != "index":
        return
    if not workbench.internet:
        message = "the package index is on the internet, which notebooks do not reach."
        fix = "Write `wheels` and run `make wheels`, or see `workbench.internet`."
        yield Mistake("workbench.packages", message, fix)
    if workbench.repository is None:
        message = "the list of packages to install is in the repository, and none is given."
        yield Mistake("workbench.packages", message, "Add `repository:`, or write `wheels`.")


def _repository_mistakes(repository: Repository | None, internet: bool, region: str | None) -> Iterator[Mistake]:
    if repository is None:
        return
    codecommit = CODECOMMIT.fullmatch(repository.url)
    own = f"https://git-codecommit.{region or 'REGION'}.amazonaws.com/v1/repos/NAME"
    if codecommit is None and not internet:
        message = f"`{repository.url[:60]}` is on the internet, which notebooks do not reach."
        fix = f"Mirror it to CodeCommit, `{own}`, or see `workbench.internet`."
        yield Mistake("workbench.repository.url", message, fix)
    if codecommit and region is not None and codecommit["region"] != region:
        message = f"it is in {codecommit['region']}, and the environment's way to CodeCommit ends in {region}."
        yield Mistake("workbench.repository.url", message, f"Write a repository of {region}: `{own}`.")
    if codecommit and repository.secret is not None:
        message = "CodeCommit asks for the notebook's role, not for a name and a password."
        yield Mistake("workbench.repository.secret", message, "Remove it.")
    elif repository.secret and region is not None and repository.secret.split(":")[3] != region:
        message = f"the secret is in another region, and SageMaker reads secrets of {region}."
        yield Mistake("workbench.repository.secret", message, f"Make one there, or replicate it to {region}.")


def _service_mistakes(workbench: Workbench, network: Mapping[str, Any]) -> Iterator[Mistake]:
    """Find what notebooks cannot reach in a network that is made here; what an existing one has is not known."""
    if network.get("vpc") is not None:
        return
    services = network.get("services", DEFAULT)
    if _API not in services and (workbench.notebooks or workbench.studio):
        message = f"without `{_API}` notebooks cannot stop when they are idle, nor start a pipeline."
        yield Mistake("network.services", message, f"Add `{_API}`.")
    repository = workbench.repository
    if repository is not None and CODECOMMIT.fullmatch(repository.url) and _GIT not in services:
        message = f"without `{_GIT}` notebooks do not reach `workbench.repository`."
        yield Mistake("network.services", message, f"Add `{_GIT}` to the services that it reaches.")


def _zone_mistakes(workbench: Workbench, network: Mapping[str, Any]) -> Iterator[Mistake]:
    vpc = network.get("vpc")
    subnets = network.get("zones", 2) if vpc is None else len(vpc["subnets"])
    for name, notebook in workbench.notebooks.items():
        if notebook.zone > subnets:
            message = f"the network has {subnets} subnets."
            yield Mistake(f"workbench.notebooks.{name}.zone", message, f"Write a number of at most {subnets}.")
