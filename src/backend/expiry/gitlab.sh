# Takes the label that previews hang on away from merge requests in which nothing has happened for too long.
work=${TMPDIR:-/tmp}
token=$(printf '%s' "$TOKEN")

fail() {
  echo "$1" >&2
  exit 1
}

# The token goes in by standard input: everybody on a node sees the arguments of its processes.
ask() {
  printf 'header = "PRIVATE-TOKEN: %s"\n' "$token" |
    curl --config - --silent --show-error --fail --location --globoff --max-time 60 "$@"
}

# A text as a part of an address.
part() {
  jq --null-input --raw-output --arg text "$1" '$text | @uri'
}

gate=$(jq --null-input --raw-output 'env.LABELS | fromjson | first')
requests=$API/projects/$(part "$PROJECT")/merge_requests
query=$(jq --null-input --raw-output '
  "state=opened&per_page=100&labels=\(env.LABELS | fromjson | join(",") | @uri)"
  + "&updated_before=\(now - (env.AFTER | tonumber) | floor | todate | @uri)"
  + if env.TARGET == null then "" else "&target_branch=\(env.TARGET | @uri)" end')

# All pages are read before anything is changed: a label less is a merge request less in the list.
: >"$work/old"
page=1
count=100
while [ "$count" -eq 100 ]; do
  ask --output "$work/page" "$requests?$query&page=$page" ||
    fail "the merge requests of $PROJECT were not listed"
  count=$(jq 'if type == "array" then length else error("no list of merge requests") end' "$work/page") ||
    fail "what came is no list of merge requests of $PROJECT"
  jq --raw-output '.[] | "\(.iid) \(.updated_at)"' "$work/page" >>"$work/old" ||
    fail "what came of $PROJECT could not be read"
  page=$((page + 1))
done

status=0
label=$(part "$gate")
while read -r number changed; do
  if ask --request PUT --output /dev/null "$requests/$number?remove_labels=$label"; then
    echo "!$number: nothing happened since $changed, the label \"$gate\" is taken away"
  else
    echo "!$number: the label \"$gate\" could not be taken away" >&2
    status=1
  fi
done <"$work/old"
echo "$(wc -l <"$work/old" | tr -d ' ') too old"
exit "$status"
