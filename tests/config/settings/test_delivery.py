from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigurationError, load_environment
from config.delivery_checks import unknown_problem
from config.settings.delivery import CodePipeline, Delivery

HEAD = """\
account: "111122223333"
region: eu-central-1
instances: {processing: ml.m5.large, training: [ml.m5.xlarge], inference: ml.m5.large}
delivery:
"""
CONNECTION = "arn:aws:codeconnections:eu-central-1:111122223333:connection/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f"
PROVIDER = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"


def load(folder: Path, settings: str) -> Delivery | None:
    path = folder / "there.yaml"
    path.write_text(HEAD + "".join(f"  {line}\n" for line in settings.splitlines()), encoding="utf-8")
    return load_environment(path).delivery


def mistakes(folder: Path, settings: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, settings)
    return [f"{each.path}: {each.message} {each.fix}" for each in caught.value.mistakes]


def test_nobody_deploys_where_it_is_left_out(tmp_path: Path) -> None:
    assert load(tmp_path, "") is None


@pytest.mark.parametrize("repository", ["team/models", "team@12/models@345", "a-b/c.d_e"])
def test_a_repository_is_named_with_or_without_githubs_numbers(tmp_path: Path, repository: str) -> None:
    delivery = load(tmp_path, f"github: {{repository: '{repository}', provider_arn: '{PROVIDER}'}}")
    assert delivery is not None
    assert delivery.github is not None
    assert delivery.github.repository == repository


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("github:\ncodepipeline:", "delivery: it names nothing that deploys. Add `github:`"),
        ("github: {}", "delivery.github.repository"),
        ("github: {repository: models}", "delivery.github.repository: `models` is no repository."),
        ("github: {repository: 'team/*'}", "delivery.github.repository: `team/*` is no repository."),
        (
            "github: {repository: 'team@1/models'}",
            "`team@1/models` is no repository. Write `OWNER/REPOSITORY`; for one",
        ),
        ("github: {repository: a/b, environment: '*'}", "`*` cannot be the name of a deployment environment here."),
        ("github: {repository: a/b, environment: 'x:y'}", "`x:y` cannot be the name"),
        ("github: {repository: a/b, session_hours: 13}", "13 is out of range. Write a number of at most 12."),
        ("github: {repository: a/b, provider_arn: arn:aws:iam::1:x}", "`arn:aws:iam::1:x` is not GitHub's identity"),
        ("codepipeline: {repository: a/b, connection_arn: mine}", "`mine` is no connection. Make one in the console"),
        (f"codepipeline: {{repository: a, connection_arn: '{CONNECTION}'}}", "codepipeline.repository: `a` is no"),
        (f"codepipeline: {{repository: a/b, connection_arn: '{CONNECTION}', branch: 'a b'}}", "`a b` is no branch."),
        (f"codepipeline: {{repository: a/b, connection_arn: '{CONNECTION}', timeout_minutes: 481}}", "at most 480."),
    ],
)
def test_mistakes_are_said_with_their_place_before_anything_is_built(tmp_path: Path, settings: str, found: str) -> None:
    (mistake,) = mistakes(tmp_path, settings)
    assert found in mistake


def test_what_is_in_another_account_or_region_is_refused_all_at_once(tmp_path: Path) -> None:
    other = CONNECTION.replace("eu-central-1", "eu-west-1").replace("111122223333", "444455556666")
    provider = PROVIDER.replace("111122223333", "444455556666")
    settings = f"""\
github: {{repository: a/b, provider_arn: '{provider}'}}
codepipeline: {{repository: a/b, connection_arn: '{other}'}}"""
    found = mistakes(tmp_path, settings)
    places = ["delivery.github.provider_arn", *["delivery.codepipeline.connection_arn"] * 2]
    assert [each.partition(": ")[0] for each in found] == places
    assert found[0].endswith(
        "it is in account 444455556666, and the environment is in 111122223333: a role trusts providers of its own "
        "account alone. Name one of the environment's account."
    )
    assert "a pipeline uses connections of its own account." in found[1]
    assert found[2].endswith("it is in eu-west-1, and the environment is in eu-central-1. Make one in eu-central-1.")


def test_a_problem_that_the_environment_does_not_have_is_named() -> None:
    tried = CodePipeline(connection_arn=CONNECTION, repository="a/b", problem="digit")
    (mistake,) = unknown_problem(Delivery(codepipeline=tried), ["digits"])
    assert str(mistake).startswith("delivery.codepipeline.problem: the environment has no problem `digit`.")
    assert unknown_problem(Delivery(codepipeline=tried), ["digit"]) == []
    assert unknown_problem(None, []) == []
