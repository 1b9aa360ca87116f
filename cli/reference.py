"""The reference of the command line as a page: what `--help` says of every command. `python -m cli.reference`."""

from __future__ import annotations

import click

from cli.main import COMMANDS, sageline

HEADER = """# The command line

What `sageline COMMAND --help` says. This page is made by `python -m cli.reference` and tested to be up to date.
"""


def markdown() -> str:
    """Return the page."""
    parts = [HEADER]
    context = click.Context(sageline, info_name="sageline", help_option_names=["-h", "--help"])
    for name in COMMANDS:
        found = sageline.get_command(context, name)
        assert found is not None  # noqa: S101 - COMMANDS is what get_command looks in
        inner = click.Context(found, info_name=name, parent=context, max_content_width=100, terminal_width=100)
        parts.append(f"## sageline {name}\n\n```text\n{found.get_help(inner).rstrip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    click.echo(markdown(), nl=False)
