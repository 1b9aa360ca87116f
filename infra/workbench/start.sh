#!/bin/bash
# Runs as root at every start of a notebook instance, and must be done within five minutes: what takes longer is handed
# to systemd. A unit made so is gone at the next start, when this runs again.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/settings.sh"

mkdir -p "$WORK/.sageline"
chown "$NOTEBOOK_USER" "$WORK/.sageline"

# As the notebook's user: root runs nothing that a user could have changed.
systemd-run --quiet --unit=sageline-idle --on-active=5min --on-unit-active=5min \
  --uid="$NOTEBOOK_USER" --property=StandardOutput="append:$WORK/.sageline/idle.log" \
  /usr/bin/python3 "$here/idle.py" --minutes "$IDLE_MINUTES" --home "${WORK%/*}"

if [ "$PACKAGES" != none ]; then
  systemd-run --quiet --unit=sageline-setup /bin/bash "$here/setup.sh"
fi
