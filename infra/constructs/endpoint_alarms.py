"""Alarms of an endpoint's variant."""

from __future__ import annotations

from config.settings.monitoring import Endpoints
from infra.constructs.alarms import Alarms, Watched

ENDPOINTS = "AWS/SageMaker"
MICROSECONDS = 1_000
"""In a millisecond. ``ModelLatency`` is published in microseconds, and an alarm's threshold has its metric's unit."""


def watch_variant(alarms: Alarms, id_: str, endpoint: str, variant: str, settings: Endpoints) -> None:
    """Tell of requests that fail, are refused, are slow or, where asked for, do not come.

    The rate of errors is the metric's average: the service publishes 1 for each request that failed and 0 for others.
    """
    of_it = {"EndpointName": endpoint, "VariantName": variant}
    what = f"{endpoint}, variant {variant}"

    def watched(metric: str, statistic: str, threshold: float, unit: str | None = None) -> Watched:
        return Watched(ENDPOINTS, metric, of_it, statistic, threshold, seconds=60, periods=settings.minutes, unit=unit)

    alarms.add(
        f"{id_}Errors",
        f"More than {settings.errors_percent:g} % of requests failed: {what}.",
        "an-endpoint-fails",
        watched("Invocation5XXErrors", "Average", settings.errors_percent / 100),
    )
    alarms.add(
        f"{id_}Refusals",
        f"More than {settings.refusals_percent:g} % of requests were refused: {what}.",
        "an-endpoint-refuses-requests",
        watched("Invocation4XXErrors", "Average", settings.refusals_percent / 100),
    )
    alarms.add(
        f"{id_}Latency",
        f"The model took the slowest hundredth of requests longer than {settings.latency_ms:g} ms: {what}.",
        "an-endpoint-is-slow",
        watched("ModelLatency", "p99", settings.latency_ms * MICROSECONDS, "Microseconds"),
    )
    if settings.idle_hours is not None:
        alarms.add(
            f"{id_}Idle",
            f"Nobody has asked for {settings.idle_hours} h: {what}.",
            "an-endpoint-is-idle",
            Watched(
                ENDPOINTS,
                "Invocations",
                of_it,
                "Sum",
                threshold=1,
                seconds=3_600,
                periods=settings.idle_hours,
                at_least=True,
            ),
        )
