# Takes the label that previews hang on away from pull requests in which nothing has happened for too long.
work=${TMPDIR:-/tmp}
token=$(printf '%s' "$TOKEN")

fail() {
  echo "$1" >&2
  exit 1
}

# The token goes in by standard input: everybody on a node sees the arguments of its processes.
ask() {
  printf 'header = "Authorization: Bearer %s"\n' "$token" |
    curl --config - --silent --show-error --fail --location --globoff --max-time 60 \
      --header 'Accept: application/vnd.github+json' "$@"
}

# A text as a part of an address.
part() {
  jq --null-input --raw-output --arg text "$1" '$text | @uri'
}

gate=$(jq --null-input --raw-output 'env.LABELS | fromjson | first')
repository=$API/repos/$(part "$OWNER")/$(part "$REPO")

# All pages are read before anything is changed.
: >"$work/old"
page=1
open=0
count=100
while [ "$count" -eq 100 ]; do
  ask --output "$work/page" "$repository/pulls?state=open&per_page=100&page=$page" ||
    fail "the pull requests of $OWNER/$REPO were not listed"
  count=$(jq 'if type == "array" then length else error("no list of pull requests") end' "$work/page") ||
    fail "what came is no list of pull requests of $OWNER/$REPO"
  jq --raw-output '
    (env.LABELS | fromjson) as $labels
    | (now - (env.AFTER | tonumber)) as $limit
    | .[]
    | select(env.TARGET == null or .base.ref == env.TARGET)
    | select($labels - [.labels[].name] == [])
    | select((.updated_at | fromdateiso8601) < $limit)
    | "\(.number) \(.updated_at)"' "$work/page" >>"$work/old" ||
    fail "what came of $OWNER/$REPO could not be read"
  open=$((open + count))
  page=$((page + 1))
done

status=0
label=$(part "$gate")
while read -r number changed; do
  if ask --request DELETE --output /dev/null "$repository/issues/$number/labels/$label"; then
    echo "#$number: nothing happened since $changed, the label \"$gate\" is taken away"
  else
    echo "#$number: the label \"$gate\" could not be taken away" >&2
    status=1
  fi
done <"$work/old"
echo "$open open, $(wc -l <"$work/old" | tr -d ' ') too old"
exit "$status"
