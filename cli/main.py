"""The `sageline` command: finds the command's file, and turns mistakes into sentences and exit codes."""

from __future__ import annotations

import atexit
import contextlib
import errno
import gc
import importlib
import os
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import click

from cli.errors import INTERRUPTED, RUN_FAILED, SUCCEEDED, WRONG_USAGE, CommandError

# In the order in which people meet them.
COMMANDS = (
    "init",
    "run",
    "resume",
    "stop",
    "runs",
    "show",
    "logs",
    "report",
    "models",
    "approve",
    "reject",
    "invoke",
    "compile",
    "definition",
    "validate",
    "serve",
    "doctor",
)


class LazyCommands(click.Group):
    """Imports a command's module when it is asked for, so that each command starts as fast as it can."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of that name from cli.commands."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"cli.commands.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Look the command up, with a suggestion where it is misspelt."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib  # noqa: PLC0415 - only for a misspelt command

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean `sageline {near[0]}`?" if near else " `sageline --help` lists the commands."
            message = f"There is no command {args[0]!r}.{hint}"
            raise CommandError(message)
        return super().resolve_command(ctx, args)


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="sageline", prog_name="sageline")
def sageline() -> None:
    """From a table to a registered model: one SageMaker pipeline, on this machine and on AWS.

    \b
    Example:
      sageline init customers.csv --target churned
      sageline run customers.yaml
    """


def entry() -> NoReturn:
    """Run the command line and leave with its exit code."""
    # A command is short, and boto3's service models are large: collecting them in search of cycles takes a tenth of
    # its time, and taking them apart at the interpreter's own exit 0.2 s. What is registered to be done at the exit
    # (ending workers, removing their folders) is done here, and all that must be written is flushed.
    gc.set_threshold(100_000, 20, 20)
    code = main(sys.argv[1:])
    atexit._run_exitfuncs()
    # A stream that was closed before the start is none.
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except (OSError, ValueError) as error:
            if _is_full(error) and stream is sys.stdout:
                code = _unwritten(error)
    os._exit(code)


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0 succeeded, 1 the run failed, 2 wrong usage, 130 interrupted."""
    try:
        result: Any = sageline.main(args=arguments, prog_name="sageline", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (click.ClickException, CommandError) as error:
        return _mistake(error)
    except BrokenPipeError:
        # The reader (`head`, a pager) has enough; the interpreter's own flush at exit must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SUCCEEDED
    except Exception as error:  # noqa: BLE001 - the last resort: a sentence for the person, the traceback in a file
        return _unwritten(error) if _is_full(error) else _unexpected(error, arguments)
    return result if isinstance(result, int) else SUCCEEDED


def _mistake(error: click.ClickException | CommandError) -> int:
    if isinstance(error, CommandError):
        click.echo(f"sageline: {error}", err=True)
        return error.code
    error.show()
    return WRONG_USAGE


def _is_full(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def _unwritten(error: Exception) -> int:
    """Say that there is no room, for a file or for the output where it is sent to one."""
    name = getattr(error, "filename", None)
    place = f"{name}" if name else "The output, or a file in the home,"
    reason = getattr(error, "strerror", None) or error
    with contextlib.suppress(OSError):
        click.echo(f"sageline: {place} cannot be written: {reason}. Make room there, then try again.", err=True)
    return RUN_FAILED


def _home(arguments: list[str]) -> Path | None:
    """Return the home that a command was given; where it went wrong, click's own reading of it is gone."""
    for place, word in enumerate(arguments):
        if word == "--home" and place + 1 < len(arguments):
            return Path(arguments[place + 1])
        if word.startswith("--home="):
            return Path(word.removeprefix("--home="))
    return None


def _unexpected(error: Exception, arguments: list[str]) -> int:
    from local.store.home import Home  # noqa: PLC0415 - only after a mistake of our own

    path = Home.find(_home(arguments)).root / "sageline.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write("".join(traceback.format_exception(error)))
        where = f"The details are in {_short(path)}"
    except OSError as problem:
        where = f"The details could not be written ({problem})"
    click.echo(
        f"sageline: something went wrong that should not have: {type(error).__name__}: {error}. {where}; please report "
        "it with them.",
        err=True,
    )
    return RUN_FAILED


def _short(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
