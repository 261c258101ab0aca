import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { ErrorLink } from '@apollo/client/link/error'
import { type Client, createClient } from '@provenanceone/data-api'
import type { Credential } from '../../../shared/credential'
import { makeCache } from './cache'
import { problemOf } from './problem'
import { endSession, token } from './session'

/** The clients of one person in one workspace: Apollo for what pages show, and the API's own to move files. */
export interface Clients {
  apollo: ApolloClient
  files: Client
}

const endpoint = `${location.origin}/graphql`

/** Makes the clients. Another workspace gets others: nothing that was cached in one is seen in another. */
export function makeClients(credential: Credential, workspaceId: string | undefined): Clients {
  const apollo = new ApolloClient({
    cache: makeCache(),
    link: ApolloLink.from([endsSession, authorized(credential, workspaceId), new HttpLink({ uri: endpoint, credentials: 'omit' })]),
    clientAwareness: { name: 'console' },
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' } },
  })

  const client = createClient({
    endpoint,
    credential: () => token(credential),
    ...(workspaceId !== undefined && { workspaceId }),
  })
  const files: Client = {
    ...client,
    request: (document, variables, options) =>
      client.request(document, variables, options).catch((error: unknown) => {
        if (problemOf(error).code === 'UNAUTHENTICATED') endSession()
        throw error
      }),
  }
  return { apollo, files }
}

/** Names who asks, and in which workspace. */
const authorized = (credential: Credential, workspaceId: string | undefined) =>
  new SetContextLink(async ({ headers }) => ({
    headers: {
      ...(headers as Record<string, string>),
      Authorization: `Bearer ${await token(credential)}`,
      ...(workspaceId !== undefined && { 'X-Workspace-Id': workspaceId }),
    },
  }))

/** Leads back to the sign-in once the server takes the credential no more. */
const endsSession = new ErrorLink(({ error }) => {
  if (problemOf(error).code === 'UNAUTHENTICATED') endSession()
})
