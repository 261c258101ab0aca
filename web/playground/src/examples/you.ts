import type { Group } from './example'

export const you: Group = {
  title: 'You',
  says: 'Who the credential stands for, and where it may go.',
  examples: [
    {
      name: 'WhoAmI',
      title: 'Who am I?',
      says: 'Whose credential this is, in which workspace, and what it may do.',
      needs: 'any credential',
      query: `query WhoAmI {
  viewer {
    actor { kind label }
    role
    scopes
    workspace {
      id
      name
      region
      usage {
        objectCount
        usedBytes
        limitBytes
        secretCount
      }
    }
  }
  workspaces { id name }
}`,
    },
  ],
}
