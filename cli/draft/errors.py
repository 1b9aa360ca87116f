"""The one error of drafting."""


class DraftError(Exception):
    """No problem can be drafted; the text says why and what to do."""
