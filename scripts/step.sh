#!/bin/sh
# Runs one step of the Makefile under a heading and says how long it took:
#   scripts/step.sh "Python tests" .venv/bin/python -m pytest ...
# Where steps run together (TOGETHER=1), each is shown in one piece when it is over.
if [ -n "$TOGETHER" ]; then
  shown=$(mktemp) || exit 1
  trap 'rm -f "$shown"' EXIT
  TOGETHER='' "$0" "$@" >"$shown" 2>&1
  status=$?
  cat "$shown"
  exit "$status"
fi
name=$1
shift
printf '\n==> %s\n' "$name"
start=$(date +%s)
"$@"
status=$?
took=$(($(date +%s) - start))
if [ "$status" -eq 0 ]; then
  printf '<== %s: %s s\n' "$name" "$took"
else
  printf '<== %s FAILED after %s s\n' "$name" "$took" >&2
fi
exit "$status"
