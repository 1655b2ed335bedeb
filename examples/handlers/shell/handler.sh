#!/bin/sh
# A handler of Holdfast in shell. Usage: handler.sh NAME PROCESS   (HOLDFAST_URL and HOLDFAST_TOKEN say where)
url=${HOLDFAST_URL:-http://127.0.0.1:8580}
event_name="$2;handler=$1"

# The token goes in by a file descriptor, so that no list of processes shows it.
send() {
    printf 'header = "Authorization: Bearer %s"\n' "$HOLDFAST_TOKEN" | curl -sS -N -K - "$@"
}

while :; do
    send -X POST "$url/v1/subscribe" --data-urlencode "eventNames=$event_name" | while IFS= read -r event; do
        # Each event is one line that begins with id, name and, if it wants a reply, replyTo.
        id=$(printf '%s' "$event" | sed -n 's/^{"id":"\([^"]*\)","name":"[^"]*","replyTo":.*/\1/p')
        reply_to=$(printf '%s' "$event" | sed -n 's/^{"id":"[^"]*","name":"[^"]*","replyTo":"\([^"]*\)".*/\1/p')
        [ -n "$id" ] || continue
        echo "hello $id"
        printf '{"name": "%s", "previousIds": ["%s"], "data": {"description": "greeted by shell"}}' "$reply_to" "$id" |
            send -X POST "$url/v1/publish" -H 'Content-Type: application/json' --data-binary @/dev/fd/3 3<&0
    done
    sleep 1
done
