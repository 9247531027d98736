#!/usr/bin/env bash
# Draws highlighted.svg: sample.iflux as TextMate and as tree-sitter see it. Takes Neovim, a C compiler, and the packages of ../vscode.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
grammar=$here/../tree-sitter-iflux
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/parser"
cc -shared -fPIC -O1 -I"$grammar/src" "$grammar/src/parser.c" "$grammar/src/scanner.c" -o "$work/parser/iflux.so"
HOME=$work XDG_CONFIG_HOME=$work nvim --headless -u NONE -i NONE --cmd "set runtimepath^=$here/../neovim,$work" \
  --cmd 'filetype plugin on' "$here/sample.iflux" -c "luafile $here/captures.lua" >"$work/captures" 2>&1
cd "$here/../vscode"
npx esbuild "$here/draw.ts" --bundle --platform=node --target=node20 --external:vscode-oniguruma --external:vscode-textmate \
  --outfile=out/draw.js --log-level=warning
node out/draw.js "$here/sample.iflux" "$work/captures" "${1:-$here/highlighted.svg}"
