#!/usr/bin/env bash
# Opens an example in Neovim without a screen: with the parser compiled from what is committed, and the plugin as it stands.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
grammar=$here/../tree-sitter-iflux
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/parser"
cc -shared -fPIC -O1 -I"$grammar/src" "$grammar/src/parser.c" "$grammar/src/scanner.c" -o "$work/parser/iflux.so"
HOME=$work XDG_CONFIG_HOME=$work nvim --headless -u NONE -i NONE \
  --cmd "set runtimepath^=$here,$work" --cmd 'filetype plugin on' \
  "$here/../../examples/infraflux/alerts.iflux" -c "luafile $here/test/opens.lua" 2>&1 | tee "$work/said"
grep -q 'neovim: fine' "$work/said"
