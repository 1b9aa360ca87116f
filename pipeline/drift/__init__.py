"""The drift check: a pipeline of its own beside each problem's, over what the problem's endpoints captured."""
