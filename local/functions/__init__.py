"""Lambda functions on the laptop: a manifest of them, a runner, and what starts them.

**The manifest** is the resources of kind `Function` in the home's database, one for each function. A body holds what
`manifest.Function` has: the file and the handler in it, environment, timeout in seconds, the EventBridge patterns that
the function is a target of (`rules`), and the queue that feeds it (`queue`). `manifest.register` writes it; the command
line does so when it publishes a pipeline, and the `lambda` service's CreateFunction for anybody else.

**A function is a process of its own**, started by `process.FunctionProcess` with `bootstrap.py` and never imported. It
is promised what Lambda promises: boto3, the standard library, the event, a context, and the variables that Lambda sets.
AWS_ENDPOINT_URL points its boto3 at the local API.

**What happens by itself** (an event that a rule matches, a message in a queue that feeds a function, an invocation that
nobody waits for) is done by `dispatcher`, a process of its own that any other starts through `wake` and that ends when
nothing is left to do. It holds a lease, so there is one for each home, and keeps its place in the database, so that a
kill delays a delivery and loses none: each is made at least once.
"""
