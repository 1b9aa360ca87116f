#!/bin/bash
# Runs as root in the background: brings the Python that the locked environment is for, and leaves the rest to the
# notebook's user. Amazon Linux keeps its packages, which are signed, in S3 buckets of the region.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/settings.sh"

if ! command -v "python$PYTHON_VERSION"; then
  # Where this fails, install.sh says what is missing.
  dnf --assumeyes --quiet install "python$PYTHON_VERSION" || true
fi
exec runuser --user "$NOTEBOOK_USER" -- /bin/bash "$here/install.sh"
