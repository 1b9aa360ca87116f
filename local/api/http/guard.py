"""Who may talk to the server: nobody is asked for a password, so strangers must not get here at all.

The server listens on this machine's own addresses. What is left are pages in a browser on this machine: a name that an
attacker points at 127.0.0.1 is refused by its Host header, a request that another site's page makes by its Origin.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from local.api.errors import ServiceError

LOOPBACK = "127.0.0.1"
_OWN_SITE = ("same-origin", "none")


@dataclass(frozen=True)
class Guard:
    """What a request's headers must say. `open_to_network`: any address and this machine's names are fine too."""

    open_to_network: bool = False

    def check(self, headers: Mapping[str, str]) -> None:
        """Raise AccessDenied for a request that a web page may have made."""
        host = headers.get("host", "")
        name = host_name(host)
        if not (is_own(name) or (self.open_to_network and (_is_reachable(name)))):
            raise _denied(f"The Host header says {host[:100]!r}, and this server is 127.0.0.1 and localhost.")
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] != host:
            raise _denied("A page of another site may not make requests to this server.")
        if headers.get("sec-fetch-site", "none") not in _OWN_SITE:
            raise _denied("A page of another site may not make requests to this server.")


def host_name(host: str) -> str:
    """Return the name or address in a Host header, in lower case, without its port and brackets."""
    text = host.strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0]


def is_own(name: str) -> bool:
    """Say whether a name or address can only mean this machine."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _is_reachable(name: str) -> bool:
    """Say whether others may call this machine so: by its name, or by an address, which needs no name server."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == socket.gethostname().lower()
    return True


def _denied(message: str) -> ServiceError:
    return ServiceError("AccessDeniedException", message, status=403)
