"""FindCaptured: which captured files are recent, asked where calls can be made."""

from __future__ import annotations

from typing import Any

from pipeline import names, placeholders
from pipeline.drift.parameters import DriftParameters
from pipeline.function_step import FunctionStep
from pipeline.placeholders import mark_address
from pipeline.site import Site

MANIFEST = "ManifestUri"
OUTPUTS = (MANIFEST, "Files")


def build(site: Site, given: DriftParameters) -> Any:
    """Return the step. It has no cache: what was captured in the meantime is what it is asked for."""
    return FunctionStep(
        names.FIND_CAPTURED,
        placeholders.FIND_CAPTURED_FUNCTION_ARN,
        {
            "CapturedDataUri": given.captured_uri,
            "Days": given.days,
            "Until": given.until,
            "ManifestUri": site.destination(names.FIND_CAPTURED, "manifest.json"),
            # A job's input must hold something.
            "StandIn": mark_address(placeholders.CODE_URI),
        },
        OUTPUTS,
        display_name="Find captured rows",
        description="Lists the files of the last days in a manifest, since all of them may be months of requests.",
    )
