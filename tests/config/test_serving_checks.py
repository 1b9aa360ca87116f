from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from config import ConfigurationError, load_environment
from config.instance_types import HOSTING, has_machine_learning_chips, is_burstable, is_graviton

SCALING = {"max_instances": 4, "requests_per_instance": 100, "measured_on": "ml.m5.large"}


def environment(folder: Path, endpoint: Any, inference: str = "ml.m5.large") -> Path:
    path = folder / "there.yaml"
    values = {
        "account": "111122223333",
        "region": "eu-west-1",
        "instances": {"processing": "ml.m5.large", "training": ["ml.m5.xlarge"], "inference": inference},
        "serving": {"wine": endpoint},
    }
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return path


def mistakes(folder: Path, endpoint: Any, inference: str = "ml.m5.large") -> list[str]:
    try:
        load_environment(environment(folder, endpoint, inference))
    except ConfigurationError as error:
        return [f"{each.path}: {each.message} {each.fix}" for each in error.mistakes]
    return []


def scaled(**scaling: Any) -> dict[str, Any]:
    return {"variants": {"A": {"scaling": SCALING | scaling}}}


@pytest.mark.parametrize(
    "endpoint",
    [
        None,
        {"variants": {"A": None}},
        {"variants": {"A": {"weight": 9, "instances": 2}, "B": {"instances": 2}}, "update": {"traffic": "canary"}},
        {"shadow": {"percent": 5}},
        {"callers": ["web-shop", "team@risk"], "notebooks": True},
        {"serverless": {"provisioned_concurrency": 5}, "vpc": False, "network_isolation": False},
        {"asynchronous": None, "variants": {"A": {"instances": 2}}},
        {"asynchronous": {}, "variants": {"A": {"scaling": SCALING | {"min_instances": 0}}}},
        scaled(schedules={"night": {"at": "cron(0 20 ? * * *)", "max_instances": 1}}),
        {"variants": {"A": {"instance_type": "ml.c5.large", "scaling": SCALING | {"paused": True}}}},
        {"variants": {"A": {"instances": 10}}, "update": {"traffic": "linear", "step_percent": 10}},
    ],
)
def test_what_the_service_takes_is_taken(tmp_path: Path, endpoint: Any) -> None:
    assert mistakes(tmp_path, endpoint) == []


@pytest.mark.parametrize(
    ("caller", "found"),
    [
        ("arn:aws:iam::111122223333:role/web-shop", "Write what follows the last `/` of its ARN;"),
        ("*", "`*` is not the name of a role."),
        ("AWSReservedSSO_Science_0a1b2c3d", "AWS lets nobody attach policies to `AWSReservedSSO_Science_0a1b2c3d`."),
    ],
)
def test_who_may_ask_is_named_by_a_role_that_takes_policies(tmp_path: Path, caller: str, found: str) -> None:
    (mistake,) = mistakes(tmp_path, {"callers": [caller]})
    assert mistake.startswith("serving.wine.callers: ")
    assert found in mistake


SERVERLESS = {"serverless": {}, "vpc": False, "network_isolation": False}
TWO = {"A": {"instances": 2}, "B": {"instances": 2}}


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (SERVERLESS | {"capture_percent": 5}, "capture_percent: serverless endpoints capture nothing."),
        (SERVERLESS | {"vpc": True}, "vpc: serverless endpoints join no private network."),
        (SERVERLESS | {"network_isolation": True}, "network_isolation: serverless endpoints cannot be isolated."),
        (SERVERLESS | {"variants": TWO}, "variants: serverless endpoints have no instances to share requests between."),
        (SERVERLESS | {"shadow": {}}, "shadow: serverless endpoints have no shadow variant."),
        (SERVERLESS | {"asynchronous": {}}, "asynchronous: an endpoint is serverless or asynchronous, not both."),
        (SERVERLESS | {"update": {}}, "update: serverless endpoints change all at once, and nothing rolls them back."),
        (SERVERLESS | {"alarms": {}}, "alarms: serverless endpoints change all at once, and nothing rolls them back."),
        (
            SERVERLESS | {"serverless": {"memory_mb": 1500}},
            "serverless.memory_mb: 1500 MB is no size that serverless endpoints have. Write one of 1024, 2048, 3072",
        ),
        (
            SERVERLESS | {"serverless": {"provisioned_concurrency": 6}},
            "serverless.provisioned_concurrency: 6 copies kept ready are more than the 5 that may answer at a time.",
        ),
        ({"asynchronous": {}, "shadow": {}}, "shadow: asynchronous endpoints have no shadow variant."),
        ({"asynchronous": {}, "variants": TWO}, "variants: requests to an asynchronous endpoint wait in one queue"),
        ({"shadow": {}, "variants": TWO}, "shadow: beside a shadow variant an endpoint has one variant alone"),
        ({"variants": {}}, "variants: it is empty. Name one, such as `AllTraffic: {}`, or leave it out."),
        ({"variants": {f"V{each}": {} for each in range(11)}}, "variants: 11 are more than an endpoint has."),
        ({"variants": {"A": {"weight": 0}, "B": {"weight": 0}}}, "variants: the weights sum to 0"),
        ({"variants": {"A": {}, "a": {}}}, "variants.A: `A` differs from another variant in capitals alone."),
        ({"variants": {"a-b": {}}}, "variants: `a-b` cannot be a variant's name. Use at most 40 letters and digits"),
        ({"variants": {"shadow": {}}}, "variants: `shadow` is what the shadow variant is called."),
        ({"variants": {"A": {"instances": 0}}}, "variants.A.instances: 0 is out of range."),
        (
            {"variants": {"A": {"instance_type": "ml.c7g.large"}}},
            "variants.A.instance_type: `ml.c7g.large` has an Arm processor (Graviton), for which the XGBoost image is",
        ),
        (
            {"shadow": {"instance_type": "ml.m5d.large"}},
            "shadow.instance_type: `ml.m5d.large` has local storage, for which SageMaker takes no encryption key of",
        ),
        ({"variants": {"A": {"instance_type": "ml.inf1.xlarge"}}}, "`ml.inf1.xlarge` is for models that are compiled"),
        ({"variants": {"A": {"instance_type": "ml.m5.lrge"}}}, "`ml.m5.lrge` is no instance type that SageMaker has"),
        (
            {"update": {"traffic": "canary"}},
            "variants.AllTraffic.instances: a canary update moves some instances before others, and the variant may",
        ),
        ({"update": {"traffic": "linear"}, "variants": {"A": {}}}, "variants.A.instances: a linear update moves some"),
        (
            {"update": {"traffic": "canary"}, "variants": {"A": {"instances": 2, "scaling": SCALING}}},
            "variants.A.scaling.min_instances: a canary update moves some instances before others",
        ),
        (
            {"update": {"traffic": "canary", "step_percent": 51}, "variants": TWO},
            "update.step_percent: a canary update moves 1 to 50 % at a time.",
        ),
        (
            {"update": {"traffic": "linear", "step_percent": 9}, "variants": TWO},
            "update.step_percent: a linear update moves 10 to 50 % at a time.",
        ),
        (
            {"update": {"traffic": "rolling"}},
            "update.traffic: `rolling` gives up the old instances before the new ones",
        ),
        (
            {"update": {"traffic": "linear", "step_percent": 10, "wait_seconds": 3000}, "variants": TWO},
            "update.wait_seconds: the update would wait 30,300 seconds, and the service gives it eight hours",
        ),
        ({"update": {"keep_old_seconds": 3601}}, "update.keep_old_seconds: 3601 is out of range."),
        ({"log_days": 0}, "log_days: 0 is out of range. Write a number of at least 1."),
        (
            {"variants": {f"V{each}": {} for each in range(6)}},
            "variants: 12 alarms would watch an update, and the service takes 10.",
        ),
        (
            {"variants": {f"V{each}": {} for each in range(4)}, "alarms": {"refusals_percent": 5}},
            "variants: 12 alarms would watch an update, and the service takes 10.",
        ),
        (
            {"variants": {"A": {"scaling": SCALING}, "B": {}}},
            "variants: an update keeps the instances of all variants or of none, and some of these scale.",
        ),
        (scaled(min_instances=5), "variants.A.scaling: `min_instances` (5) is above `max_instances` (4). Exchange"),
        (scaled(min_instances=2), "variants.A.scaling: the variant starts with 1, which is not between 2 and 4."),
        (scaled(min_instances=0), "variants.A.scaling.min_instances: only an asynchronous endpoint can go down to no"),
        (scaled(requests_per_instance=0), "variants.A.scaling.requests_per_instance: 0 is out of range."),
        (
            scaled(measured_on="ml.c5.large"),
            "variants.A.scaling.measured_on: `requests_per_instance` was measured on ml.c5.large, and the variant runs",
        ),
        (
            {"variants": {"A": {"instance_type": "ml.t2.large", "scaling": SCALING | {"measured_on": "ml.t2.large"}}}},
            "variants.A.scaling: `ml.t2.large` saves up processor time, and the service does not scale such instances.",
        ),
        (
            scaled(schedules={"n": {"at": "daily"}}),
            "scaling.schedules.n.at: `daily` is no schedule. Write one such as",
        ),
        (scaled(schedules={"n": {"at": "rate(1 day)"}}), "variants.A.scaling.schedules.n: it changes nothing."),
        (
            scaled(schedules={"n": {"at": "rate(1 day)", "timezone": "Europe/Berln", "min_instances": 2}}),
            "schedules.n.timezone: `Europe/Berln` is no time zone. Did you mean `Europe/Berlin`?",
        ),
        (
            scaled(schedules={"n": {"at": "rate(1 day)", "min_instances": 5}}),
            "variants.A.scaling.schedules.n.min_instances: 5 is above the most instances, 4.",
        ),
        (
            scaled(schedules={"n": {"at": "rate(1 day)", "min_instances": 0}}),
            "schedules.n.min_instances: only an asynchronous endpoint can go down to no instance",
        ),
        (
            scaled(schedules={"a/b": {"at": "rate(1 day)"}}),
            "variants.A.scaling.schedules: `a/b` cannot name a schedule.",
        ),
        (
            {
                "variants": {
                    "A": {
                        "instances": 2,
                        "scaling": SCALING
                        | {"min_instances": 2, "schedules": {"n": {"at": "rate(1 day)", "max_instances": 1}}},
                    }
                }
            },
            "schedules.n.max_instances: 1 is below the fewest instances, 2.",
        ),
    ],
)
def test_what_the_service_does_not_take_is_refused_by_name(tmp_path: Path, endpoint: Any, expected: str) -> None:
    found = mistakes(tmp_path, endpoint)
    assert len([each for each in found if each.startswith("serving.wine.") and expected in each]) == 1, found


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    endpoint = {"serverless": {}, "capture_percent": 100, "shadow": {}, "asynchronous": {}, "variants": TWO}
    places = [each.partition(":")[0].removeprefix("serving.wine.") for each in mistakes(tmp_path, endpoint)]
    assert set(places) == {"vpc", "network_isolation", "capture_percent", "shadow", "asynchronous", "variants"}


def test_the_instances_of_the_environment_are_held_to_the_same(tmp_path: Path) -> None:
    said = (
        "without `instance_type` it is that of `instances.inference`. `ml.g4dn.xlarge` has local storage, for which "
        "SageMaker takes no encryption key of yours. Add `instance_type:`, one such as `ml.m5.large`."
    )
    expected = [f"serving.wine.shadow: {said}", f"serving.wine.variants.AllTraffic: {said}"]
    assert sorted(mistakes(tmp_path, {"shadow": {}}, "ml.g4dn.xlarge")) == expected
    assert mistakes(tmp_path, SERVERLESS, "ml.g4dn.xlarge") == []


def test_nothing_is_served_unless_it_is_listed(tmp_path: Path) -> None:
    path = environment(tmp_path, {})
    assert list(load_environment(path).serving) == ["wine"]
    path.write_text(path.read_text("utf-8").replace("wine: {}", ""), encoding="utf-8")
    assert load_environment(path).serving == {}


def test_processors_and_chips_are_told_apart_by_the_types_names() -> None:
    families = {each.split(".")[1] for each in HOSTING if is_graviton(each)}
    assert families == {"c6g", "c6gd", "c6gn", "c7g", "c8g", "m6g", "m6gd", "m8g", "r6g", "r6gd", "r7gd", "r8g"}
    assert {each.split(".")[1] for each in HOSTING if is_burstable(each)} == {"t2"}
    chips = {each.split(".")[1] for each in HOSTING if has_machine_learning_chips(each)}
    assert chips == {"dl1", "inf1", "inf2", "trn1", "trn1n", "trn2"}
