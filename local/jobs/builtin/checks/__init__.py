"""What AWS's monitoring and Clarify images compute, emulated on CSV with numpy."""

# The log of the job, for the models that a check hosts.
LOG_VARIABLE = "SAGELINE_LOG"
