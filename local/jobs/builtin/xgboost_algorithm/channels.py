"""The channels and content types that the algorithm takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CSV, LIBSVM, PARQUET, RECORDIO = "csv", "libsvm", "parquet", "recordio-protobuf"
_TYPES = {
    "csv": CSV,
    "text/csv": CSV,
    "libsvm": LIBSVM,
    "text/libsvm": LIBSVM,
    "text/x-libsvm": LIBSVM,
    "parquet": PARQUET,
    "application/x-parquet": PARQUET,
    "recordio-protobuf": RECORDIO,
    "application/x-recordio-protobuf": RECORDIO,
}
_NAMES = ("train", "validation", "code")


def data_format(content_type: str | None) -> str | None:
    """Return the format that a channel's content type names, None where the algorithm does not know it."""
    if content_type is None:
        return LIBSVM
    kind, *parameters = (part.strip() for part in content_type.lower().split(";"))
    if any(part.startswith("label_size=") and part != "label_size=1" for part in parameters):
        return None
    return _TYPES.get(kind)


def problems(channels: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Name what is wrong with the channels, given as inputdataconfig.json has them, as sentences of the image's."""
    found = [] if "train" in channels else ["Missing required channel: train"]
    for name, channel in channels.items():
        given = channel.get("ContentType")
        if name not in _NAMES:
            found.append(f"Extraneous channel found: {name}")
        elif name == "code":
            continue
        elif data_format(given) is None:
            found.append(f"{given} is not an accepted ContentType: {', '.join(_TYPES)}.")
        elif data_format(given) == RECORDIO:
            found.append(f"Channel {name} holds recordio-protobuf, which the laptop does not read: give it as CSV.")
    return found
