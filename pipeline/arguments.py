"""Arguments of the programs that jobs run, within the service's limits."""

from __future__ import annotations

from collections.abc import Iterable

from config.errors import ConfigurationError, Mistake

#: The most characters that the service takes in one argument.
LONGEST_ARGUMENT = 256

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

#: The same for the image with XGBoost 1.3, whose Python 3.7 knows no filters: newer ones take theirs from the archive.
BOOTSTRAP_OLD = (
    "import runpy,sys,tarfile as t,tempfile;"
    "d=tempfile.TemporaryDirectory();"
    'a=t.open(sys.argv[1]);a.extraction_filter=getattr(t,"data_filter",0);'
    "a.extractall(d.name);"
    "sys.path.insert(0,d.name);"
    "del sys.argv[:2];"
    'runpy.run_module(sys.argv[0],None,"__main__",True)'
)


def option(name: str, value: str) -> list[str]:
    """Return an option and its value as a job's arguments.

    A value that starts with a dash would be read as an option itself, so it is tied to its name.

    Raises:
        ConfigurationError: when that makes it longer than the service takes.
    """
    if not value.startswith("-"):
        return [name, value]
    tied = f"{name}={value}"
    if len(tied) > LONGEST_ARGUMENT:
        message = f"{value[:30]!r}… starts with a dash and has {len(value)} characters."
        most = LONGEST_ARGUMENT - len(name) - 1
        fix = f"SageMaker takes {most} of such a text: use a shorter one, in the data as well."
        raise ConfigurationError([Mistake(name.removeprefix("--"), message, fix)], "The problem")
    return [tied]


def options(name: str, values: Iterable[str]) -> list[str]:
    """Return an option that is given once for each value."""
    return [argument for value in values for argument in option(name, value)]
