from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigurationError, load_environment
from config.environment import Environment
from config.promotion_checks import unmatched

HEAD = """\
account: "{account}"
region: {region}
instances: {{processing: ml.m5.large, training: [ml.m5.xlarge], inference: ml.m5.large}}
promotion:
{settings}
"""
LAB, SHOP = "111122223333", "444455556666"
TO_SHOP = f'  to: ["{SHOP}"]'
FROM_LAB = f'  source: {{environment: lab, account: "{LAB}"}}'


def load(folder: Path, name: str, account: str, settings: str, region: str = "eu-central-1") -> Environment:
    path = folder / f"{name}.yaml"
    path.write_text(HEAD.format(account=account, region=region, settings=settings), encoding="utf-8")
    return load_environment(path)


def mistakes(folder: Path, settings: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load(folder, "lab", LAB, settings)
    return [f"{each.path}: {each.message} {each.fix}" for each in caught.value.mistakes]


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        (f'  to: ["{LAB}"]', "promotion.to: 111122223333 is this environment's own account."),
        (f'  to: ["{SHOP}", "{SHOP}"]', "promotion.to: it lists an account twice. List each once."),
        ("  to: [shop]", "promotion.to: `shop` is no account number. Write its 12 digits in quotes."),
        (f'  source: {{environment: shop, account: "{LAB}"}}', "promotion.source.account: 111122223333 is this"),
        (f'  source: {{environment: lab, account: "{SHOP}"}}', "promotion.source.environment: it is this environment"),
        ("  source: {environment: shop}", "promotion.source.account: it is missing."),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, settings: str, found: str) -> None:
    (mistake,) = mistakes(tmp_path, settings)
    assert mistake.startswith(found)


def between(folder: Path, lab: str, shop: str, **settings: str) -> list[str]:
    there = load(folder, "lab", LAB, lab)
    here = load(folder, "shop", SHOP, shop, **settings)
    return [f"{each.path}: {each.message} {each.fix}" for each in unmatched([there, here])]


def test_two_that_name_each_other_fit(tmp_path: Path) -> None:
    assert between(tmp_path, TO_SHOP, FROM_LAB) == []


def test_whoever_reads_must_be_let(tmp_path: Path) -> None:
    (found,) = between(tmp_path, '  to: ["777788889999"]', FROM_LAB)
    assert found.startswith("shop promotion.source: lab does not let shop read its models. Add")
    assert f'Add "{SHOP}" to `promotion.to` of lab' in found


def test_the_account_must_be_the_environments(tmp_path: Path) -> None:
    (found,) = between(tmp_path, TO_SHOP, FROM_LAB.replace(LAB, "999988887777"))
    assert found == (
        'shop promotion.source.account: lab is in account 111122223333, not in 999988887777. Write "111122223333".'
    )


def test_models_stay_in_their_region(tmp_path: Path) -> None:
    (found,) = between(tmp_path, TO_SHOP, FROM_LAB, region="eu-west-1")
    assert found.startswith("shop promotion.source: lab is in eu-central-1, and shop in eu-west-1.")


def test_a_source_whose_file_is_not_here_is_believed(tmp_path: Path) -> None:
    assert unmatched([load(tmp_path, "shop", SHOP, FROM_LAB)]) == []
