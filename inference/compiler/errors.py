"""What goes wrong when a model is compiled."""


class CompileError(Exception):
    """A model cannot be compiled; the text is a whole sentence for the person who asked."""
