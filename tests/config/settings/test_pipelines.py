from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigurationError, load_environment
from config.settings.pipelines import Pipelines, problem_mistakes

HEAD = """\
account: "111122223333"
region: eu-west-1
instances: {processing: ml.m5.large, training: [ml.m5.xlarge], inference: ml.m5.large}
pipelines:
"""


def load(folder: Path, settings: str) -> Pipelines:
    path = folder / "there.yaml"
    path.write_text(HEAD + "".join(f"  {line}\n" for line in settings.splitlines()), encoding="utf-8")
    return load_environment(path).pipelines


def test_what_is_left_out_starts_nothing_and_tells_nobody(tmp_path: Path) -> None:
    settings = load(tmp_path, "parallelism: 4\nschedules:")
    assert (settings.parallelism, settings.schedules, settings.on_new_data, settings.emails) == (4, {}, (), ())


def test_schedules_stand_in_yaml_as_they_are(tmp_path: Path) -> None:
    settings = load(tmp_path, "schedules:\n  breast_cancer: rate(7 days)\n  diabetes: cron(0 6 ? * MON *)")
    assert settings.schedules == {"breast_cancer": "rate(7 days)", "diabetes": "cron(0 6 ? * MON *)"}


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("parallelism: 0", "pipelines.parallelism: 0 is out of range. Write a number of at least 1."),
        ("schedules: weekly", "pipelines.schedules: `weekly` is not settings by name."),
        ("schedules: {digits: weekly}", "pipelines.schedules.digits: `weekly` is no schedule."),
        ("schedules: {digits: 7}", "pipelines.schedules.digits: `7` is not text."),
        ("on_new_data: [digits, digits]", "pipelines.on_new_data: it lists a problem twice."),
        ("emails: [nobody]", "pipelines.emails: `nobody` is no e-mail address."),
        ("emails: [a@b.example, A@b.example]", "pipelines.emails: it lists an address twice."),
        ("log_days: 0", "pipelines.log_days: 0 is out of range. Write a number of at least 1."),
        ("quiet_minutes: 11", "pipelines.quiet_minutes: 11 is out of range. Write a number of at most 10."),
        ("reserved_concurrency: 0", "pipelines.reserved_concurrency: 0 is out of range."),
    ],
)
def test_mistakes_are_said_with_their_place_before_anything_is_built(tmp_path: Path, settings: str, found: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, settings)
    (mistake,) = caught.value.mistakes
    assert found in f"{mistake.path}: {mistake.message} {mistake.fix}"


def test_problems_that_the_environment_does_not_have_are_all_named() -> None:
    settings = Pipelines(schedules={"digit": "rate(1 day)"}, on_new_data=("digits", "other"))
    assert [str(each) for each in problem_mistakes(settings, ["diabetes", "digits"])] == [
        "pipelines.schedules.digit: the environment has no problem `digit`. Did you mean `digits`?",
        "pipelines.on_new_data[1]: the environment has no problem `other`. Write `diabetes` or `digits`.",
    ]
