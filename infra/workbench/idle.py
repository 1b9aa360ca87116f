#!/usr/bin/python3
"""Stops this notebook instance when nothing has run and nobody has typed for a while.

``start.sh`` has systemd run it every five minutes, as the notebook's user:

    /usr/bin/python3 /opt/sageline/idle.py --minutes 60 --home /home/ec2-user

It runs with the system's own Python (3.9), so it needs nothing but the standard library and the AWS CLI. It prints
nothing as long as the instance is in use.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

METADATA = Path("/opt/ml/metadata/resource-metadata.json")
RUNTIME = ".local/share/jupyter/runtime"
STATE = "SageMaker/.sageline/last-use"
UPTIME = Path("/proc/uptime")
# Where Jupyter answers on a notebook instance; it needs no token from there.
USUAL = ("https://localhost:8443", "")
BUSY_LOAD = 0.5
"""Processes at work over the last quarter of an hour, on average: a script in a terminal that prints nothing."""
SECONDS = 10


class Answer(NamedTuple):
    """What Jupyter says of one kernel or terminal."""

    busy: bool
    last_activity: float


def main(arguments: list[str] | None = None) -> int:
    """Stop the instance if it is idle; return 1 if it is and could not be stopped."""
    parser = argparse.ArgumentParser(description="Stop this notebook instance if it has been idle.")
    parser.add_argument("--minutes", type=float, required=True, help="after how many minutes without use")
    parser.add_argument("--home", type=Path, required=True, help="the home folder of its user")
    parser.add_argument("--busy-load", type=float, default=BUSY_LOAD, help="the load from which on it is in use")
    parser.add_argument("--metadata", type=Path, default=METADATA, help="the file with its name")
    parser.add_argument("--uptime", type=Path, default=UPTIME, help="the file with how long the machine is up")
    given = parser.parse_args(arguments)
    now = time.time()
    answers = [each for server in servers(given.home / RUNTIME) for each in asked(server, now)]
    state = given.home / STATE
    loaded = os.getloadavg()[2] >= given.busy_load
    seen = max(now if loaded else last_use(answers, now), started(given.uptime, now), remembered(state, now))
    remember(state, seen)
    if now - seen < given.minutes * 60:
        return 0
    return stop(given.metadata, given.home, (now - seen) / 60)


def last_use(answers: Iterable[Answer], now: float) -> float:
    """Return when a kernel or terminal was last in use, in seconds since 1970; 0 where nothing tells."""
    return max((now if each.busy else min(each.last_activity, now) for each in answers), default=0.0)


def servers(runtime: Path) -> Iterator[tuple[str, str]]:
    """Give the address and token of each Jupyter server, from the files that servers leave; else the usual address."""
    found = False
    for path in sorted([*runtime.glob("jpserver-*.json"), *runtime.glob("nbserver-*.json")]):
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            url, token = str(said["url"]), str(said.get("token") or "")
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1"):
            found = True
            yield url.rstrip("/"), token
    if not found:
        yield USUAL


def asked(server: tuple[str, str], now: float) -> list[Answer]:
    """Ask a server for its kernels and terminals; where it does not answer, what was seen before counts."""
    answers = []
    for what in ("kernels", "terminals"):
        listed = get(server, f"/api/{what}?no_track_activity=1")
        answers += [answer(each, now) for each in listed if isinstance(each, Mapping)]
    return answers


def answer(said: Mapping[str, Any], now: float) -> Answer:
    """Read what Jupyter says of a kernel or terminal. What cannot be understood is in use."""
    # A kernel that no client has talked to stays "starting" for good: its last activity says more.
    busy = said.get("execution_state") == "busy"
    try:
        written = str(said["last_activity"]).replace("Z", "+00:00")
        return Answer(busy, datetime.fromisoformat(written).timestamp())
    except (KeyError, ValueError, OverflowError):
        return Answer(busy, now)


def get(server: tuple[str, str], path: str) -> list[Any]:
    """Return the list that Jupyter answers with; an empty one where it does not answer or has no such thing."""
    url, token = server
    request = urllib.request.Request(url + path, headers={"Authorization": f"token {token}"} if token else {})  # noqa: S310
    # The certificate is the server's own, and the request does not leave this machine.
    context = ssl._create_unverified_context() if url.startswith("https:") else None  # noqa: S323
    try:
        with urllib.request.urlopen(request, timeout=SECONDS, context=context) as reply:  # noqa: S310 - localhost
            listed = json.load(reply)
    except (OSError, ValueError):
        return []
    return listed if isinstance(listed, list) else []


def started(uptime: Path, now: float) -> float:
    """Return when the machine started, in seconds since 1970."""
    return now - float(uptime.read_text(encoding="ascii").split()[0])


def remembered(state: Path, now: float) -> float:
    """Return when the instance was last seen in use: what Jupyter cannot tell again once a kernel is gone."""
    try:
        return min(float(state.read_text(encoding="ascii")), now)
    except (OSError, ValueError):
        return 0.0


def remember(state: Path, seen: float) -> None:
    """Write down when the instance was last in use, whole or not at all."""
    new = state.with_suffix(".new")
    new.write_text(f"{seen:.0f}", encoding="ascii")
    new.replace(state)


def stop(metadata: Path, home: Path, idle_minutes: float) -> int:
    """Ask SageMaker to stop this instance."""
    said = json.loads(metadata.read_text(encoding="utf-8"))
    # The ARN has the name in lower case.
    name, region = str(said["ResourceName"]), str(said["ResourceArn"]).split(":")[3]
    print(f"{time.strftime('%Y-%m-%d %H:%M')} Nobody has used {name} for {idle_minutes:.0f} minutes: stopping it.")
    places = [os.environ.get("PATH", os.defpath), "/usr/local/bin", str(home / "anaconda3/bin")]
    aws = shutil.which("aws", path=os.pathsep.join(places))
    if aws is None:
        print("There is no AWS CLI to stop it with. Stop it by hand, and tell your platform team.", file=sys.stderr)
        return 1
    command = [aws, "sagemaker", "stop-notebook-instance", "--notebook-instance-name", name, "--region", region]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        print(f"It could not be stopped, and is tried again in five minutes: {done.stderr.strip()}", file=sys.stderr)
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
