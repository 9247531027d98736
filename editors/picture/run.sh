#!/usr/bin/env bash
# Runs a program of this folder with the packages of ../vscode: its name without `.ts`, then what it takes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
name=$1
shift
cd "$here/../vscode"
npx esbuild "$here/$name.ts" --bundle --platform=node --target=node20 --external:vscode-oniguruma --external:vscode-textmate \
  --outfile="out/$name.js" --log-level=warning
node "out/$name.js" "$@"
