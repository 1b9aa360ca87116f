"""SQS: standard queues whose messages lie in the home's database."""
