"""The home's metrics of endpoints as text: for Prometheus, and in a line for a person.

Source: Prometheus text exposition format 0.0.4. Names are CloudWatch's, with the suffixes that Prometheus asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from local.hosting.metrics import BOUNDS, COUNTS, INVOCATIONS, LATENCIES, bucket
from local.store.metrics import Key

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Sums: TypeAlias = dict[tuple[str, str], dict[str, float]]
"""Metrics by endpoint and variant."""

_HELP = {
    "Invocations": "Requests that were passed to the variant.",
    "InvocationsPerInstance": "Requests by the number of the variant's instances.",
    "Invocation4XXErrors": "Requests that the model answered with a 4xx.",
    "Invocation5XXErrors": "Requests that the model answered with a 5xx, or not at all.",
    "ModelLatency": "How long the model took, in microseconds.",
    "OverheadLatency": "How long everything around the model took, in microseconds.",
}
_PREFIX = "sagemaker_"


def by_variant(sums: Mapping[Key, float]) -> Sums:
    """Return sums over the configurations that each variant has had."""
    found: Sums = {}
    for (endpoint, variant, _, metric), value in sums.items():
        held = found.setdefault((endpoint, variant), {})
        held[metric] = held.get(metric, 0.0) + value
    return found


def text(sums: Mapping[Key, float]) -> str:
    """Return sums as Prometheus reads them."""
    found = by_variant(sums)
    lines: list[str] = []
    for metric in COUNTS:
        name = f"{_PREFIX}{metric}_total"
        lines += [f"# HELP {name} {_HELP[metric]}", f"# TYPE {name} counter"]
        lines += [f"{name}{{{_labels(*key)}}} {_number(held.get(metric, 0.0))}" for key, held in found.items()]
    for metric in LATENCIES:
        name = f"{_PREFIX}{metric}_microseconds"
        lines += [f"# HELP {name} {_HELP[metric]}", f"# TYPE {name} histogram"]
        for key, held in found.items():
            lines += _histogram(name, metric, _labels(*key), held)
    return "\n".join(lines) + "\n"


def _histogram(name: str, metric: str, labels: str, held: Mapping[str, float]) -> Iterator[str]:
    total = 0.0
    for bound in (*BOUNDS, float("inf")):
        total += held.get(bucket(metric, bound), 0.0)
        shown = "+Inf" if bound == float("inf") else str(bound)
        yield f'{name}_bucket{{{labels},le="{shown}"}} {_number(total)}'
    yield f"{name}_sum{{{labels}}} {_number(held.get(metric, 0.0))}"
    yield f"{name}_count{{{labels}}} {_number(total)}"


def _labels(endpoint: str, variant: str) -> str:
    # Names of endpoints and variants hold letters, digits and hyphens: nothing is to be escaped.
    return f'EndpointName="{endpoint}",VariantName="{variant}"'


def _number(value: float) -> str:
    return f"{value:.12g}"


def summary(before: Mapping[Key, float], now: Mapping[Key, float]) -> Iterator[str]:
    """Yield a line for each variant that was asked since `before`: counts, and latencies as means."""
    earlier = by_variant(before)
    for key, held in by_variant(now).items():
        old = earlier.get(key, {})
        more = {metric: value - old.get(metric, 0.0) for metric, value in held.items()}
        count = more.get(INVOCATIONS, 0.0)
        if count > 0:
            counts = " ".join(f"{metric}={more.get(metric, 0.0):.0f}" for metric in COUNTS if "Per" not in metric)
            means = [f"{name}={more.get(name, 0.0) / count / 1000:.2f} ms" for name in LATENCIES]
            yield f"{key[0]}/{key[1]} {counts} {' '.join(means)}"
