"""The hosts that a job believes to run on."""

from __future__ import annotations

from typing import Any

HOST = "algo-1"
GROUP = "homogeneousCluster"
INTERFACE = "eth0"


def resource_config(instance_type: str | None) -> dict[str, Any]:
    """Return the content of resourceconfig.json for a job on one host."""
    shown = instance_type or "local"
    return {
        "current_host": HOST,
        "current_instance_type": shown,
        "current_group_name": GROUP,
        "hosts": [HOST],
        "instance_groups": [{"instance_group_name": GROUP, "instance_type": shown, "hosts": [HOST]}],
        "network_interface_name": INTERFACE,
    }
