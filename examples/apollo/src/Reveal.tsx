import { useMutation, useQuery } from '@apollo/client/react'
import { type FormEvent, useEffect } from 'react'
import { graphql } from './gql'
import { More } from './More'
import { ErrorNote, shown } from './ProblemNote'

const SecretsQuery = graphql(`
  query Secrets($first: Int!, $after: String) {
    secrets(first: $first, after: $after) {
      edges {
        cursor
        node {
          id
          name
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

const RevealSecretMutation = graphql(`
  mutation RevealSecret($input: RevealSecretInput!) {
    revealSecret(input: $input) {
      version
      value
      base64
    }
  }
`)

const shownSeconds = 15

/** Reveals a secret. The value is not cached, and hidden again after a while. */
export function Reveal() {
  const { data, error, fetchMore } = useQuery(SecretsQuery, { variables: { first: 50 } })
  // no-cache keeps the value out of Apollo's cache.
  const [reveal, answer] = useMutation(RevealSecretMutation, { fetchPolicy: 'no-cache' })
  const list = data?.secrets
  const revealed = answer.data?.revealSecret
  const hide = answer.reset

  useEffect(() => {
    if (!revealed) return
    const timer = setTimeout(hide, shownSeconds * 1000)
    return () => clearTimeout(timer)
  }, [revealed, hide])

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const input = { secretId: String(form.get('secret')), reason: String(form.get('reason')) }
    void reveal({ variables: { input } }).catch(shown)
  }

  return (
    <section aria-labelledby="secrets">
      <h2 id="secrets">Secrets</h2>
      <ErrorNote error={error} />
      {list?.edges.length === 0 && <p>There are none yet.</p>}
      {!!list?.edges.length && (
        <form onSubmit={submit}>
          <label>
            Secret
            <select name="secret">
              {list.edges.map(({ node }) => (
                <option key={node.id} value={node.id}>
                  {node.name}
                </option>
              ))}
            </select>
          </label>
          <label>
            Reason
            <input name="reason" required maxLength={200} aria-describedby="reason-hint" />
          </label>
          <p id="reason-hint" className="hint">
            The audit log keeps it, with your name.
          </p>
          <button disabled={answer.loading}>Reveal</button>
          <More of={list} fetch={fetchMore}>
            More secrets
          </More>
          <ErrorNote error={answer.error} />
        </form>
      )}
      {revealed && (
        <p className="revealed">
          <output>{revealed.value ?? revealed.base64}</output>
          <button type="button" onClick={hide}>
            Hide
          </button>
          <span className="hint">
            Version {revealed.version}. Hidden after {shownSeconds} seconds.
          </span>
        </p>
      )}
    </section>
  )
}
