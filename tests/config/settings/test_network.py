from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigurationError, load_environment
from config.prefix_lists import S3
from config.private_services import DEFAULT, SERVICES
from config.regions import REGIONS

INSTANCES = "instances: {processing: ml.m5.large, training: [ml.m5.xlarge], inference: ml.m5.large}\n"
GROUPS = ", ".join(f"{name}: sg-0123456789abcdef{at}" for at, name in enumerate(["jobs", "functions", "notebooks"]))
GROUPS = f"security_groups: {{{GROUPS}, endpoints: sg-0123456789abcdef3}}"
VPC = "id: vpc-0123456789abcdef0, subnets: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]"
NOT_FOR_EXISTING = "it says nothing of a VPC that is there already. Remove it, or `network.vpc`."


def written(folder: Path, network: str, region: str = "eu-west-1") -> Path:
    path = folder / "there.yaml"
    text = f'account: "111122223333"\nregion: {region}\n{INSTANCES}network: {{{network}}}\n'
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, network: str, region: str = "eu-west-1") -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        load_environment(written(folder, network, region))
    return [f"{each.path}: {each.message} {each.fix}" for each in caught.value.mistakes]


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("cidr: here", "network.cidr: `here` is no range of IPv4 addresses. Write one such as `10.0.0.0/16`."),
        ("cidr: 10.0.0.0/33", "network.cidr: `10.0.0.0/33` is no range of IPv4 addresses."),
        ("cidr: 'fd00::/56'", "network.cidr: `fd00::/56` is no range of IPv4 addresses."),
        ("cidr: 10.0.0.7/16", "network.cidr: `10.0.0.7/16` does not say where its range starts. Did you mean `10.0."),
        ("cidr: 10.0.0.0", "network.cidr: `10.0.0.0` does not say where its range starts."),
        ("cidr: 8.8.0.0/16", "network.cidr: `8.8.0.0/16` is not private: addresses in it belong to others."),
        ("cidr: 172.0.0.0/16", "network.cidr: `172.0.0.0/16` is not private"),
        ("cidr: 10.0.0.0/25", "network.cidr: `10.0.0.0/25` is too small: each zone gets a quarter of its 128"),
        ("cidr: 10.0.0.0/8", "network.cidr: `10.0.0.0/8` is larger than a VPC can be. Write a range of at most `/16`."),
        ("cidr: 172.17.4.0/22", "network.cidr: `172.17.4.0/22` overlaps `172.17.0.0/16`, which SageMaker's hosts use"),
        ("zone_names: [eu-west-1a, eu-west-1a]", "network.zone_names: it lists `eu-west-1a` twice. List each once."),
        ("zone_names: [eu-west-1a, b]", "network.zone_names[1]: `b` is no availability zone. Write one such as"),
        ("zone_names: [eu-west-1a]", "network.zone_names: it lists 1 zones, and `network.zones` is 2."),
        ("zone_names: [eu-west-1a, eu-west-2b]", "network.zone_names[1]: `eu-west-2b` is no zone of eu-west-1."),
        ("services: [sagemaker.ap]", "network.services[0]: `sagemaker.ap` is no service that is reached so. Did you"),
        ("services: [sqs, sqs]", "network.services: it lists `sqs` twice."),
        ("service_zones: 3", "network.service_zones: 3 zones are more than the network has, which is 2. Write"),
        ("log_days: 0", "network.log_days: 0 is out of range. Write a number of at least 1."),
        ("s3_prefix_list: pl-s3", "network.s3_prefix_list: `pl-s3` cannot be the id of one. Write one such as `pl-0a"),
        (
            "vpc: {id: my-vpc, subnets: [subnet-0123abcd, subnet-4567abcd]}",
            "network.vpc.id: `my-vpc` cannot be the id of one. Write one such as `vpc-0a1b2c3d4e5f",
        ),
        ("vpc: {id: vpc-0123abcd}", "network.vpc.subnets: it is missing. Add `subnets:`. Its private subnets to use"),
        (
            "vpc: {id: vpc-0123abcd, subnets: [subnet-0123abcd]}",
            "network.vpc.subnets: 1 of them are not a choice that jobs take. List from 2 to 16",
        ),
        (
            "vpc: {id: vpc-0123abcd, subnets: [subnet-0123abcd, subnet-0123abcd]}",
            "network.vpc.subnets: it lists `subnet-0123abcd` twice.",
        ),
        (f"vpc: {{{VPC}}}", "network.vpc: without `security_groups` some are made, and they let nobody out to the VPC"),
        (
            f"vpc: {{{VPC}, cidr: 10.0.0.0/16, {GROUPS}}}",
            "network.vpc.cidr: it is for security groups that are made, and `security_groups` names some",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place_and_its_fix(tmp_path: Path, network: str, expected: str) -> None:
    (found,) = mistakes(tmp_path, network)
    assert found.startswith(expected)


def test_settings_that_say_nothing_of_an_existing_vpc_are_refused_all_at_once(tmp_path: Path) -> None:
    new = "zones: 2, zone_names: [eu-west-1a, eu-west-1b], cidr: 10.0.0.0/16, services: [sqs], service_zones: 1"
    given = f"{new}, log_days: 7, s3_prefix_list: pl-01234567, vpc: {{{VPC}, {GROUPS}}}"
    assert mistakes(tmp_path, given) == [
        f"network.{name}: {NOT_FOR_EXISTING}"
        for name in ("zones", "zone_names", "cidr", "services", "service_zones", "log_days", "s3_prefix_list")
    ]


@pytest.mark.parametrize("network", ["", f"vpc: {{{VPC}, cidr: 10.0.0.0/16}}"])
def test_the_prefix_list_is_asked_for_by_name_where_it_is_not_known(tmp_path: Path, network: str) -> None:
    (found,) = mistakes(tmp_path, network, region="me-south-1")
    assert found.startswith("network.s3_prefix_list: the id of S3's prefix list in me-south-1 is not among the known")
    assert "aws ec2 describe-managed-prefix-lists" in found
    given = "s3_prefix_list: pl-0a1b2c3d" + (f", {network}" if network else "")
    assert load_environment(written(tmp_path, given, "me-south-1")).network.s3_prefix_list == "pl-0a1b2c3d"


def test_security_groups_that_are_there_need_no_prefix_list(tmp_path: Path) -> None:
    environment = load_environment(written(tmp_path, f"vpc: {{{VPC}, {GROUPS}}}", "me-south-1"))
    assert environment.network.vpc is not None
    assert environment.network.subnet_count == 2


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "10.9.4.0/24", "172.16.0.0/16", "192.168.0.0/20", "100.64.0.0/16"])
def test_private_ranges_that_are_large_enough_are_taken(tmp_path: Path, cidr: str) -> None:
    assert load_environment(written(tmp_path, f"cidr: {cidr}")).network.cidr == cidr


def test_known_prefix_lists_are_ids_by_region() -> None:
    assert set(S3) <= set(REGIONS)
    assert all(len(id_) == len("pl-") + 8 for id_ in S3.values())


def test_what_is_reached_by_default_is_known() -> None:
    assert set(DEFAULT) <= set(SERVICES)


def test_the_page_says_of_every_service_who_calls_it() -> None:
    page = (Path(__file__).parents[3] / "docs" / "stacks" / "network.md").read_text("utf-8")
    for service, caller in SERVICES.items():
        assert f"| `{service}` | {caller} | {'yes' if service in DEFAULT else 'no'} |" in page


def test_the_example_of_a_vpc_that_is_there_is_taken(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "stacks" / "network.md").read_text("utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    path = tmp_path / "there.yaml"
    path.write_text(f'account: "111122223333"\nregion: eu-west-1\n{INSTANCES}{example}', encoding="utf-8")
    assert load_environment(path).network.subnet_count == 2
