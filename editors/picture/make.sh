#!/usr/bin/env bash
# Draws highlighted.svg: sample.iflux as TextMate and as tree-sitter see it. Takes Neovim, a C compiler, and the packages of ../vscode.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
captures=$(mktemp)
trap 'rm -f "$captures"' EXIT
"$here/captures.sh" "$here/sample.iflux" >"$captures"
"$here/run.sh" draw "$here/sample.iflux" "$captures" "${1:-$here/highlighted.svg}"
