"""The drift pipeline's parameters: what is looked at, and what is too much."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from sagemaker.core.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString

from pipeline import placeholders

if TYPE_CHECKING:
    from config.settings.monitoring import Drift


@dataclass(frozen=True)
class DriftParameters:
    """The parameters, in the order in which they are shown."""

    captured_uri: ParameterString
    days: ParameterInteger
    until: ParameterString
    least_rows: ParameterInteger
    psi: ParameterFloat
    ks: ParameterFloat
    missing: ParameterFloat
    unseen: ParameterFloat
    drifted_columns: ParameterInteger

    def all(self) -> list[Any]:
        """Return every parameter in order."""
        return [getattr(self, field.name) for field in fields(self)]


def drift_parameters(problem_name: str, settings: Drift) -> DriftParameters:
    """Return the parameters of a problem's drift pipeline."""
    return DriftParameters(
        captured_uri=ParameterString(
            "CapturedDataUri", f"s3://{placeholders.mark(placeholders.CAPTURED_BUCKET)}/{problem_name}/"
        ),
        days=ParameterInteger("Days", settings.days),
        # A moment such as 2026-11-20T12:00:00Z, to look at earlier days.
        until=ParameterString("Until", "now"),
        least_rows=ParameterInteger("LeastRows", settings.least_rows),
        psi=ParameterFloat("MostPsi", settings.psi),
        ks=ParameterFloat("MostKs", settings.ks),
        missing=ParameterFloat("MostMissing", float(settings.missing)),
        unseen=ParameterFloat("MostUnseen", float(settings.unseen)),
        drifted_columns=ParameterInteger("MostDriftedColumns", 0),
    )
