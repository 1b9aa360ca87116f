"""What SageMaker takes of an endpoint's settings only in some combinations.

Sources: the developer guide on serverless, asynchronous and shadow endpoints and on deployment guardrails;
``CreateEndpointConfig`` and ``UpdateEndpoint`` in the API reference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from config.errors import Mistake, suggestion
from config.scaling_checks import Found, scaling_faults
from config.settings.hosting import unusable
from config.settings.serving import MAIN_VARIANT, MOST_STEP_PERCENT, Endpoint, Update, Variant

MOST_VARIANTS = 10
MOST_ALARMS = 10
"""How many alarms one endpoint's updates may be watched by."""
LONGEST_UPDATE_SECONDS = 28_800
STARTING_SECONDS = 3_600
"""What an update is given besides its waits: new instances start, fetch the model and answer."""


_ALL_AT_ONCE = "serverless endpoints change all at once, and nothing rolls them back."
_NOT_SERVERLESS = {
    "shadow": "serverless endpoints have no shadow variant.",
    "asynchronous": "an endpoint is serverless or asynchronous, not both.",
    "variants": "serverless endpoints have no instances to share requests between.",
    "update": _ALL_AT_ONCE,
    "alarms": _ALL_AT_ONCE,
}


def serving_mistakes(values: Mapping[str, Any]) -> list[Mistake]:
    """Return what is wrong between the settings of each endpoint in an environment's file."""
    instances = values.get("instances")
    default_type = instances.get("inference") if isinstance(instances, Mapping) else None
    found: list[Mistake] = []
    for name, given in (values.get("serving") or {}).items():
        endpoint = Endpoint.model_validate(given or {})
        rules = [rule(endpoint) for rule in _RULES]
        rules += [_default_types(endpoint, default_type), scaling_faults(endpoint, default_type)]
        faults = chain.from_iterable(rules)
        found += [Mistake(f"serving.{name}.{place}", message, fix) for place, message, fix in faults]
    return found


def unknown_problems(served: Iterable[str], problems: Sequence[str]) -> list[Mistake]:
    """Return which problems are to be served that the environment does not have."""
    return [
        Mistake(f"serving.{name}", f"the environment has no problem `{name[:60]}`.", suggestion(name, problems))
        for name in served
        if name not in problems
    ]


def update_seconds(update: Update) -> int:
    """Return how long an update waits in all, in seconds."""
    steps = {"all_at_once": 1, "canary": 2, "linear": math.ceil(100 / update.step_percent)}[update.traffic]
    return steps * update.wait_seconds + update.keep_old_seconds


def alarms_per_variant(endpoint: Endpoint) -> int:
    """Return how many alarms watch each variant."""
    return 2 if endpoint.alarms.refusals_percent is None else 3


def _serverless(endpoint: Endpoint) -> Iterator[Found]:
    if endpoint.serverless is None:
        return
    if endpoint.capture_percent:
        yield "capture_percent", "serverless endpoints capture nothing.", "Write 0, or leave it out."
    for name, what in (("vpc", "join no private network"), ("network_isolation", "cannot be isolated")):
        if getattr(endpoint, name):
            fix = f"Write `{name}: false` where that is allowed, or remove `serverless`."
            yield name, f"serverless endpoints {what}.", fix
    for name, message in _NOT_SERVERLESS.items():
        if name in endpoint.model_fields_set and getattr(endpoint, name) is not None:
            yield name, message, "Remove it, or remove `serverless`."
    ready, most = endpoint.serverless.provisioned_concurrency, endpoint.serverless.max_concurrency
    if ready is not None and ready > most:
        message = f"{ready} copies kept ready are more than the {most} that may answer at a time."
        yield "serverless.provisioned_concurrency", message, f"Write at most {most}."


def _asynchronous(endpoint: Endpoint) -> Iterator[Found]:
    if endpoint.asynchronous is None or endpoint.serverless is not None:
        return
    if endpoint.shadow is not None:
        yield "shadow", "asynchronous endpoints have no shadow variant.", "Remove it."
    if len(endpoint.variants) > 1:
        message = "requests to an asynchronous endpoint wait in one queue, which is not shared between variants."
        yield "variants", message, "Leave one."


def _variants(endpoint: Endpoint) -> Iterator[Found]:
    if not endpoint.variants:
        yield "variants", "it is empty.", f"Name one, such as `{MAIN_VARIANT}: {{}}`, or leave it out."
        return
    if len(endpoint.variants) > MOST_VARIANTS:
        message = f"{len(endpoint.variants)} are more than an endpoint has."
        yield "variants", message, f"Leave {MOST_VARIANTS}."
    if sum(each.weight for each in endpoint.variants.values()) == 0:
        message = "the weights sum to 0: no variant would get a request."
        yield "variants", message, "Give one of them a `weight` above 0."
    lowered = [name.lower() for name in endpoint.variants]
    for name in endpoint.variants:
        if lowered.count(name.lower()) > 1:
            message = f"`{name}` differs from another variant in capitals alone."
            yield f"variants.{name}", message, "Rename one of the two."
    if endpoint.shadow is not None and len(endpoint.variants) > 1:
        message = "beside a shadow variant an endpoint has one variant alone, whose requests it copies."
        yield "shadow", message, "Remove it, or leave one of `variants`."


def _default_types(endpoint: Endpoint, default_type: str | None) -> Iterator[Found]:
    """Find what is wrong with the type that is taken where none is written."""
    found = unusable(default_type) if default_type else None
    if found is None or endpoint.serverless is not None:
        return
    places = [f"variants.{name}" for name, each in endpoint.variants.items() if each.instance_type is None]
    if endpoint.shadow is not None and endpoint.shadow.instance_type is None:
        places.append("shadow")
    for place in places:
        message = f"without `instance_type` it is that of `instances.inference`. {found[0]}"
        yield place, message, found[1].replace("Write one", "Add `instance_type:`, one")


def _traffic(endpoint: Endpoint) -> Iterator[Found]:
    update = endpoint.update
    if endpoint.serverless is not None:
        return
    if update.traffic != "all_at_once":
        least = 10 if update.traffic == "linear" else 1
        if not least <= update.step_percent <= MOST_STEP_PERCENT:
            message = f"a {update.traffic} update moves {least} to {MOST_STEP_PERCENT} % at a time."
            yield "update.step_percent", message, "Write a number between them."
        for name, variant in endpoint.variants.items():
            fewest = _fewest(variant)
            if fewest < 2:
                have = "may have none" if fewest == 0 else "may have a single one"
                message = f"a {update.traffic} update moves some instances before others, and the variant {have}."
                place = "instances" if variant.scaling is None or variant.instances < 2 else "scaling.min_instances"
                fix = "Write 2 or more, or `traffic: all_at_once`."
                yield f"variants.{name}.{place}", message, fix
    waits = update_seconds(update)
    if waits + STARTING_SECONDS > LONGEST_UPDATE_SECONDS:
        message = f"the update would wait {waits:,} seconds, and the service gives it eight hours with all that starts."
        yield "update.wait_seconds", message, "Wait less, or take larger steps."


def _fewest(variant: Variant) -> int:
    scaling = variant.scaling
    if scaling is None:
        return variant.instances
    bounds = [each.min_instances for each in scaling.schedules.values() if each.min_instances is not None]
    return min(variant.instances, scaling.min_instances, *bounds)


def _alarms(endpoint: Endpoint) -> Iterator[Found]:
    count = alarms_per_variant(endpoint) * len(endpoint.variants)
    if endpoint.serverless is None and endpoint.update.guarded and count > MOST_ALARMS:
        message = f"{count} alarms would watch an update, and the service takes {MOST_ALARMS}."
        yield "variants", message, "Leave fewer, or remove `alarms.refusals_percent`."


_RULES: tuple[Callable[[Endpoint], Iterator[Found]], ...] = (_serverless, _asynchronous, _variants, _traffic, _alarms)
