"""An environment: the account, region, network and machines that pipelines run on."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from config import instance_types
from config.errors import suggestion
from config.fields import Name, Settings, Texts, mistake
from config.regions import REGIONS
from config.settings.data import Data
from config.settings.delivery import Delivery
from config.settings.identity import Identity
from config.settings.monitoring import Monitoring
from config.settings.network import Network
from config.settings.pipelines import Pipelines
from config.settings.promotion import Promotion
from config.settings.serving import Serving
from config.settings.workbench import Workbench


def _check_account(account: object) -> object:
    if isinstance(account, int) and not isinstance(account, bool):
        raise mistake("an account's number is text, since it may start with 0.", f'Put it in quotes: "{account:012d}".')
    if isinstance(account, str) and not re.fullmatch(r"[0-9]{12}", account):
        raise mistake(f"`{account[:40]}` is no account number.", "Write its 12 digits in quotes.")
    return account


def _check_region(region: str) -> str:
    if region not in REGIONS:
        raise mistake(
            f"`{region[:40]}` is no region where SageMaker offers the XGBoost image.", suggestion(region, REGIONS)
        )
    return region


def _check_job(instance_type: str, known: frozenset[str], use: str) -> str:
    if instance_type not in known:
        raise mistake(
            f"`{instance_type[:40]}` is no instance type that SageMaker has for {use}.",
            suggestion(instance_type, sorted(known)) if instance_type else "Write one such as `ml.m5.xlarge`.",
        )
    if instance_types.has_local_storage(instance_type):
        plain = instance_types.without_local_storage(instance_type)
        other = plain if plain in known and plain != instance_type else "ml.m5.xlarge"
        raise mistake(
            f"`{instance_type}` has local storage, for which SageMaker takes no encryption key of yours.",
            f"Write a type without it, such as `{other}`.",
        )
    return instance_type


def _check_processing(instance_type: str) -> str:
    return _check_job(instance_type, instance_types.PROCESSING, "processing")


def _check_training(instance_type: str) -> str:
    return _check_job(instance_type, instance_types.TRAINING, "training")


def _check_inference(instance_type: str) -> str:
    known = instance_types.HOSTING & instance_types.TRANSFORM
    if instance_type not in known:
        raise mistake(
            f"`{instance_type[:40]}` is no instance type that SageMaker has for endpoints and for batch transform.",
            suggestion(instance_type, sorted(known)) if instance_type else "Write one such as `ml.m5.large`.",
        )
    return instance_type


def _check_choice(types: tuple[str, ...]) -> tuple[str, ...]:
    if not types:
        raise mistake("it is empty.", "List at least one instance type, such as `ml.m5.xlarge`.")
    if len(set(types)) < len(types):
        raise mistake("it lists an instance type twice.", "List each once.")
    return types


class Instances(Settings):
    """The machines of each kind of work."""

    processing: Annotated[str, AfterValidator(_check_processing)] = Field(
        description="For preparing data and evaluating models."
    )
    training: Annotated[
        tuple[Annotated[str, AfterValidator(_check_training)], ...], AfterValidator(_check_choice), Field(strict=False)
    ] = Field(description="What a person who starts a pipeline may choose from for training, the first by default.")
    inference: Annotated[str, AfterValidator(_check_inference)] = Field(
        description="Recommended with every registered model for endpoints and batch transform."
    )


class Environment(Settings):
    """The account, region, network and machines that pipelines run on."""

    name: Name = Field(description="Tags everything that runs there; the file's name when left out.")
    account: Annotated[str, BeforeValidator(_check_account)] = Field(
        description="The AWS account: 12 digits, in quotes."
    )
    region: Annotated[str, AfterValidator(_check_region)] = Field(description="The AWS region, such as `eu-central-1`.")
    protected: bool = Field(
        default=False, description="Whether its stacks refuse to be destroyed until this is turned off and deployed."
    )
    problems: Texts = Field(
        default=(), description="The problems that it has pipelines for; all bundled ones when left out."
    )
    network: Network = Field(default_factory=Network, description="The private network of everything that runs.")
    data: Data = Field(default_factory=Data, description="How long data is kept, and what is written down about it.")
    identity: Identity = Field(default_factory=Identity, description="What roles may do at most, and from where.")
    pipelines: Pipelines = Field(
        default_factory=Pipelines, description="How pipelines run, what starts them, and who is told of what."
    )
    serving: Serving = Field(
        default_factory=dict,
        description="How approved models are served, by the name of a problem; what is not listed is not served.",
    )
    workbench: Workbench = Field(default_factory=Workbench, description="Where data scientists work.")
    monitoring: Monitoring = Field(
        default_factory=Monitoring, description="What is watched, who is told, and what it may cost."
    )
    delivery: Delivery | None = Field(
        default=None, description="How it is deployed by a git push; nothing of the kind is made when left out."
    )
    promotion: Promotion | None = Field(
        default=None,
        description="How approved models go to other accounts, and come from one; they stay when left out.",
    )
    instances: Instances = Field(description="The machines of each kind of work, without local storage.")
    volume_gib: int = Field(default=30, ge=1, le=16_384, description="Disk of each job, in GiB.")
    cache_days: int = Field(
        default=30, ge=0, le=365, description="How many days a step's result may be used again; 0 for never."
    )
    max_runtime_minutes: int = Field(default=120, ge=1, le=7_200, description="How long any job may take.")
