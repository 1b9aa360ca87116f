"""Where the data scientists of an environment work: notebook instances, and a Studio domain where one is wanted."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from config import instance_types
from config.errors import suggestion
from config.fields import LONGEST_NAME, Settings, mistake, nothing_as_defaults, written_as

LEAST_VOLUME, MOST_VOLUME = 20, 16_384
"""GiB: a smaller disk does not hold the locked environment and what it is installed from."""
CODECOMMIT = re.compile(
    r"https://git-codecommit\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/v1/repos/(?P<name>[\w.-]+)"
)
"""The address of a repository in CodeCommit."""


def _check_owner(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or len(name) > LONGEST_NAME:
        raise mistake(
            f"`{name[:60]}` cannot be the name of a person or team here.",
            f"Use at most {LONGEST_NAME} lower-case letters, digits and single `-`, starting with a letter.",
        )
    return name


def _check_owners(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise mistake("it lists a name twice.", "List each once.")
    return names


def _check_instance(instance_type: str) -> str:
    known = instance_types.NOTEBOOK
    if instance_type not in known:
        raise mistake(
            f"`{instance_type[:40]}` is no instance type that SageMaker has for notebooks.",
            suggestion(instance_type, sorted(known)) if instance_type else "Write one such as `ml.t3.medium`.",
        )
    if instance_type.split(".")[1] in instance_types.NOT_ON_AL2023:
        raise mistake(
            f"`{instance_type}` does not run Amazon Linux 2023, the only system that notebooks still start with.",
            "Write a newer type, such as `ml.m5.xlarge` or `ml.g5.xlarge`.",
        )
    return instance_type


def _check_url(url: str) -> str:
    if not re.fullmatch(r"https://[^/\s]{1,253}/\S{3,250}", url):
        raise mistake(
            f"`{url[:60]}` is no address of a Git repository that SageMaker clones.",
            "Write one that starts with `https://`.",
        )
    if "@" in url:
        raise mistake(
            "credentials do not belong into an address, which everybody who can look at the notebook sees.",
            "Put them into a secret of Secrets Manager, and its ARN into `secret:`.",
        )
    return url


def _check_branch(branch: str) -> str:
    if not re.fullmatch(r"[^\s~^:?*\[\\-][^\s~^:?*\[\\]{0,254}", branch):
        raise mistake(f"`{branch[:60]}` cannot be the name of a branch.", "Write one such as `main`.")
    return branch


Owner = Annotated[str, AfterValidator(_check_owner)]
InstanceType = Annotated[str, AfterValidator(_check_instance)]
_Secret = Annotated[
    str,
    written_as(
        r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[\w/+=.@-]{1,519}",
        "is no ARN of a secret.",
        "Write one such as `arn:aws:secretsmanager:eu-central-1:111122223333:secret:git-a1B2c3`.",
    ),
]


class Notebook(Settings):
    """One notebook instance, where it differs from the others."""

    instance_type: InstanceType | None = Field(
        default=None,
        description="The machine of the notebook of a person or team called NAME; that of all if left out.",
    )
    volume_gib: int | None = Field(
        default=None,
        ge=LEAST_VOLUME,
        le=MOST_VOLUME,
        description="Its disk, in GiB; it can grow later and never shrink.",
    )
    zone: int = Field(
        default=1,
        ge=1,
        le=16,
        description="In which of the network's subnets it stands, 1 for the first. Another one takes a new notebook; "
        "the old one is kept.",
    )


class Repository(Settings):
    """The Git repository that notebooks open with."""

    url: Annotated[str, AfterValidator(_check_url)] = Field(
        description="A Git repository that notebooks open with: one in CodeCommit, or where `workbench.internet` is "
        "true any that starts with `https://`."
    )
    branch: Annotated[str, AfterValidator(_check_branch)] | None = Field(
        default=None, description="Its branch; the repository's own choice when left out."
    )
    secret: _Secret | None = Field(
        default=None,
        description="The ARN of the secret with its `username` and `password`; none for CodeCommit and public ones.",
    )


class Studio(Settings):
    """A Studio domain."""

    users: Annotated[
        tuple[Owner, ...], BeforeValidator(lambda value: () if value is None else value), AfterValidator(_check_owners)
    ] = Field(
        default=(), strict=False, description="Who has a profile in a Studio domain, which is made where this is given."
    )
    idle_minutes: int = Field(
        default=60,
        ge=60,
        le=525_600,
        description="After how many minutes without use Studio stops a person's JupyterLab or Code Editor.",
    )


class Workbench(Settings):
    """Where data scientists work."""

    notebooks: Annotated[dict[Owner, Notebook], BeforeValidator(nothing_as_defaults)] = Field(
        default_factory=dict, description="Notebook instances by the name of the person or team that they are for."
    )
    instance_type: InstanceType = Field(default="ml.t3.medium", description="The machine of each notebook.")
    volume_gib: int = Field(
        default=50, ge=LEAST_VOLUME, le=MOST_VOLUME, description="The disk of each notebook, in GiB."
    )
    idle_minutes: int = Field(
        default=60,
        ge=15,
        le=10_080,
        description="After how many minutes in which nothing ran and nobody typed a notebook stops.",
    )
    packages: Literal["wheels", "index", "none"] = Field(
        default="wheels",
        description="Where notebooks install the locked environment from: from wheels in the artifact bucket, which "
        "`make wheels` puts there; from the package index, which takes `workbench.internet`; or not at all.",
    )
    repository: Repository | None = Field(default=None, description="The Git repository that notebooks open with.")
    internet: bool = Field(
        default=False,
        description="Whether the subnets of `network.vpc` have a way to the internet. A network that is made here has "
        "none.",
    )
    studio: Annotated[Studio | None, Field(description="A Studio domain.")] = None
