"""The recipe of the AWS IoT Greengrass v2 component that brings a bundle to core devices.

Format: "AWS IoT Greengrass component recipe reference" in the Greengrass developer guide, version 2020-01-25.
"""

from __future__ import annotations

import re
from typing import Any

from inference.compiler import Target

_ARCHITECTURES = {"X86_64": "amd64", "X86": "x86", "ARM64": "aarch64", "ARM_EABI": "arm", "ARM_EABIHF": "arm"}
BUCKET = "REPLACE-WITH-YOUR-BUCKET"


def recipe(name: str, version: str, target: Target, bundle: str) -> dict[str, Any]:
    """The recipe: devices of the target fetch and unpack the bundle, and check the sample rows when it is installed.

    Other components of the device find the unpacked bundle by depending on this one. `version` is a number.
    """
    component = re.sub(r"[^A-Za-z0-9.-]", "-", f"sageline.{name}")
    folder = "{artifacts:decompressedPath}/" + bundle.removesuffix(".zip")
    return {
        "RecipeFormatVersion": "2020-01-25",
        "ComponentName": component,
        "ComponentVersion": f"{version}.0.0",
        "ComponentDescription": f"The compiled model {name}/{version}, with the program that predicts raw rows.",
        "ComponentPublisher": "Sageline",
        "Manifests": [
            {
                "Platform": {"os": "linux", "architecture": _ARCHITECTURES[target.arch]},
                "Lifecycle": {"Install": {"Script": f'python3 "{folder}/run" --check'}},
                "Artifacts": [
                    {
                        "URI": f"s3://{BUCKET}/{component}/{version}.0.0/{bundle}",
                        "Unarchive": "ZIP",
                        "Permission": {"Read": "ALL", "Execute": "ALL"},
                    }
                ],
            }
        ],
    }
