"""What a resource type is to CloudFormation: the calls that make, change and delete one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.moto.cloudformation.properties import Properties


@dataclass(frozen=True)
class Made:
    """A resource that is there: its physical id, which ``Ref`` gives, and its attributes for ``Fn::GetAtt``."""

    id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Order:
    """One resource to make, change or delete.

    Attributes:
        account: the account's id.
        region: the region's name.
        name: the name that CloudFormation gives where the template gives none.
        properties: what is wanted; whatever is left unused fails the stack.
        before: the properties that it was made with; empty when it is made.
        made: the resource that is there. What takes several calls to make is put here after the first, so that it is
            deleted again where a later one fails.
        service: makes a boto3 client of a service, by its name.
    """

    account: str
    region: str
    name: str
    properties: Properties
    before: Mapping[str, Any]
    made: Made | None
    service: Callable[[str], Any]

    @property
    def id(self) -> str:
        """The physical id of the resource that is there."""
        assert self.made is not None
        return self.made.id

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of something in this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


Create = Callable[[Order, Any], Made]
Find = Callable[[Order, Any], Made | None]
Delete = Callable[[Order, Any], None]


@dataclass(frozen=True)
class Resource:
    """One resource type. Each function is given the order, and a boto3 client of the type's service.

    Attributes:
        type: CloudFormation's name of it.
        service: boto3's name of the service that makes it.
        why: what moto's own CloudFormation does about the type.
        native: whether moto's own CloudFormation makes it at all. A test compares: where moto has learnt to since, the
            line in ``why`` has to be looked at again.
        create: makes one.
        delete: deletes one.
        update: changes one in place; a change of one without it fails, unless it replaces the resource.
        name: the property that names it, where CloudFormation makes one up if the template does not.
        name_length: how long such a name may be.
        find: returns the one that has the wanted name already, for deployments that import what is there.
    """

    type: str
    service: str
    why: str
    native: bool
    create: Create
    delete: Delete
    update: Create | None = None
    name: str | None = None
    name_length: int = 63
    find: Find | None = None
