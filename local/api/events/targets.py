"""A rule's targets: added, removed, listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.api.call import Call, Handler, Response
from local.api.errors import ServiceError
from local.api.events import lookups
from local.functions import manifest, queues, rules
from local.functions.rules import Rule, Target
from local.functions.targets import TargetError, check
from local.functions.wake import wake

MOST_TARGETS = 5


def put_targets(call: Call) -> Response:
    """Add targets; one of an id that is there already replaces it. Nothing is added where one cannot be."""
    given = {str(each["Id"]): each for each in call.params["Targets"]}
    with call.store.database.transaction():
        rule = lookups.rule(call, "Rule")
        for each in given.values():
            _check(call, each)
        kept = {str(each.given["Id"]): each for each in rule.targets}
        kept |= {name: Target(each, call.now) for name, each in given.items()}
        if len(kept) > MOST_TARGETS:
            raise ServiceError("LimitExceededException", f"A rule has at most {MOST_TARGETS} targets.")
        _store(call, rule, kept)
    wake(call.store)
    return {"FailedEntryCount": 0, "FailedEntries": []}


def remove_targets(call: Call) -> Response:
    """Remove targets by id; each id that the rule does not have is answered by itself."""
    with call.store.database.transaction():
        rule = lookups.rule(call, "Rule")
        kept = {str(each.given["Id"]): each for each in rule.targets}
        unknown = [name for name in call.params["Ids"] if kept.pop(name, None) is None]
        _store(call, rule, kept)
    failed = [_unknown(rule, name) for name in unknown]
    return {"FailedEntryCount": len(failed), "FailedEntries": failed}


def list_targets_by_rule(call: Call) -> Response:
    """Return a rule's targets by id."""
    found = [each.given for each in lookups.rule(call, "Rule").targets]
    chosen, answer = lookups.listed(call, "Targets", found, lambda each: str(each["Id"]))
    return {**answer, "Targets": [dict(each) for each in chosen]}


def _unknown(rule: Rule, name: str) -> dict[str, str]:
    message = f"Rule {rule.name} does not have target with Id {name}."
    return {"TargetId": name, "ErrorCode": "ResourceNotFoundException", "ErrorMessage": message}


def _store(call: Call, rule: Rule, kept: Mapping[str, Target]) -> None:
    rules.put(call.store, replace(rule, targets=tuple(kept.values())), now=call.now)


def _check(call: Call, target: Mapping[str, Any]) -> None:
    arn = str(target["Arn"])
    if not queues.is_arn(arn) and manifest.find(call.store, arn) is None:
        raise lookups.invalid(
            f"The target {target['Id']} ({arn}) is neither a function that is known on the laptop nor a queue: events "
            "go to those alone."
        )
    try:
        check(target)
    except TargetError as error:
        raise lookups.invalid(str(error)) from None


OPERATIONS: dict[str, Handler] = {
    "ListTargetsByRule": list_targets_by_rule,
    "PutTargets": put_targets,
    "RemoveTargets": remove_targets,
}
