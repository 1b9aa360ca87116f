"""What goes wrong around a job, outside its own program."""

from __future__ import annotations


class JobError(Exception):
    """The job cannot be prepared or its results cannot be taken over; the message is a sentence for the user."""
