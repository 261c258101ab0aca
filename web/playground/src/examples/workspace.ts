import type { Group } from './example'

export const workspace: Group = {
  title: 'Members and workspace',
  says: 'Who may come in, and what the workspace is called.',
  examples: [
    {
      name: 'ListMembers',
      title: 'List members',
      says: 'Who is in the workspace, and who is invited and has not signed in yet.',
      needs: 'admin',
      query: `query ListMembers($first: Int) {
  members(first: $first) {
    totalCount
    nodes { id email role joinedAt }
  }
}`,
      variables: `{
  "first": 20
}`,
    },
    {
      name: 'InviteMember',
      title: 'Invite a member',
      says: 'Whoever first signs in with that verified address joins. For a member, it changes the role.',
      needs: 'admin',
      query: `mutation InviteMember($input: SetMemberRoleInput!) {
  setMemberRole(input: $input) {
    member { id email role joinedAt }
  }
}`,
      variables: `{
  "input": {
    "email": "ann@example.com",
    "role": "VIEWER"
  }
}`,
    },
    {
      name: 'RemoveMember',
      title: 'Remove a member',
      says: 'With the keys that they made, unless keepKeys is true. The answer lists them.',
      needs: 'admin',
      query: `mutation RemoveMember($input: RemoveMemberInput!) {
  removeMember(input: $input) {
    memberId
    revokedAPIKeys { name prefix }
    removedRuntimeKeys { name }
  }
}`,
      variables: `{
  "input": {
    "memberId": "MEMBER_ID"
  }
}`,
    },
    {
      name: 'ReadWorkspace',
      title: 'Where am I?',
      says: 'The workspace that the credential, or the header X-Workspace-Id, selects.',
      needs: 'any credential',
      query: `query ReadWorkspace {
  workspace { id name region requireRevealReason createdAt }
}`,
    },
    {
      name: 'UpdateWorkspace',
      title: 'Change the workspace',
      says: 'Its name, and whether a reveal must give a reason.',
      needs: 'admin',
      query: `mutation UpdateWorkspace($input: UpdateWorkspaceInput!) {
  updateWorkspace(input: $input) {
    workspace { name requireRevealReason }
  }
}`,
      variables: `{
  "input": {
    "requireRevealReason": true
  }
}`,
    },
    {
      name: 'ListRegions',
      title: 'List regions',
      says: 'Where a workspace can keep its data.',
      needs: 'any credential',
      query: `query ListRegions {
  regions
}`,
    },
    {
      name: 'CreateWorkspace',
      title: 'Create a workspace',
      says: 'You are its first admin. Its region never changes.',
      needs: 'a signed-in person, where the deployment allows it',
      query: `mutation CreateWorkspace($input: CreateWorkspaceInput!) {
  createWorkspace(input: $input) {
    workspace { id name region }
  }
}`,
      variables: `{
  "input": {
    "name": "Experiments",
    "region": "europe-west1"
  }
}`,
    },
  ],
}
