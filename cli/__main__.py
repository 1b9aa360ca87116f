"""`python -m cli` is the `sageline` command."""

from cli.main import entry

entry()
