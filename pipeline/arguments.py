"""Arguments of the programs that jobs run, within the service's limits."""

from __future__ import annotations

from collections.abc import Iterable

#: The service's limits on one argument and on all of them.
LONGEST_ARGUMENT = 256
MOST_ARGUMENTS = 100

#: What a processing container runs: unpack the bundle (argument 1), then run a module of it (argument 2) with the rest.
#: One line, since the service takes no line breaks; the folder is removed when the program ends.
BOOTSTRAP = (
    "import runpy,sys,tarfile,tempfile;"
    "d=tempfile.TemporaryDirectory();"
    'tarfile.open(sys.argv[1]).extractall(d.name,filter="data");'
    "sys.path.insert(0,d.name);"
    "del sys.argv[:2];"
    'runpy.run_module(sys.argv[0],run_name="__main__",alter_sys=True)'
)


class ArgumentError(ValueError):
    """Something in a problem that cannot be handed to a job."""


def option(name: str, value: str) -> list[str]:
    """Return an option and its value as a job's arguments.

    A value that starts with a dash would be read as an option itself, so it is tied to its name.

    Raises:
        ArgumentError: when the service would not take the value.
    """
    if "\n" in value or "\r" in value:
        raise ArgumentError(
            f"{value!r} (for {name}) holds a line break, which SageMaker takes in no argument. Rename it in the data."
        )
    arguments = [f"{name}={value}"] if value.startswith("-") else [name, value]
    if len(arguments[-1]) > LONGEST_ARGUMENT:
        raise ArgumentError(
            f"{value[:40]!r}… (for {name}) is {len(value)} characters long; SageMaker takes at most "
            f"{LONGEST_ARGUMENT} in an argument. Rename it in the data."
        )
    return arguments


def options(name: str, values: Iterable[str]) -> list[str]:
    """Return an option that is given once for each value."""
    return [argument for value in values for argument in option(name, value)]
