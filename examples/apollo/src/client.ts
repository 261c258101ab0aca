import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client'
import { type Client, createClient, credentialHeader } from '@provenanceone/data-api'
import { makeCache } from './cache'
import { errorLink, type Problem, problemOf, tell } from './errors'

/** Where the API is, and who asks. It stays in memory: nothing writes it anywhere, and a reload forgets it. */
export interface Session {
  api: string
  /** A JWT or an API key. */
  credential: string
}

/** The clients of one session: Apollo for what the page shows, and the API's own to move files. */
export interface Clients {
  apollo: ApolloClient
  files: Client
}

/** Makes the clients of one session. A new session gets new ones: nobody sees what was cached for somebody else. */
export function makeClients({ api, credential }: Session, onProblem: (problem: Problem) => void): Clients {
  const endpoint = `${api}/graphql`
  const http = new HttpLink({
    uri: endpoint,
    // A member of several workspaces names one of them here, too: `X-Workspace-Id`.
    headers: credentialHeader(credential),
    // The API uses no cookies.
    credentials: 'omit',
  })
  const apollo = new ApolloClient({
    cache: makeCache(),
    link: ApolloLink.from([errorLink(onProblem), http]),
    clientAwareness: { name: 'apollo-example' },
  })
  const client = createClient({ endpoint, credential })
  const files: Client = {
    ...client,
    request: (document, variables, options) =>
      client.request(document, variables, options).catch((error) => {
        tell(problemOf(error), onProblem)
        throw error
      }),
  }
  return { apollo, files }
}
