"""Drafts a problem file from a table: profiles it, infers what it can, and says what a person should look at."""

from cli.draft.drafting import Draft, draft
from cli.draft.errors import DraftError
from cli.draft.naming import problem_name

__all__ = ["Draft", "DraftError", "draft", "problem_name"]
