"""The parts of the Prepare step: the target, the split, the columns, the profile, the files written."""
