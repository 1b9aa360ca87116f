"""All benchmarks, one after another."""

from __future__ import annotations

from benchmarks import definition, engine, run, tuning

print(definition.main())
print()
print(run.main())
print()
print(tuning.main())
print()
print(engine.main())
