"""The laptop's AWS behind a port, for clients that are not this process: the AWS CLI, functions and jobs."""

from local.api.http.child import ServerError, ensure

__all__ = ["ServerError", "ensure"]
