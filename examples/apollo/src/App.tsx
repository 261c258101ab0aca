import { ApolloProvider } from '@apollo/client/react'
import { useState } from 'react'
import { type Clients, makeClients, type Session } from './client'
import { Datastores } from './Datastores'
import type { Problem } from './errors'
import { ProblemNote } from './ProblemNote'
import { Reveal } from './Reveal'
import { SignIn } from './SignIn'
import { Viewer } from './Viewer'

/** The page. It asks for a credential until there is one that the API takes, and again when it no longer does. */
export function App() {
  const [api, setAPI] = useState<string>(import.meta.env.VITE_DATA_API_URL ?? 'http://127.0.0.1:8080')
  const [clients, setClients] = useState<Clients>()
  const [problem, setProblem] = useState<Problem>()

  function signIn(session: Session) {
    setAPI(session.api)
    setProblem(undefined)
    const mine = makeClients(session, (problem) => {
      setProblem(problem)
      // A late answer to a client that is gone must not end the session after it.
      if (problem.code === 'UNAUTHENTICATED') setClients((current) => (current === mine ? undefined : current))
    })
    setClients(mine)
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
        {!clients && <SignIn api={api} onSignIn={signIn} />}
        {clients && (
          <ApolloProvider client={clients.apollo}>
            <Viewer onForget={() => setClients(undefined)} />
            <Datastores files={clients.files} />
            <Reveal />
          </ApolloProvider>
        )}
      </main>
    </>
  )
}
