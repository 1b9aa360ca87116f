"""Lambda functions: one module each, with a `handler`; deployed to AWS and run unchanged on the laptop."""
