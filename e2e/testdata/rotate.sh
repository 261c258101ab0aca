curl -X POST https://api.provenanceone.ai/secrets/{id}/rotate \
  -H "Authorization: Bearer YOUR_JWT" \
  -d '{"value": "new-credential-value"}'
