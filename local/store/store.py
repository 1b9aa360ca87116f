"""One handle on everything below a home folder."""

from __future__ import annotations

from local.store.asynchronous import AsynchronousInvocations
from local.store.cache import StepCache
from local.store.database import Database
from local.store.digests import Digests
from local.store.events import Events
from local.store.executions import Executions
from local.store.home import Home
from local.store.invocations import Invocations
from local.store.leases import Leases
from local.store.metrics import InvocationMetrics
from local.store.objects import ObjectStore
from local.store.queues import QueueMessages
from local.store.resources import Resources
from local.store.steps import Steps


class Store:
    """The tables and the objects of one home; cheap to open, safe to open in many processes at once."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.database = Database(home.database)
        self.resources = Resources(self.database)
        self.executions = Executions(self.database)
        self.steps = Steps(self.database)
        self.events = Events(self.database)
        self.cache = StepCache(self.database)
        self.leases = Leases(self.database)
        self.invocations = Invocations(self.database)
        self.metrics = InvocationMetrics(self.database)
        self.asynchronous = AsynchronousInvocations(self.database)
        self.messages = QueueMessages(self.database)
        self.objects = ObjectStore(home.objects, home.staging, Digests(self.database))
