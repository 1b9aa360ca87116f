"""The hosts that a job believes to run on: their names, who they are to each other, who gets which objects."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from local.jobs.requests import is_open, items, member

HOST = "algo-1"
GROUP = "homogeneousCluster"
# All hosts are processes of this machine, and reach each other where only they can.
INTERFACE = "lo0" if sys.platform == "darwin" else "lo"
HOSTS_FILE = Path("/etc/hosts")
MAX_HOSTS = 20
"""More processes than that are no test of a job but of the machine; it is also what accounts start with."""

_T = TypeVar("_T")


@dataclass(frozen=True)
class Host:
    """One host: its name, and the group of equal instances that it belongs to."""

    name: str = HOST
    instance_type: str = "local"
    group: str = GROUP


def hosts_of(resources: Any) -> tuple[Host, ...]:
    """Return the hosts of a request's `ResourceConfig` or `ClusterConfig`, the first one leading."""
    groups = items(resources, "InstanceGroups") or [resources if isinstance(resources, Mapping) else {}]
    found: list[Host] = []
    for group in groups:
        kind = str(member(group, "InstanceType") or "local")
        name = str(member(group, "InstanceGroupName") or GROUP)
        for _ in range(_count(group)):
            found.append(Host(f"algo-{len(found) + 1}", kind, name))
    return tuple(found) or (Host(),)


def host_problems(resources: Any) -> list[str]:
    """Return the finding for more hosts than this machine should start."""
    groups = items(resources, "InstanceGroups") or [resources if isinstance(resources, Mapping) else {}]
    wanted = sum(_count(group) for group in groups)
    if wanted <= MAX_HOSTS:
        return []
    return [f"runs on {wanted} instances, each a process here, and the laptop starts {MAX_HOSTS} at most."]


def names_file(hosts: Sequence[Host]) -> str:
    """Return a hosts file that adds the job's hosts to those that this machine knows: they are all here."""
    try:
        known = HOSTS_FILE.read_text(encoding="utf-8", errors="replace")
    except OSError:
        known = "127.0.0.1 localhost\n"
    return f"{known.rstrip()}\n127.0.0.1 {' '.join(host.name for host in hosts)}\n"


def resource_config(hosts: Sequence[Host], current: Host) -> dict[str, Any]:
    """Return the content of resourceconfig.json on one of a job's hosts."""
    groups: dict[str, dict[str, Any]] = {}
    for host in hosts:
        entry = {"instance_group_name": host.group, "instance_type": host.instance_type, "hosts": []}
        groups.setdefault(host.group, entry)["hosts"].append(host.name)
    return {
        "current_host": current.name,
        "current_instance_type": current.instance_type,
        "current_group_name": current.group,
        "hosts": [host.name for host in hosts],
        "instance_groups": list(groups.values()),
        "network_interface_name": INTERFACE,
    }


def share(found: Sequence[_T], source: Any, hosts: Sequence[Host], current: Host) -> list[_T]:
    """Return what one host gets of an input's objects, which are in the order of their keys.

    `ShardedByS3Key` gives each host about as many as any other. The service does not say which: here they are dealt
    out in turn. `InstanceGroupNames` keeps an input to some groups of hosts.
    """
    groups = member(source, "InstanceGroupNames")
    receiving = [host for host in hosts if not groups or host.group in groups]
    if current not in receiving:
        return []
    if member(source, "S3DataDistributionType") != "ShardedByS3Key":
        return list(found)
    return list(found[receiving.index(current) :: len(receiving)])


def _count(group: Mapping[str, Any]) -> int:
    count = group.get("InstanceCount", 1)
    return count if isinstance(count, int) and not is_open(count) else 1
