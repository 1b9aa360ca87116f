"""moto's rules tell queues and logs, and fail at topics; its input transformers want a package of their own."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

from moto.events.models import Rule
from moto.sns.models import sns_backends
from tests.support.transformed import sentence

_plain = Rule.send_to_targets


def repair() -> None:
    """Let rules publish what their input transformers make of events."""
    setattr(Rule, "send_to_targets", _send)  # noqa: B010 - a method is no attribute to assign to


def _send(rule: Rule, original_event: Any, transform_input: bool = True) -> None:
    topics = [each for each in rule.targets if each["Arn"].split(":")[2] == "sns"]
    if topics and rule.event_pattern.matches_event(original_event):
        for target in topics:
            _publish(rule, target, original_event)
    others = copy.copy(rule)
    others.targets = [each for each in rule.targets if each not in topics]
    _plain(others, original_event, transform_input)


def _publish(rule: Rule, target: Any, event: Any) -> None:
    """Publish what EventBridge does: JSON, of which a sentence keeps its quotation marks."""
    moment = dt.datetime.fromtimestamp(float(event["time"]), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    transformer = target["InputTransformer"]
    told = sentence(transformer["InputTemplate"], transformer["InputPathsMap"], {**event, "time": moment})
    sns_backends[rule.account_id][rule.region_name].publish(message=json.dumps(told), arn=target["Arn"])
