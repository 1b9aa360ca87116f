from __future__ import annotations

import subprocess
import sys


def test_naming_the_package_loads_neither_pydantic_nor_yaml() -> None:
    code = "import config, sys; print(sorted({'pydantic', 'yaml', 'botocore', 'numpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
