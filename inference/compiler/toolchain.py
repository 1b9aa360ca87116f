"""Finds a C compiler for a target and builds a shared library with it, the same bytes wherever it is built."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from inference.compiler.errors import CompileError
from inference.compiler.targets import Target, host_target

_CROSS: Mapping[Target, Sequence[str]] = {
    Target("LINUX", "X86_64"): ("x86_64-linux-gnu-gcc",),
    Target("LINUX", "X86"): ("i686-linux-gnu-gcc",),
    Target("LINUX", "ARM64"): ("aarch64-linux-gnu-gcc",),
    Target("LINUX", "ARM_EABI"): ("arm-linux-gnueabi-gcc",),
    Target("LINUX", "ARM_EABIHF"): ("arm-linux-gnueabihf-gcc",),
    Target("ANDROID", "ARM64"): ("aarch64-linux-android28-clang", "aarch64-linux-android21-clang"),
    Target("ANDROID", "ARM_EABI"): ("armv7a-linux-androideabi28-clang", "armv7a-linux-androideabi21-clang"),
    Target("ANDROID", "X86_64"): ("x86_64-linux-android28-clang", "x86_64-linux-android21-clang"),
}
_HOST = ("gcc", "cc", "clang")
_SECONDS = 300.0

FLAGS = (
    "-O1",  # The walk says itself what is laid out straight and done by vectors; -O2 takes twice as long for nothing.
    "-std=gnu11",
    "-fPIC",
    "-fvisibility=hidden",
    "-ffp-contract=off",  # A multiplication and an addition joined into one step round once instead of twice.
    "-fno-ident",
)
_LINK = ("-shared", "-s", "-Wl,--build-id=none", "-Wl,-z,noseparate-code")
_BY_ARCH: Mapping[str, Sequence[str]] = {"X86": ("-msse2", "-mfpmath=sse"), "ARM_EABIHF": ("-mfpu=neon-vfpv4",)}


@dataclass(frozen=True)
class Compiler:
    """A compiler that was found: the program, and what it says of itself."""

    program: str
    version: str


def find_compiler(target: Target) -> Compiler | None:
    """The compiler for a target, the machine's own where the target is the machine; None where there is none."""
    names = [*(_HOST if target == host_target() else ()), *_CROSS.get(target, ())]
    found = next((program for name in names if (program := shutil.which(name))), None)
    return Compiler(Path(found).name, _version(found)) if found else None


def _version(program: str) -> str:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=_SECONDS)
    return said.stdout.splitlines()[0].strip() if said.stdout else "unknown"


def build_line(target: Target, source: str, library: str) -> list[str]:
    """The arguments after the compiler's name that build `source` as `library`."""
    link = ("-dynamiclib",) if target.os == "DARWIN" else _LINK
    return [*FLAGS, *_BY_ARCH.get(target.arch, ()), *link, "-o", library, source, "-lm"]


def build(compiler: Compiler, target: Target, folder: Path, source: str, library: str) -> None:
    """Build a file of a folder into a shared library there; raises CompileError with what the compiler said."""
    with building(compiler, target, folder, source, library) as wait:
        wait()


@contextmanager
def building(
    compiler: Compiler, target: Target, folder: Path, source: str, library: str
) -> Iterator[Callable[[], None]]:
    """Build as `build` does while something else goes on; what is given waits for the end, and raises CompileError.

    The compiler runs inside the folder and is given names alone, so that no path of this machine is in the library. It
    is ended where it is not waited for.
    """
    arguments = [compiler.program, *build_line(target, source, library)]
    environment = {**os.environ, "LC_ALL": "C", "PWD": str(folder)}
    failed = f"{compiler.program} could not compile the model for {target.name}"
    try:
        running = subprocess.Popen(
            arguments, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
    except OSError as error:
        raise CompileError(f"{failed}: {error}.") from error

    def wait() -> None:
        try:
            _, said = running.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise CompileError(f"{failed}: {error}.") from error
        if running.returncode:
            line = next((line for line in said.splitlines() if "error" in line), said.strip()[-300:])
            raise CompileError(f"{failed}: {line}.")

    with running:
        try:
            yield wait
        finally:
            running.terminate()  # Where it still runs; it takes its temporary files away then.
