from __future__ import annotations

import json
import re
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from infra.delivery.bill_of_materials import ROOT, bill

LOCKS = [ROOT / "requirements" / "run.txt", ROOT / "requirements" / "infra.txt", ROOT / "package-lock.json"]
PIP = """\
Some.Package[extra]==1.2 ; python_version < '4' \\
    --hash=sha256:{b} \\
    --hash=sha256:{a}
    # via other
other==3 \\
    --hash=sha256:{c}
"""


def test_it_is_what_cyclonedx_asks_for() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill(LOCKS))) is None


def test_it_names_every_package_that_is_locked_once() -> None:
    names = [each["bom-ref"] for each in bill(LOCKS)["components"]]
    assert names == sorted(set(names))
    pinned = re.findall(r"^([\w.-]+)==", LOCKS[0].read_text(encoding="utf-8"), re.MULTILINE)
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in pinned} <= {
        each["name"] for each in bill(LOCKS)["components"]
    }
    assert any(name.startswith("pkg:npm/aws-cdk@") for name in names)


def test_a_package_is_named_as_the_index_does_with_the_digests_of_its_files(tmp_path: Path) -> None:
    lock = tmp_path / "run.txt"
    lock.write_text(PIP.format(a="a" * 64, b="b" * 64, c="c" * 64), encoding="utf-8")
    other, some = bill([lock])["components"]
    assert (some["purl"], some["name"], some["version"]) == ("pkg:pypi/some-package@1.2", "some-package", "1.2")
    assert [each["value"] for each in some["properties"]] == ["a" * 64, "b" * 64]
    assert [each["value"] for each in other["properties"]] == ["c" * 64]


def test_the_same_locks_give_the_same_bytes() -> None:
    assert json.dumps(bill(LOCKS)) == json.dumps(bill(LOCKS))
    assert "serialNumber" not in bill(LOCKS)
    assert "timestamp" not in bill(LOCKS)["metadata"]
