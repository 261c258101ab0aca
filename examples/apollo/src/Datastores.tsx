import { useQuery } from '@apollo/client/react'
import type { Client } from '@provenanceone/data-api'
import { useState } from 'react'
import { CreateDatastore } from './CreateDatastore'
import { graphql } from './gql'
import { More } from './More'
import { Objects } from './Objects'
import { ErrorNote, shown } from './ProblemNote'
import { Upload } from './Upload'

const DatastoresQuery = graphql(`
  query Datastores($first: Int!, $after: String) {
    datastores(first: $first, after: $after) {
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
      totalCount
    }
  }
`)

/** The datastores, page by page, and what is in the one that was chosen. */
export function Datastores({ files }: { files: Client }) {
  const [chosen, choose] = useState<{ id: string; name: string }>()
  const { data, error, loading, fetchMore, refetch } = useQuery(DatastoresQuery, { variables: { first: 5 } })
  const list = data?.datastores

  return (
    <section aria-labelledby="datastores">
      <h2 id="datastores">Datastores</h2>
      <CreateDatastore onCreated={choose} />
      <ErrorNote error={error} />
      {list?.edges.length === 0 && <p>There are none yet.</p>}
      <ul aria-labelledby="datastores" aria-busy={loading} className="choices">
        {list?.edges.map(({ node }) => (
          <li key={node.id}>
            <button type="button" aria-pressed={node.id === chosen?.id} onClick={() => choose(node)}>
              {node.name}
            </button>
          </li>
        ))}
      </ul>
      <p className="actions">
        {list && (
          <span role="status">
            {list.edges.length} of {list.totalCount}
          </span>
        )}
        <More of={list} fetch={fetchMore}>
          More
        </More>
        <button type="button" onClick={() => void refetch().catch(shown)}>
          Reload
        </button>
      </p>
      {chosen && (
        <section aria-labelledby="chosen">
          <h3 id="chosen">{chosen.name}</h3>
          <Upload key={chosen.id} files={files} datastoreId={chosen.id} />
          <Objects datastoreId={chosen.id} />
        </section>
      )}
    </section>
  )
}
