"""All benchmarks, one after another."""

from __future__ import annotations

from benchmarks import compiled, definition, engine, prepare, run, serving, synth, tuning

print(definition.main())
print()
print(run.main())
print()
print(tuning.main())
print()
print(engine.main())
print()
print(serving.main())
print()
print(prepare.main())
print()
print(synth.main())
print()
print(compiled.main())
