import type { Group } from './example'

export const trusted: Group = {
  title: 'Trusted documents',
  says: 'What API keys may send, where only listed documents are let in.',
  examples: [
    {
      name: 'TrustedDocuments',
      title: 'Read the trusted documents',
      says: 'The documents that programs may name by their ids.',
      needs: 'admin',
      query: `query TrustedDocuments {
  trustedDocuments { documentCount revision setAt documents }
}`,
    },
    {
      name: 'SetTrustedDocuments',
      title: 'Trust documents',
      says: "Replaces the list by a manifest: texts by id, or what Apollo's tool writes.",
      needs: 'admin',
      query: `mutation SetTrustedDocuments($input: SetTrustedDocumentsInput!) {
  setTrustedDocuments(input: $input) {
    trustedDocuments { documentCount revision }
  }
}`,
      variables: `{
  "input": {
    "manifest": { "who-am-i": "query WhoAmI { viewer { role } }" }
  }
}`,
    },
  ],
}
