import type { Group } from './example'

export const references: Group = {
  title: 'References',
  says: 'Who uses which secret.',
  examples: [
    {
      name: 'SetSecretReferences',
      title: 'Say who uses a secret',
      says: 'All that one consumer uses. Only what is declared here is injected into it.',
      needs: 'editor, or secrets:write',
      query: `mutation SetSecretReferences($input: SetSecretReferencesInput!) {
  setSecretReferences(input: $input) {
    references { secret { id name } consumer { kind externalId name } }
  }
}`,
      variables: `{
  "input": {
    "consumer": { "kind": "AGENT", "externalId": "agent-7", "name": "Invoices" },
    "secretIds": ["SECRET_ID"]
  }
}`,
    },
  ],
}
