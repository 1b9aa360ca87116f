"""Units that stacks are put together from, one a module. Grants between them are wired in the stacks."""
