"""What runs inside a worker process: it unpacks a model, loads it as its image would, and answers over HTTP."""
