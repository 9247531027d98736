#!/usr/bin/env bash
# Holds the two grammars to one another on every example and on the library: a word, a type or a number of one is that of the other.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
captures=$(mktemp)
trap 'rm -f "$captures"' EXIT
git -C "$root" ls-files -z 'examples/*.iflux' 'stdlib/*.iflux' | (cd "$root" && xargs -0 realpath -z) |
  xargs -0 -n 1000 "$here/captures.sh" >"$captures"
"$here/run.sh" agree "$captures"
