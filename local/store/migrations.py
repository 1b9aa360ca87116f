"""The database's schema, as the list of steps that lead to it. A released step is never edited: append a new one."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE resource (
        kind TEXT NOT NULL,              -- the service's noun: Pipeline, TrainingJob, ModelPackage …
        name TEXT NOT NULL,
        arn TEXT NOT NULL UNIQUE,
        status TEXT NOT NULL DEFAULT '',
        created REAL NOT NULL,           -- seconds since 1970, as everywhere below
        modified REAL NOT NULL,
        body TEXT NOT NULL,              -- the Describe response as JSON
        PRIMARY KEY (kind, name)
    ) STRICT;
    CREATE TABLE tag (arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)) STRICT;
    CREATE TABLE execution (
        arn TEXT PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        pipeline TEXT NOT NULL,
        token TEXT NOT NULL,             -- ClientRequestToken: the same token is the same execution
        definition TEXT NOT NULL,        -- as it was when the execution started
        parameters TEXT NOT NULL,        -- as given, JSON object
        body TEXT NOT NULL,              -- further members of the Describe response, JSON object
        status TEXT NOT NULL,
        failure_reason TEXT,
        created REAL NOT NULL,
        modified REAL NOT NULL,
        stop_requested INTEGER NOT NULL DEFAULT 0,
        owner TEXT,                      -- the engine process that holds the lease, as PID:START
        lease_expires REAL,
        UNIQUE (pipeline, token)
    ) STRICT;
    CREATE TABLE step (
        execution TEXT NOT NULL REFERENCES execution (arn) ON DELETE CASCADE,
        name TEXT NOT NULL,
        position INTEGER NOT NULL,       -- document order
        type TEXT NOT NULL,
        status TEXT NOT NULL,
        reason TEXT,
        how TEXT,                        -- ran, emulated, no effect
        attempt INTEGER NOT NULL DEFAULT 0,
        started REAL,
        ended REAL,
        cache TEXT,                      -- {"result", "source", "reason"}
        outcome INTEGER,                 -- a condition's truth
        job TEXT,                        -- {"kind", "name", "arn"}
        handle TEXT,                     -- the runner's handle of the running job
        outputs TEXT NOT NULL DEFAULT '{}',
        properties TEXT NOT NULL DEFAULT '{}',   -- what references to this step read
        metrics TEXT NOT NULL DEFAULT '{}',
        PRIMARY KEY (execution, name)
    ) STRICT;
    CREATE TABLE cached_step (
        key TEXT PRIMARY KEY,
        execution TEXT NOT NULL,
        pipeline TEXT NOT NULL,
        step TEXT NOT NULL,
        created REAL NOT NULL,
        inputs TEXT NOT NULL,            -- what went into the key, to explain a miss
        outputs TEXT NOT NULL,           -- URI by output name, with the digests that prove it unchanged
        properties TEXT NOT NULL,
        metrics TEXT NOT NULL,
        job TEXT
    ) STRICT;
    CREATE INDEX cached_step_by_step ON cached_step (pipeline, step, created);
    CREATE TABLE event (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time REAL NOT NULL,
        source TEXT NOT NULL,
        detail_type TEXT NOT NULL,
        resources TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT;
    CREATE TABLE digest (
        path TEXT PRIMARY KEY,
        size INTEGER NOT NULL,
        modified_ns INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        md5 TEXT NOT NULL
    ) STRICT;
    """,
    """
    CREATE TABLE queue_message (
        id TEXT PRIMARY KEY,
        queue TEXT NOT NULL,             -- the queue's ARN
        body TEXT NOT NULL,
        attributes TEXT NOT NULL,        -- MessageAttributes, JSON object
        sent REAL NOT NULL,
        visible REAL NOT NULL,           -- nobody receives it before this
        received INTEGER NOT NULL DEFAULT 0,
        first_received REAL,
        receipt TEXT                     -- the handle of the last receipt
    ) STRICT;
    CREATE INDEX queue_message_by_queue ON queue_message (queue, visible);
    CREATE TABLE invocation (            -- of functions that nobody waits for
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        function TEXT NOT NULL,
        origin TEXT NOT NULL,            -- what it is for, such as event/12: the same is never there twice
        event TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due REAL,                        -- NULL once it was given up
        error TEXT,
        UNIQUE (function, origin)
    ) STRICT;
    CREATE TABLE lease (name TEXT PRIMARY KEY, owner TEXT NOT NULL, expires REAL NOT NULL) STRICT;
    CREATE TABLE position (reader TEXT PRIMARY KEY, event INTEGER NOT NULL) STRICT;  -- how far it has read the events
    """,
    """
    -- Lists of executions are made from this alone: a row holds a definition, and what follows it is slow to reach.
    CREATE INDEX execution_by_pipeline ON execution (pipeline, created, arn);
    """,
    """
    CREATE TABLE invocation_metric (     -- sums over an endpoint's requests, which all processes add to
        endpoint TEXT NOT NULL,
        variant TEXT NOT NULL,
        config TEXT NOT NULL,            -- the endpoint configuration that served
        metric TEXT NOT NULL,            -- CloudWatch's name; a latency's buckets are ModelLatency<1000 (microseconds)
        value REAL NOT NULL,
        PRIMARY KEY (endpoint, variant, config, metric)
    ) STRICT;
    CREATE TABLE asynchronous_invocation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        endpoint TEXT NOT NULL,
        request TEXT NOT NULL,           -- InvokeEndpointAsync's members and the addresses of the results, JSON object
        created REAL NOT NULL
    ) STRICT;
    """,
)
