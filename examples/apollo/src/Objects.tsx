import { useQuery } from '@apollo/client/react'
import { bytes } from './bytes'
import { graphql } from './gql'
import { More } from './More'
import { ErrorNote } from './ProblemNote'

const ObjectsQuery = graphql(`
  query Objects($datastoreId: ID!, $first: Int!, $after: String) {
    datastore(id: $datastoreId) {
      id
      objects(first: $first, after: $after) {
        edges {
          cursor
          node {
            id
            key
            current {
              id
              version
              sizeBytes
              contentType
              createdAt
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)

/** The objects of a datastore, page by page. */
export function Objects({ datastoreId }: { datastoreId: string }) {
  const { data, error, fetchMore } = useQuery(ObjectsQuery, { variables: { datastoreId, first: 10 } })
  const list = data?.datastore?.objects

  return (
    <>
      <ErrorNote error={error} />
      {list?.edges.length === 0 && <p>It is empty.</p>}
      {!!list?.edges.length && (
        <table>
          <caption>Objects</caption>
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Version</th>
              <th scope="col">Size</th>
              <th scope="col">Type</th>
              <th scope="col">Since</th>
            </tr>
          </thead>
          <tbody>
            {list.edges.map(({ node: { id, key, current } }) => (
              <tr key={id}>
                <th scope="row">{key}</th>
                <td>{current.version}</td>
                <td>{bytes(current.sizeBytes)}</td>
                <td>{current.contentType}</td>
                <td>{new Date(current.createdAt).toLocaleString()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <More of={list} fetch={fetchMore}>
        More objects
      </More>
    </>
  )
}
