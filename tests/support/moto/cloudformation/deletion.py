"""Deletes a stack: its resources from the last made to the first, but for those that are kept."""

from __future__ import annotations

from tests.support.moto.cloudformation.errors import TemplateError
from tests.support.moto.cloudformation.services import Services
from tests.support.moto.cloudformation.state import DELETED, Stack, Store
from tests.support.moto.cloudformation.work import Work


def delete(store: Store, stack: Stack, services: Services) -> None:
    """Delete a stack; where a resource cannot be, the stack stays with it and says so.

    Raises:
        TemplateError: where the stack is protected. Nothing is deleted then.
    """
    if stack.protected:
        raise TemplateError(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
    stack.become("DELETE_IN_PROGRESS", "User Initiated")
    for name in stack.exports:
        if importers := store.importers(name):
            stack.become("DELETE_FAILED", f"Cannot delete export {name} as it is in use by {', '.join(importers)}.")
            return
    work = Work(store, stack, services)
    failed = []
    for name in sorted(stack.resources, key=stack.order.index, reverse=True):
        standing = stack.resources[name]
        if work.leave(name, standing, retained=standing.retained):
            del stack.resources[name]
        else:
            failed.append(name)
    if failed:
        stack.become("DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}].")
    else:
        stack.become(DELETED)
