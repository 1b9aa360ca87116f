"""What the first deployment made. The file's name puts it before those that change what stands."""

from __future__ import annotations

from tests.infra.deploy.deployed import Deployed, changed


def test_every_stack_is_complete_and_everything_in_it_was_made(deployed: Deployed) -> None:
    for name, template in deployed.templates.items():
        assert deployed.stack(name)["StackStatus"] == "CREATE_COMPLETE"
        # What stands under a condition waits for something, such as an approved model.
        wanted = {id_ for id_, each in template["Resources"].items() if "Condition" not in each}
        assert set(changed(deployed.events(name))) == wanted, name
