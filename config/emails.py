"""E-mail addresses of people who are told something."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from config.fields import Texts, mistake

_EMAIL = r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"


def _check_emails(emails: tuple[str, ...]) -> tuple[str, ...]:
    for email in emails:
        if not re.fullmatch(_EMAIL, email):
            raise mistake(f"`{email[:60]}` is no e-mail address.", "Write one such as `team@example.com`.")
    if len({email.lower() for email in emails}) < len(emails):
        raise mistake("it lists an address twice.", "List each once.")
    return emails


Emails = Annotated[Texts, AfterValidator(_check_emails)]
