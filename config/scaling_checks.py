"""What auto scaling takes of a variant's settings.

Source: the developer guide, "Update endpoints that use auto scaling" and "Autoscale an asynchronous endpoint".
"""

from __future__ import annotations

from collections.abc import Iterator

from config import instance_types
from config.settings.scaling import Scaling, Schedule
from config.settings.serving import Endpoint

Found = tuple[str, str, str]
"""What is wrong: where in the endpoint's settings, what, and how to mend it."""


def scaling_faults(endpoint: Endpoint, default_type: str | None) -> Iterator[Found]:
    """Find what is wrong with how an endpoint's variants scale.

    ``default_type`` is the instance type of variants that name none, where it is known.
    """
    if endpoint.serverless is not None:
        return
    scaled = {name: each for name, each in endpoint.variants.items() if each.scaling is not None}
    if 0 < len(scaled) < len(endpoint.variants):
        message = "an update keeps the instances of all variants or of none, and some of these scale."
        yield "variants", message, "Give each variant `scaling:`, or none."
    for name, variant in scaled.items():
        assert variant.scaling is not None  # noqa: S101 - for the type checker
        place = f"variants.{name}.scaling"
        yield from _bounds(place, variant.scaling, variant.instances)
        for action, each in variant.scaling.schedules.items():
            yield from _scheduled(f"{place}.schedules.{action}", each, variant.scaling)
        if endpoint.asynchronous is None:
            yield from _nothing(place, variant.scaling)
        yield from _type(place, variant.scaling, variant.instance_type or default_type)


def _bounds(place: str, scaling: Scaling, instances: int) -> Iterator[Found]:
    low, high = scaling.min_instances, scaling.max_instances
    if low > high:
        yield place, f"`min_instances` ({low}) is above `max_instances` ({high}).", "Exchange them."
    elif not low <= instances <= high:
        message = f"the variant starts with {instances}, which is not between {low} and {high}."
        yield place, message, "Change its `instances`, or the bounds."


def _scheduled(place: str, schedule: Schedule, scaling: Scaling) -> Iterator[Found]:
    low, high = schedule.min_instances, schedule.max_instances
    if low is None and high is None:
        yield place, "it changes nothing.", "Add `min_instances:` or `max_instances:`, or both."
    elif low is not None:
        most = scaling.max_instances if high is None else high
        if low > most:
            yield f"{place}.min_instances", f"{low} is above the most instances, {most}.", "Write fewer."
    elif high is not None and high < scaling.min_instances:
        message = f"{high} is below the fewest instances, {scaling.min_instances}."
        yield f"{place}.max_instances", message, "Write more, or `min_instances:` as well."


def _nothing(place: str, scaling: Scaling) -> Iterator[Found]:
    lows = {f"schedules.{name}.min_instances": each.min_instances for name, each in scaling.schedules.items()}
    for path, least in {"min_instances": scaling.min_instances, **lows}.items():
        if least == 0:
            message = "only an asynchronous endpoint can go down to no instance: its requests wait."
            yield f"{place}.{path}", message, "Write 1 or more, or add `asynchronous:`."


def _type(place: str, scaling: Scaling, instance_type: str | None) -> Iterator[Found]:
    if instance_type is None:
        return
    if instance_types.is_burstable(instance_type):
        message = f"`{instance_type}` saves up processor time, and the service does not scale such instances."
        yield place, message, "Remove it, or take another type, such as `ml.m5.large`."
    if scaling.measured_on != instance_type and not scaling.paused:
        message = (
            f"`requests_per_instance` was measured on {scaling.measured_on}, and the variant runs on {instance_type}."
        )
        fix = (
            "The service changes no instance type of a variant that scales. Deploy once with the old type and "
            "`paused: true`; change the type and measure anew; then remove `paused` and say what it was measured on."
        )
        yield f"{place}.measured_on", message, fix
