import { useQuery } from '@apollo/client/react'
import { ErrorNote } from './ProblemNote'
import { graphql } from './gql'

const ViewerQuery = graphql(`
  query Viewer {
    viewer {
      actor {
        label
      }
      role
      workspace {
        id
        name
        region
      }
    }
  }
`)

/** Who is signed in, and where. */
export function Viewer({ onForget }: { onForget: () => void }) {
  const { data, error } = useQuery(ViewerQuery)
  const viewer = data?.viewer

  return (
    <section aria-label="Signed in" className="viewer">
      {viewer && (
        <p>
          <strong>{viewer.actor.label}</strong> ({viewer.role ?? 'API key'}) in{' '}
          {viewer.workspace?.name}, {viewer.workspace?.region}
        </p>
      )}
      <ErrorNote error={error} />
      <button type="button" onClick={onForget}>
        Forget the credential
      </button>
    </section>
  )
}
