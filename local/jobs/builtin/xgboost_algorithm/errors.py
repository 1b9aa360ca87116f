"""The image's vocabulary of failures: who has to mend what is wrong."""

from __future__ import annotations


class UserError(Exception):
    """The request or the data must change; the message says what."""


class AlgorithmError(Exception):
    """XGBoost failed on input that looked right."""
