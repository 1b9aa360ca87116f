"""The sandbox of Linux: a mount namespace in which the container's folders are the job's own, at their real paths.

The program's process enters the namespace between fork and exec, so that it costs no further program and no shell.
Everything that depends on this machine is worked out before the fork; after it there are system calls alone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.jobs.errors import JobError
from local.jobs.mounting import Bind, binds, shown
from local.jobs.process import JobProcess
from local.jobs.programs import find_program

# Source: linux/sched.h and linux/mount.h.
_NEW_MOUNTS = 0x00020000
_NEW_USER = 0x10000000
_BIND = 0x1000 | 0x4000  # with everything that is mounted below
_PRIVATE = 0x40000 | 0x4000
# Beside the first folder to mount: the root that the program sees.
ROOT_SUFFIX = ".root"


class NamespaceSandbox:
    """Shows a program the job's folders at the container's paths; it sees nothing else there, and writes nothing else.

    The root folder itself is the job's own, with all that the machine's holds mounted in it: what a program writes to
    `/`, where many images start theirs, stays with the job.

    The user stays who they are. Root needs no user namespace; everybody else gets one that holds their user alone.
    """

    name = "namespace"

    def translate(self, text: str, mounts: Mapping[str, Path]) -> str:
        """Return the text as it is: the paths in it are real."""
        del mounts
        return text

    def launch(
        self,
        argv: Sequence[str],
        environment: Mapping[str, str],
        mounts: Mapping[str, Path],
        *,
        directory: str,
        log: Path,
    ) -> JobProcess:
        """Start the program where the container's folders are the job's."""
        program = argv[0]
        if not any(program.startswith(f"{inside}/") for inside in mounts):
            found = find_program(program, environment.get("PATH", os.defpath))
            if found is None:
                message = (
                    f"The program {program} is not on this machine; jobs on the laptop use what is installed here."
                )
                raise JobError(message)
            program = found
        entry = Entry.plan(mounts, directory)
        return JobProcess.start([program, *argv[1:]], environment, Path("/"), log, enter=entry.enter)


@dataclass(frozen=True)
class Entry:
    """The system calls that lead into a namespace, each with arguments that are ready for it."""

    flags: int
    user_map: bytes
    group_map: bytes
    binds: tuple[Bind, ...]
    root: bytes
    directory: bytes

    @classmethod
    def plan(cls, mounts: Mapping[str, Path], directory: str) -> Entry:
        """Prepare what the mounts need on disk, and the calls.

        Raises:
            OSError: a folder to mount on is neither there nor can it be shown.
        """
        first = next(iter(mounts.values()))
        root = first.with_name(first.name + ROOT_SUFFIX)
        planned = shown(Path("/"), root)
        for inside, folder in mounts.items():
            planned += binds(Path(inside), folder, root)
        user, group = os.geteuid(), os.getegid()
        return cls(
            _NEW_MOUNTS if user == 0 else _NEW_MOUNTS | _NEW_USER,
            f"{user} {user} 1".encode(),
            f"{group} {group} 1".encode(),
            tuple(planned),
            os.fsencode(root),
            os.fsencode(directory),
        )

    def enter(self) -> None:
        """Enter; called in the child, where nothing but system calls may happen. OSError where the kernel refuses."""
        _checked(_unshare(self.flags))
        if self.flags & _NEW_USER:
            _write(b"/proc/self/setgroups", b"deny")
            _write(b"/proc/self/uid_map", self.user_map)
            _write(b"/proc/self/gid_map", self.group_map)
        _checked(_mount(b"none", b"/", None, _PRIVATE, None))
        for source, target in self.binds:
            _checked(_mount(source, target, None, _BIND, None))
        os.chroot(self.root)
        os.chdir(self.directory)


def refusal(folder: Path) -> str | None:
    """Say why this machine gives no such sandbox to jobs whose folders lie in `folder`; None where it does.

    Tried out by a process that enters a namespace as a job would, and looks for what it must see there.
    """
    if sys.platform != "linux":
        return "only Linux has mount namespaces"
    hidden = next((place for place in _needed(folder) if place.is_relative_to("/opt/ml")), None)
    if hidden is not None:
        return f"{hidden} lies below /opt/ml, which jobs would no longer see"
    trial = folder / f"namespace-{os.getpid()}"
    try:
        (trial / "opt" / "ml" / "seen").mkdir(parents=True)
        entry = Entry.plan({"/opt/ml": trial / "opt" / "ml"}, "/opt/ml/seen")
        code = _try(entry)
    except OSError as error:
        return f"its folders cannot be made ready ({error.strerror or error})"
    finally:
        _remove(trial)
    return None if code == 0 else f"the system refuses them ({os.strerror(code)})"


def _needed(folder: Path) -> list[Path]:
    """Return the places that a job needs beside the container's folders."""
    return [Path(os.path.realpath(place)) for place in (sys.executable, sys.prefix, sys.base_prefix, folder, __file__)]


def _try(entry: Entry) -> int:
    """Enter in a child; returns the error's number, 0 where all went well."""
    with warnings.catch_warnings():
        # Python 3.12 warns of forks beside threads; the child does nothing there but system calls.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        code = errno.EIO
        try:
            entry.enter()
            code = 0
        except OSError as error:
            code = error.errno or errno.EIO
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _remove(trial: Path) -> None:
    # Imported here: on the way to an engine's first step every module counts.
    import shutil  # noqa: PLC0415

    shutil.rmtree(trial, ignore_errors=True)


def _write(path: bytes, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY)
    try:
        os.write(handle, content)
    finally:
        os.close(handle)


def _checked(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


if sys.platform == "linux":
    _libc = ctypes.CDLL(None, use_errno=True)
    _unshare = _libc.unshare
    _unshare.argtypes = [ctypes.c_int]
    _mount = _libc.mount
    _mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
