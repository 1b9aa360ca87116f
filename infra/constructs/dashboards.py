"""Dashboards, as the JSON that CloudWatch takes: written from names alone, so that it is the same at every synth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from infra.constructs.endpoint_alarms import ENDPOINTS
from infra.constructs.pipeline_alarms import LAMBDA, PIPELINES

WIDTH, HEIGHT = 12, 6
BILLING_REGION = "us-east-1"
"""The only region in which estimated charges are published."""
_SERVICES = ("AmazonSageMaker", "AmazonS3", "AmazonVPC", "AWSLambda", "AmazonCloudWatch", "awskms")


@dataclass(frozen=True)
class Graph:
    """A graph of metrics: each its name, its dimensions and, where it is not the graph's own, its statistic."""

    title: str
    region: str
    namespace: str
    metrics: Sequence[tuple[str, Mapping[str, str], str]]
    seconds: int = 300

    def widget(self, place: int) -> dict[str, Any]:
        """Return the widget, two of which stand in a row."""
        return {
            "type": "metric",
            "x": place % 2 * WIDTH,
            "y": place // 2 * HEIGHT,
            "width": WIDTH,
            "height": HEIGHT,
            "properties": {
                "title": self.title,
                "region": self.region,
                "view": "timeSeries",
                "period": self.seconds,
                "metrics": [
                    [self.namespace, name, *_flat(dimensions), {"stat": statistic}]
                    for name, dimensions, statistic in self.metrics
                ],
            },
        }


class Dashboard(cloudwatch.CfnDashboard):
    """A dashboard of graphs."""

    def __init__(self, scope: Construct, id_: str, *, name: str, graphs: Sequence[Graph]) -> None:
        body = {"widgets": [graph.widget(place) for place, graph in enumerate(graphs)]}
        super().__init__(
            scope, id_, dashboard_name=name, dashboard_body=json.dumps(body, sort_keys=True, separators=(",", ":"))
        )


def pipeline_graphs(region: str, pipelines: Sequence[str], functions: Sequence[str]) -> list[Graph]:
    """Return how executions of pipelines end and how long they take, and how their functions fare."""

    def of_pipelines(title: str, metric: str, statistic: str) -> Graph:
        metrics = [(metric, {"PipelineName": name}, statistic) for name in pipelines]
        return Graph(title, region, PIPELINES, metrics, seconds=3_600)

    def of_functions(title: str, metric: str) -> Graph:
        return Graph(title, region, LAMBDA, [(metric, {"FunctionName": name}, "Sum") for name in functions])

    return [
        of_pipelines("Executions that succeeded", "ExecutionSucceeded", "Sum"),
        of_pipelines("Executions that failed", "ExecutionFailed", "Sum"),
        of_pipelines("Duration of executions, in milliseconds", "ExecutionDuration", "Maximum"),
        of_functions("Functions: errors", "Errors"),
        of_functions("Functions: throttled invocations", "Throttles"),
    ]


def endpoint_graphs(region: str, variants: Sequence[tuple[str, str]]) -> list[Graph]:
    """Return what is asked of endpoints' variants, given as endpoint and variant, and how they answer."""

    def graph(title: str, metric: str, statistic: str) -> Graph:
        of_all = [{"EndpointName": endpoint, "VariantName": variant} for endpoint, variant in variants]
        return Graph(title, region, ENDPOINTS, [(metric, each, statistic) for each in of_all], seconds=60)

    return [
        graph("Requests a minute", "Invocations", "Sum"),
        graph("Share of requests that failed (5xx)", "Invocation5XXErrors", "Average"),
        graph("Share of requests that were refused (4xx)", "Invocation4XXErrors", "Average"),
        graph("Time in the model, slowest hundredth, in microseconds", "ModelLatency", "p99"),
        graph("Time around the model, slowest hundredth, in microseconds", "OverheadLatency", "p99"),
    ]


def cost_graphs() -> list[Graph]:
    """Return what the account is estimated to have cost this month, in all and by service."""
    day = 86_400
    usd = {"Currency": "USD"}
    by_service = [("EstimatedCharges", {"ServiceName": name, **usd}, "Maximum") for name in _SERVICES]
    return [
        Graph("This month, USD", BILLING_REGION, "AWS/Billing", [("EstimatedCharges", usd, "Maximum")], day),
        Graph("This month by service, USD", BILLING_REGION, "AWS/Billing", by_service, day),
    ]


def _flat(dimensions: Mapping[str, str]) -> list[str]:
    return [text for name, value in sorted(dimensions.items()) for text in (name, value)]
