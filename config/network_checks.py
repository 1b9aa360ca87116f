"""What can be wrong between settings of a network that are each right by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from config.errors import Mistake
from config.prefix_lists import S3

# What is said of a VPC that is made.
_OF_A_NEW_ONE = ("zones", "zone_names", "cidr", "services", "service_zones", "log_days")
_LOOK_UP = (
    "`aws ec2 describe-managed-prefix-lists --filters Name=owner-id,Values=AWS` shows it: the one that ends in .s3."
)


def network_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    """Return what is wrong between settings of an environment's file; those not in `values` are unknown or wrong."""
    network = values.get("network") or {}
    region = values.get("region")
    vpc = network.get("vpc")
    found = _new_mistakes(network, region) if vpc is None else _existing_mistakes(network, vpc)
    if vpc is None or vpc.get("security_groups") is None:
        found += _prefix_list_mistakes(network, region)
    return found


def _new_mistakes(network: Mapping[str, Any], region: str | None) -> list[Mistake]:
    zones, names = network.get("zones", 2), network.get("zone_names") or ()
    found = []
    if names and len(names) != zones:
        message = f"it lists {len(names)} zones, and `network.zones` is {zones}."
        found.append(Mistake("network.zone_names", message, "Make both say the same."))
    for place, name in enumerate(names):
        if region is not None and name[:-1] != region:
            message = f"`{name}` is no zone of {region}."
            found.append(Mistake(f"network.zone_names[{place}]", message, f"Write one such as `{region}a`."))
    if network.get("service_zones", 1) > zones:
        message = f"{network['service_zones']} zones are more than the network has, which is {zones}."
        found.append(Mistake("network.service_zones", message, f"Write at most {zones}."))
    return found


def _existing_mistakes(network: Mapping[str, Any], vpc: Mapping[str, Any]) -> list[Mistake]:
    of_groups = ("s3_prefix_list",) if vpc.get("security_groups") is not None else ()
    found = [
        Mistake(f"network.{name}", "it says nothing of a VPC that is there already.", "Remove it, or `network.vpc`.")
        for name in (*_OF_A_NEW_ONE, *of_groups)
        if name in network
    ]
    if vpc.get("security_groups") is None and vpc.get("cidr") is None:
        message = "without `security_groups` some are made, and they let nobody out to the VPC's interface endpoints."
        fix = "Add `cidr:`, the VPC's addresses, or `security_groups:`, the ids of some that are there."
        found.append(Mistake("network.vpc", message, fix))
    if vpc.get("security_groups") is not None and vpc.get("cidr") is not None:
        message = "it is for security groups that are made, and `security_groups` names some that are there."
        found.append(Mistake("network.vpc.cidr", message, "Remove one of both."))
    return found


def _prefix_list_mistakes(network: Mapping[str, Any], region: str | None) -> list[Mistake]:
    if region is None or network.get("s3_prefix_list") is not None or region in S3:
        return []
    message = f"the id of S3's prefix list in {region} is not among the known ones."
    return [Mistake("network.s3_prefix_list", message, f"Add it. {_LOOK_UP}")]
