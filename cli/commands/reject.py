"""`sageline reject`: decides on a registered model."""

from cli.decision import decision

command = decision("reject", "Rejected")
