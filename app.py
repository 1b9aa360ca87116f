"""The CDK application: `cdk synth`, `cdk diff` and `cdk deploy` run it for the environments in config/environments.

`cdk deploy "dev/*"` deploys one environment; `-c environment=dev` leaves the others unbuilt, `-c environment=FILE`
takes an environment from a file. `-c checks=off` leaves the compliance packs out, for a quick look at a template.
"""

from __future__ import annotations

import sys

from config import ConfigurationError
from infra.application import main

if __name__ == "__main__":
    try:
        main()
    except ConfigurationError as error:
        sys.exit(str(error))
