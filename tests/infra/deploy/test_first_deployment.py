"""What the first deployment made, and what the CDK's command line made it of."""

from __future__ import annotations

from tests.infra.deploy.deployed import Deployed, changed, templates


def test_every_stack_is_complete_and_everything_in_it_was_made(deployed: Deployed) -> None:
    for name, template in deployed.templates.items():
        assert deployed.stack(name)["StackStatus"] == "CREATE_COMPLETE"
        # What stands under a condition waits for something, such as an approved model.
        wanted = {id_ for id_, each in template["Resources"].items() if "Condition" not in each}
        assert set(changed(deployed.events(name))) == wanted, name


def test_the_command_line_and_the_application_alone_make_the_same_templates(deployed: Deployed) -> None:
    assert templates(deployed.with_settings("same", {})) == deployed.templates
