import { ApolloClient, ApolloLink, HttpLink } from '@apollo/client'
import { makeCache } from './cache'
import { errorLink, type Problem } from './errors'
import { credentialHeader, type Session } from './session'

/** Makes the client of one session. A new session gets a new one: nobody sees what was cached for somebody else. */
export function makeClient(session: Session, onProblem: (problem: Problem) => void): ApolloClient {
  const http = new HttpLink({
    uri: `${session.api}/graphql`,
    // A member of several workspaces names one of them here, too: `X-Workspace-Id`.
    headers: credentialHeader(session.credential),
    // The API uses no cookies.
    credentials: 'omit',
  })
  return new ApolloClient({
    cache: makeCache(),
    link: ApolloLink.from([errorLink(onProblem), http]),
    clientAwareness: { name: 'apollo-example' },
  })
}
