"""The one error that reading a table raises."""


class TableError(Exception):
    """A table cannot be read; the text is one sentence for the person who brought the data."""
