import type { Group } from './example'

export const injection: Group = {
  title: 'Runs and injection',
  says: 'What a run of a workflow reads and writes, and the secrets it is handed, sealed for a runtime key under a lease.',
  examples: [
    {
      name: 'RunStorageStep',
      title: 'Run a storage step',
      says: 'What a workflow does to read or write a file: get, put, list or delete.',
      needs: 'a key with runs:execute',
      query: `mutation RunStorageStep($input: StorageStepInput!) {
  runStorageStep(input: $input) {
    version { version sizeBytes }
    content { text truncated }
    objects { nodes { key } }
  }
}`,
      variables: `{
  "input": {
    "run": { "runId": "run-1", "stepId": "step-1" },
    "action": "GET",
    "datastoreId": "DATASTORE_ID",
    "key": "2026/05/01.csv"
  }
}`,
    },
    {
      name: 'ListRuntimeKeys',
      title: 'List runtime keys',
      says: 'The public keys that values are sealed for.',
      needs: 'admin',
      query: `query ListRuntimeKeys($first: Int) {
  runtimeKeys(first: $first) {
    nodes { id name publicKey createdAt }
  }
}`,
      variables: `{
  "first": 20
}`,
    },
    {
      name: 'AddRuntimeKey',
      title: 'Add a runtime key',
      says: 'An X25519 public key. What is injected for it, only the holder of its private key reads.',
      needs: 'admin',
      query: `mutation AddRuntimeKey($input: AddRuntimeKeyInput!) {
  addRuntimeKey(input: $input) {
    runtimeKey { id name createdAt }
  }
}`,
      variables: `{
  "input": {
    "name": "runtime-1",
    "publicKey": "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo="
  }
}`,
    },
    {
      name: 'InjectSecrets',
      title: 'Inject secrets',
      says: 'Hands a run the values that its consumer references, sealed. The lease pins their versions.',
      needs: 'a key with secrets:inject',
      query: `mutation InjectSecrets($input: InjectSecretsInput!) {
  injectSecrets(input: $input) {
    leaseId
    expiresAt
    secrets { name version sealed }
  }
}`,
      variables: `{
  "input": {
    "run": { "runId": "run-1", "stepId": "step-2" },
    "consumer": { "kind": "AGENT", "externalId": "agent-7" },
    "secrets": [{ "secretId": "SECRET_ID" }],
    "runtimeKeyId": "RUNTIME_KEY_ID",
    "leaseFor": "PT15M"
  }
}`,
    },
    {
      name: 'RedactOutput',
      title: 'Redact an output',
      says: 'Takes the values of a lease out of what a run prints. The token of the lease comes sealed with it.',
      needs: 'a key with secrets:inject',
      query: `mutation RedactOutput($input: RedactOutputInput!) {
  redactOutput(input: $input) {
    output
    redactions { secretId count }
  }
}`,
      variables: `{
  "input": {
    "leaseId": "LEASE_ID",
    "token": "TOKEN_OF_THE_LEASE",
    "output": "cGFzc3dvcmQ="
  }
}`,
    },
    {
      name: 'EndLease',
      title: 'End a lease',
      says: 'The run is over: it gets nothing again.',
      needs: 'a key with secrets:inject',
      query: `mutation EndLease($input: EndLeaseInput!) {
  endLease(input: $input) {
    leaseId
  }
}`,
      variables: `{
  "input": {
    "leaseId": "LEASE_ID",
    "token": "TOKEN_OF_THE_LEASE"
  }
}`,
    },
    {
      name: 'RemoveRuntimeKey',
      title: 'Remove a runtime key',
      says: 'Nothing is sealed for it any more.',
      needs: 'admin',
      query: `mutation RemoveRuntimeKey($input: RemoveRuntimeKeyInput!) {
  removeRuntimeKey(input: $input) {
    runtimeKeyId
  }
}`,
      variables: `{
  "input": {
    "runtimeKeyId": "RUNTIME_KEY_ID"
  }
}`,
    },
  ],
}
