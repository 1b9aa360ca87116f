"""A server for model archives: SageMaker's container contract over HTTP, worker processes under a supervisor."""
