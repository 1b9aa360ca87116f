"""Asynchronous requests to endpoints: taken in at once, answered by a process of their own, results on S3."""
