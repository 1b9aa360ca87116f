"""The command line: one file per command, on a person's machine."""
