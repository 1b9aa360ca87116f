#!/bin/bash
# Runs as the notebook's user in the background: installs the locked environment, and makes it a kernel of Jupyter.
# It stays on the instance's disk from one start to the next. By hand: bash /opt/sageline/install.sh
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=/dev/null
. "$here/settings.sh"

state="$WORK/.sageline"
notice="$WORK/SAGELINE-SETUP-FAILED.txt"
fetched="$state/fetched"
mkdir -p "$state"
exec >> "$state/setup.log" 2>&1
export HOME="${WORK%/*}"
export PATH="$PATH:/usr/local/bin:$HOME/anaconda3/bin"
export AWS_DEFAULT_REGION="$REGION"

give_up() {
  printf '%s\n' "$1" "The log is $state/setup.log. Then restart the notebook, or run: bash $here/install.sh" | tee "$notice"
  exit 1
}

find_python() {
  local candidate
  for candidate in "python$PYTHON_VERSION" "$HOME"/anaconda3/bin/python "$HOME"/anaconda3/envs/*/bin/python; do
    if [ "$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2> /dev/null)" = "$PYTHON_VERSION" ]; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

# SageMaker clones the repository, perhaps after this has started.
find_clone() {
  local git_folder
  for _ in $(seq "$CLONE_TRIES"); do
    for git_folder in "$WORK"/*/.git; do
      if [ "$(git --git-dir="$git_folder" config --get remote.origin.url)" = "$REPOSITORY_URL" ]; then
        dirname "$git_folder"
        return
      fi
    done
    sleep 5
  done
  return 1
}

install() {
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}

install_wheels() {
  rm -rf "$fetched"
  aws s3 cp --quiet --recursive "$WHEELS_URI" "$fetched" \
    || give_up "The wheels at $WHEELS_URI cannot be read. Your platform team puts them there with: make wheels"
  echo "$LOCK_SHA256  $fetched/requirements.txt" | sha256sum --check --quiet \
    || give_up "The list of packages at $WHEELS_URI is not the one that was deployed. Mend it with: make wheels"
  install --no-index --find-links "$fetched" --only-binary :all: --require-hashes -r "$fetched/requirements.txt" \
    || give_up "The wheels at $WHEELS_URI are not those of the list. Mend them with: make wheels"
  rm -rf "$fetched"
}

echo "$(date '+%F %T') Setting up"
clone=""
if [ -n "$REPOSITORY_URL" ]; then
  clone=$(find_clone) || echo "There is no clone of $REPOSITORY_URL in $WORK."
fi
if [ "$PACKAGES" = index ]; then
  lock="$clone/requirements/notebook.txt"
  [ -e "$lock" ] || give_up "A clone of $REPOSITORY_URL with requirements/notebook.txt, the list of packages, is missing."
  LOCK_SHA256=$(sha256sum "$lock" | cut -c -64)
fi
environment="$state/environments/$PYTHON_VERSION-$LOCK_SHA256"

# The interpreter is not on the disk that stays: an environment without it is made anew.
if ! { [ -e "$environment/.complete" ] && "$environment/bin/python" -c ''; }; then
  python=$(find_python) || give_up "There is no Python $PYTHON_VERSION. dnf brings it from Amazon Linux's bucket \
al2023-repos-$REGION-de612dc2, which the network's endpoint for S3 must let through."
  rm -rf "$state/environments"
  "$python" -m venv "$environment"
  if [ "$PACKAGES" = wheels ]; then
    install_wheels
  else
    install --only-binary :all: --require-hashes -r "$lock" || give_up "The packages of $lock could not be installed."
  fi
  touch "$environment/.complete"
fi

if [ -e "$clone/pyproject.toml" ]; then
  install --no-index --no-deps --no-build-isolation --config-settings editable_mode=compat --editable "$clone" \
    || give_up "The repository in $clone could not be installed."
fi

kernel="$HOME/.local/share/jupyter/kernels/sageline"
mkdir -p "$kernel"
cat > "$kernel/kernel.json" << EOF
{
  "argv": ["$environment/bin/python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
  "display_name": "Sageline (Python $PYTHON_VERSION)",
  "language": "python"
}
EOF
rm -f "$notice"
echo "$(date '+%F %T') Done: the kernel is called Sageline"
