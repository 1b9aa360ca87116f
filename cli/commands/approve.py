"""`sageline approve`: decides on a registered model."""

from cli.decision import decision

command = decision("approve", "Approved")
