"""CloudWatch Logs over the log files of the engine's steps."""
