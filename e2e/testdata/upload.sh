# 1. Get a pre-signed upload URL
curl -X POST https://api.provenanceone.ai/datastores/{id}/upload-url \
  -H "x-api-key: YOUR_KEY" \
  -d '{"key": "reports/2026-05-01.csv", "contentType": "text/csv"}'

# 2. PUT the file to the returned URL (no auth header — pre-signed URL handles auth)
curl -X PUT "PRESIGNED_URL" \
  -H "Content-Type: text/csv" \
  --data-binary @report.csv
