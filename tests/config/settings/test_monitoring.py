from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigurationError, load_environment
from config.settings.monitoring import Drift, Monitoring, watched_mistakes

HEAD = """\
account: "111122223333"
region: eu-west-1
instances: {processing: ml.m5.large, training: [ml.m5.xlarge], inference: ml.m5.large}
monitoring:
"""


def load(folder: Path, settings: str) -> Monitoring:
    path = folder / "there.yaml"
    path.write_text(HEAD + "".join(f"  {line}\n" for line in settings.splitlines()), encoding="utf-8")
    return load_environment(path).monitoring


def test_what_costs_or_takes_over_is_off_unless_asked_for(tmp_path: Path) -> None:
    settings = load(tmp_path, "log_days: 30")
    assert (settings.drift, settings.budget, settings.job_log_groups, settings.emails) == ({}, None, (), ())


def test_a_problem_with_nothing_behind_it_is_watched_as_by_default(tmp_path: Path) -> None:
    settings = load(tmp_path, "drift:\n  digits:\n  diabetes: {psi: 0.3}")
    assert settings.drift == {"digits": Drift(), "diabetes": Drift(psi=0.3)}


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("emails: [nobody]", "monitoring.emails: `nobody` is no e-mail address."),
        ("runbook_url: wiki/runbook", "monitoring.runbook_url: `wiki/runbook` is no address of a page."),
        ("runbook_url: https://a.example/b#c", "monitoring.runbook_url: `https://a.example/b#c` is no address"),
        ("longest_hours: 0", "monitoring.longest_hours: 0 is out of range. Write a number of at least 1."),
        ("endpoints: {latency_ms: 0}", "monitoring.endpoints.latency_ms: 0 is out of range."),
        ("endpoints: {idle_hours: 25}", "monitoring.endpoints.idle_hours: 25 is out of range."),
        ("job_log_groups: [Endpoints]", "monitoring.job_log_groups[0]: `Endpoints` is no log group of jobs."),
        ("job_log_groups: [TrainingJobs, TrainingJobs]", "monitoring.job_log_groups: it lists a log group twice."),
        ("log_days: 0", "monitoring.log_days: 0 is out of range."),
        ("drift: {digits: {schedule: daily}}", "monitoring.drift.digits.schedule: `daily` is no schedule."),
        ("drift: {digits: {days: 32}}", "monitoring.drift.digits.days: 32 is out of range."),
        ("drift: {digits: {psi: 0}}", "monitoring.drift.digits.psi: 0 is out of range."),
        ("budget: {monthly_usd: 100}", "monitoring.budget.emails: it is missing."),
        ("budget: {monthly_usd: 100, emails: [nobody]}", "monitoring.budget.emails: `nobody` is no e-mail address."),
        ("budget: {monthly_usd: 100, emails: []}", "monitoring.budget.emails: it names 0 addresses."),
        ("budget: {monthly_usd: 0, emails: [a@b.example]}", "monitoring.budget.monthly_usd: 0 is out of range."),
    ],
)
def test_mistakes_are_said_with_their_place_before_anything_is_built(tmp_path: Path, settings: str, found: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, settings)
    (mistake,) = caught.value.mistakes
    assert found in f"{mistake.path}: {mistake.message} {mistake.fix}"


def test_problems_that_are_not_there_or_not_captured_are_all_named() -> None:
    settings = Monitoring(drift={"digit": Drift(), "digits": Drift(), "diabetes": Drift()})
    unknown, uncaptured = map(str, watched_mistakes(settings, ["diabetes", "digits"], ["digits"]))
    assert unknown == "monitoring.drift.digit: the environment has no problem `digit`. Did you mean `digits`?"
    assert uncaptured == (
        "monitoring.drift.diabetes: no requests of `diabetes` are captured, so there is nothing to look at. "
        "Set `serving.diabetes.capture_percent`, or remove this."
    )
