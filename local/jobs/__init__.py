"""Runs jobs as the service's containers would: folders, variables, configuration files, logs, outputs, metrics."""
