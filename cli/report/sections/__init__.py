"""The parts of a report, one a file; each returns markup, or nothing when there is nothing to show."""
