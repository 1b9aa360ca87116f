"""Rules: made, changed, switched on and off, described, listed, deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.api.events import lookups
from local.functions import patterns, rules
from local.functions.rules import DISABLED, ENABLED, Rule


def put_rule(call: Call) -> Response:
    """Make a rule, or change the one of that name; its targets stay."""
    lookups.check_bus(call)
    params = call.params
    if params.get("ScheduleExpression"):
        raise lookups.invalid("The laptop keeps no schedules: give an EventPattern, or start what is due yourself.")
    pattern = _pattern(params.get("EventPattern"))
    with call.store.database.transaction():
        earlier = rules.find(call.store, params["Name"])
        state = params.get("State") or ENABLED
        found = Rule(
            name=params["Name"],
            arn=rules.rule_arn(params["Name"]),
            pattern=pattern,
            state=state,
            since=_since(earlier, state, call.now),
            targets=earlier.targets if earlier is not None else (),
            description=params.get("Description") or "",
            role=params.get("RoleArn") or "",
        )
        rules.put(call.store, found, now=call.now)
        if earlier is None and params.get("Tags"):
            # As the service: tags of a rule that is there are changed by TagResource alone.
            call.store.resources.tag(found.arn, {tag["Key"]: tag["Value"] for tag in params["Tags"]})
    return {"RuleArn": found.arn}


def describe_rule(call: Call) -> Response:
    """Return a rule."""
    return _shown(lookups.rule(call))


def list_rules(call: Call) -> Response:
    """Return the rules whose names begin with a text, by name."""
    lookups.check_bus(call)
    prefix = call.params.get("NamePrefix") or ""
    found = [each for each in rules.rules(call.store) if each.name.startswith(prefix)]
    chosen, answer = lookups.listed(call, "Rules", found, lambda each: each.name)
    return {**answer, "Rules": [_shown(each) for each in chosen]}


def delete_rule(call: Call) -> Response:
    """Delete a rule without targets; one that is not there is no mistake."""
    lookups.check_bus(call)
    with call.store.database.transaction():
        found = rules.find(call.store, call.params["Name"])
        if found is not None and found.targets:
            raise lookups.invalid("Rule can't be deleted since it has targets.")
        call.store.resources.delete(rules.KIND, call.params["Name"])
    return {}


def enable_rule(call: Call) -> Response:
    """Let a rule send events on, those that come from now on."""
    return _switch(call, ENABLED)


def disable_rule(call: Call) -> Response:
    """Let a rule send nothing on."""
    return _switch(call, DISABLED)


def list_rule_names_by_target(call: Call) -> Response:
    """Return the names of the rules that have a target."""
    lookups.check_bus(call)
    wanted = call.params["TargetArn"]
    found = [each.name for each in rules.rules(call.store) if any(t.given["Arn"] == wanted for t in each.targets)]
    chosen, answer = lookups.listed(call, "RuleNames", found, str)
    return {**answer, "RuleNames": chosen}


def tag_resource(call: Call) -> Response:
    """Add tags to a rule; a key that is there already takes the new value."""
    call.store.resources.tag(_tagged(call), {tag["Key"]: tag["Value"] for tag in call.params["Tags"]})
    return {}


def untag_resource(call: Call) -> Response:
    """Remove tags by key; a key that is not there is no mistake."""
    call.store.resources.untag(_tagged(call), call.params["TagKeys"])
    return {}


def list_tags_for_resource(call: Call) -> Response:
    """Return a rule's tags in the order of their keys."""
    tags = call.store.resources.tags(_tagged(call))
    return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(tags.items())]}


def _tagged(call: Call) -> str:
    arn = str(call.params["ResourceARN"])
    found = call.store.resources.by_arn(arn)
    if found is None or found.kind != rules.KIND:
        raise lookups.missing(f"Rule {arn.rpartition('/')[2]} does not exist on EventBus {lookups.BUS}.")
    return arn


def _switch(call: Call, state: str) -> Response:
    with call.store.database.transaction():
        found = lookups.rule(call)
        rules.put(call.store, replace(found, state=state, since=_since(found, state, call.now)), now=call.now)
    return {}


def _since(earlier: Rule | None, state: str, now: float) -> float:
    """Return from when on a rule listens: since it was made, or switched on again."""
    return earlier.since if earlier is not None and earlier.enabled and state != DISABLED else now


def _pattern(text: str | None) -> dict[str, Any]:
    if not text:
        raise lookups.invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
    try:
        pattern = json.loads(text)
        patterns.check(pattern)
    except (ValueError, RecursionError) as error:
        raise ServiceError("InvalidEventPatternException", f"Event pattern is not valid. Reason: {error}") from None
    found: dict[str, Any] = pattern
    return found


def _shown(rule: Rule) -> dict[str, Any]:
    found = {
        "Name": rule.name,
        "Arn": rule.arn,
        "EventPattern": json.dumps(rule.pattern),
        "State": rule.state,
        "Description": rule.description,
        "RoleArn": rule.role,
        "EventBusName": lookups.BUS,
    }
    return {name: value for name, value in found.items() if value}


OPERATIONS: dict[str, Handler] = {
    "DeleteRule": delete_rule,
    "DescribeRule": describe_rule,
    "DisableRule": disable_rule,
    "EnableRule": enable_rule,
    "ListRuleNamesByTarget": list_rule_names_by_target,
    "ListRules": list_rules,
    "ListTagsForResource": list_tags_for_resource,
    "PutRule": put_rule,
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
}
