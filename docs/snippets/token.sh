#!/usr/bin/env bash
# Prints a token for the service account in credentials.json.
set -euo pipefail
file=$1

member() { # The value of a member of a flat JSON object, a text or a number.
    tr -d '\n' <"$file" | sed -E "s/.*\"$1\" *: *(\"([^\"]*)\"|([0-9]+)).*/\2\3/"
}
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

now=$(date +%s)
header=$(printf '{"alg":"RS256","typ":"JWT","kid":"%s"}' "$(member key_id)" | base64url)
claims=$(printf '{"iss":%s,"iat":%s,"exp":%s}' "$(member account_id)" "$now" "$((now + 3600))" | base64url)
# printf %b turns the \n of the JSON text into lines.
signature=$(printf '%s.%s' "$header" "$claims" | openssl dgst -sha256 -sign <(printf '%b' "$(member private_key)") | base64url)
echo "$header.$claims.$signature"
