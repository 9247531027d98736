#!/usr/bin/env bash
# Tries every editor that can be had here: the extension's units, grammars and package, what Neovim and Emacs make of an example, and the
# picture in README.md. All of them run, whatever fails. The grammar for tree-sitter, and the queries that Helix and Zed take from it,
# are tried by `cargo test --test all editors`.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

lacking=()
for program in node npm nvim emacs cc; do
  command -v "$program" >/dev/null || lacking+=("$program")
done
if [ ${#lacking[@]} != 0 ]; then
  echo "editors/test.sh needs ${lacking[*]}: Debian's packages are nodejs npm neovim emacs-nox gcc libc6-dev" >&2
  exit 1
fi

failed=()
try() {
  local name=$1
  shift
  echo "-- $name"
  "$@" || failed+=("$name")
}

picture_is_current() (
  work=$(mktemp -d) || exit 1
  trap 'rm -rf "$work"' EXIT
  picture/make.sh "$work/highlighted.svg" && diff "$work/highlighted.svg" picture/highlighted.svg && exit
  echo 'picture/highlighted.svg is not what the engines see now: run picture/make.sh' >&2
  exit 1
)

try "packages of the extension" npm ci --prefix vscode --no-audit --no-fund --ignore-scripts --silent
try "VS Code" npm test --prefix vscode --silent
try "VS Code's package" npm run package --prefix vscode --silent
try "Neovim" neovim/test/run.sh
try "Emacs" emacs -Q --batch -l emacs/test.el
try "the picture" picture_is_current
try "TextMate and tree-sitter, of one mind" picture/agree.sh

for name in ${failed[@]+"${failed[@]}"}; do
  echo "failed: $name"
done
[ ${#failed[@]} = 0 ]
