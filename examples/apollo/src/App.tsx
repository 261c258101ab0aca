import type { ApolloClient } from '@apollo/client'
import { ApolloProvider } from '@apollo/client/react'
import { useState } from 'react'
import { makeClient } from './client'
import { Datastores } from './Datastores'
import type { Problem } from './errors'
import { ProblemNote } from './ProblemNote'
import { Reveal } from './Reveal'
import type { Session } from './session'
import { SignIn } from './SignIn'
import { Viewer } from './Viewer'

/** The page. It asks for a credential until there is one that the API takes, and again when it no longer does. */
export function App() {
  const [api, setAPI] = useState<string>(import.meta.env.VITE_DATA_API_URL ?? 'http://127.0.0.1:8080')
  const [client, setClient] = useState<ApolloClient>()
  const [problem, setProblem] = useState<Problem>()

  function signIn(session: Session) {
    setAPI(session.api)
    setProblem(undefined)
    const mine = makeClient(session, (problem) => {
      setProblem(problem)
      // A late answer to a client that is gone must not end the session after it.
      if (problem.code === 'UNAUTHENTICATED') setClient((current) => (current === mine ? undefined : current))
    })
    setClient(mine)
  }

  return (
    <>
      <header>
        <h1>Data API, from a page of another origin</h1>
      </header>
      <main>
        {problem && (
          <ProblemNote problem={problem}>
            <button type="button" onClick={() => setProblem(undefined)}>
              Dismiss
            </button>
          </ProblemNote>
        )}
        {!client && <SignIn api={api} onSignIn={signIn} />}
        {client && (
          <ApolloProvider client={client}>
            <Viewer onForget={() => setClient(undefined)} />
            <Datastores />
            <Reveal />
          </ApolloProvider>
        )}
      </main>
    </>
  )
}
