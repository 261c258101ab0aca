# Where the API is, who you are, two helpers (call the API, read a field of its answer), and a folder for files.
eval "$(@DATA_API@ dev env@STATE_DIR@)"
TOKEN=$(@DATA_API@ dev token --role admin@STATE_DIR@)
gql() { curl -sS "$DATA_API_URL/graphql" -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d "$1"; echo; }
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | sed 's/\\u0026/\&/g'; }
WORK=$(mktemp -d)
gql '{"query":"{ viewer { actor { label } role workspace { name region } } }"}'

# A datastore, and a file in it: the bytes go straight to storage, through a signed URL.
DATASTORE=$(gql '{"query":"mutation { createDatastore(input: {name: \"reports '"${WORK##*.}"'\"}) { datastore { id } } }"}' | field id)
for i in $(seq 1000); do echo "$i,row $i"; done > "$WORK/report.csv"
URL=$(gql '{"query":"mutation { createUploadURL(input: {datastoreId: \"'"$DATASTORE"'\", key: \"reports/2026-05-01.csv\", contentType: \"text/csv\", maxBytes: \"1048576\"}) { url } }"}' | field url)
curl -sS -f -X PUT "$URL" -H 'Content-Type: text/csv' -H 'x-goog-content-length-range: 0,1048576' -H 'x-goog-if-generation-match: 0' --data-binary "@$WORK/report.csv" && echo uploaded
gql '{"query":"{ datastore(id: \"'"$DATASTORE"'\") { objects { nodes { key current { sizeBytes contentType crc32c } } } } }"}'
GET=$(gql '{"query":"mutation { createDownloadURL(input: {datastoreId: \"'"$DATASTORE"'\", key: \"reports/2026-05-01.csv\"}) { url } }"}' | field url)
curl -sS -f "$GET" | cmp - "$WORK/report.csv" && echo 'the same bytes came back'

# A secret: create it, rotate it, reveal it. Every reveal is on record before the value is read.
SECRET=$(gql '{"query":"mutation($v: SecretString!) { createSecret(input: {name: \"stripe/api-key-'"${WORK##*.}"'\", value: {text: $v}}) { secret { id } } }","variables":{"v":"sk_test_1"}}' | field id)
gql '{"query":"mutation($v: SecretString!) { rotateSecret(input: {secretId: \"'"$SECRET"'\", value: {text: $v}, ifVersion: 1}) { secret { name currentVersion } } }","variables":{"v":"sk_test_2"}}'
gql '{"query":"mutation { revealSecret(input: {secretId: \"'"$SECRET"'\", reason: \"trying it out\"}) { version value auditEventId } }"}'
gql '{"query":"{ auditEvents(first: 5) { nodes { at action risk outcome ip reason actor { label } } } }"}'
