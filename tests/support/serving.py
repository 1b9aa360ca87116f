"""Serving stacks of the bundled problem, one for each way of serving it."""

from __future__ import annotations

from typing import Any

from tests.support.stacks import Template, only, template

NAME = "live-sageline-breast-cancer"
SCALING = {"max_instances": 4, "requests_per_instance": 120, "measured_on": "ml.m5.large"}
TWO = {"Champion": {"instances": 2, "weight": 9}, "Challenger": {"instances": 2}}
SERVERLESS = {"serverless": {}, "vpc": False, "network_isolation": False}
ALL_KINDS: dict[str, Any] = {
    "shared": {
        "variants": {
            name: each
            | {
                "scaling": SCALING
                | {"min_instances": 2, "schedules": {"day": {"at": "rate(1 day)", "min_instances": 3}}}
            }
            for name, each in TWO.items()
        },
        "capture_percent": 50,
        "update": {"traffic": "canary"},
        "alarms": {"refusals_percent": 5},
    },
    "shadowed": {"shadow": {"percent": 20}},
    "serverless": SERVERLESS,
    "asynchronous": {
        "asynchronous": {"concurrency": 4},
        "variants": {"AllTraffic": {"scaling": SCALING | {"min_instances": 0}}},
    },
}


def serving(**settings: Any) -> Template:
    """Return the serving stack of the bundled problem, served with the settings."""
    return template("serving", {"serving": {"breast_cancer": settings}})


def configuration(**settings: Any) -> Any:
    """Return the properties of its endpoint's configuration."""
    return only(serving(**settings), "AWS::SageMaker::EndpointConfig")


def endpoint(**settings: Any) -> Any:
    """Return the properties of its endpoint."""
    return only(serving(**settings), "AWS::SageMaker::Endpoint")
