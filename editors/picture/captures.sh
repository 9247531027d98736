#!/usr/bin/env bash
# Prints what tree-sitter captures in programs, in Neovim, with the parser compiled from what is committed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
grammar=$here/../tree-sitter-iflux
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/parser"
cc -shared -fPIC -O1 -I"$grammar/src" "$grammar/src/parser.c" "$grammar/src/scanner.c" -o "$work/parser/iflux.so"
HOME=$work XDG_CONFIG_HOME=$work nvim --headless -u NONE -i NONE --cmd "set runtimepath^=$here/../neovim,$work" \
  --cmd 'filetype plugin on' "$@" -c "luafile $here/captures.lua" 2>&1
