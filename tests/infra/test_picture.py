from __future__ import annotations

from pathlib import Path

from infra.picture import mermaid, redrawn, templates_of

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"


def test_the_picture_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == redrawn(page, mermaid(templates_of("dev"))), "run: make docs"


def test_a_picture_shows_what_is_in_a_stack_and_whose_exports_it_uses() -> None:
    keys = {"Resources": {"One": {"Type": "AWS::KMS::Key"}, "Two": {"Type": "AWS::KMS::Key"}}}
    trail = {"Type": "AWS::CloudTrail::Trail", "Properties": {"KMSKeyId": {"Fn::ImportValue": "sageline-dev-keys:Arn"}}}
    drawn = mermaid({"sageline-dev-keys": keys, "sageline-dev-record": {"Resources": {"Trail": trail}}})
    assert drawn == (
        "flowchart LR\n"
        '    keys["<b>keys</b><br/>2 keys"]\n'
        '    record["<b>record</b><br/>1 trail"]\n'
        "    keys --> record\n"
    )


def test_every_page_of_a_stack_is_linked() -> None:
    stacks = sorted((PAGE.parent / "stacks").glob("*.md"))
    assert [page.name for page in stacks if f"stacks/{page.name}" not in PAGE.read_text("utf-8")] == []
