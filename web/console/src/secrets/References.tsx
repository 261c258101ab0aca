import { useQuery } from '@apollo/client/react'
import { Code, Skeleton, Table } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { problemOf } from '../app/problem'
import { type ConsumerKind, SecretReferencesDocument } from '../generated'
import { Empty } from '../ui/Empty'
import { LoadMore, pageRows } from '../ui/LoadMore'
import { ProblemNote } from '../ui/ProblemNote'
import { When } from '../ui/When'

/** What can use a secret, in a word. */
export const consumerKinds: Record<ConsumerKind, string> = { AGENT: 'Agent', SKILL: 'Skill', CONNECTION: 'Connection', WORKFLOW: 'Workflow' }

/** Who uses a secret, as the platform has declared it. */
export function References({ secretId }: { secretId: string }) {
  const { data, error, fetchMore, refetch } = useQuery(SecretReferencesDocument, { variables: { id: secretId, first: pageRows } })
  const list = data?.secret?.references
  if (error) return <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />
  if (!list) return <Skeleton height={120} aria-label="Loading who uses it" />
  if (list.edges.length === 0) {
    return (
      <Empty
        Icon={IconPlugConnected}
        title="Nothing uses it"
        text="Once an agent, a skill, a connection or a workflow names this secret in its configuration, it is listed here."
      />
    )
  }
  return (
    <>
      <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Kind</Table.Th>
              <Table.Th>Name</Table.Th>
              <Table.Th>Id</Table.Th>
              <Table.Th>Since</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.edges.map(({ node: { consumer, createdAt } }) => (
              <Table.Tr key={consumer.kind + consumer.externalId}>
                <Table.Td>{consumerKinds[consumer.kind]}</Table.Td>
                <Table.Td className="breaks">{consumer.name}</Table.Td>
                <Table.Td>
                  <Code className="breaks">{consumer.externalId}</Code>
                </Table.Td>
                <Table.Td>
                  <When time={createdAt} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <LoadMore
        shown={list.edges.length}
        hasMore={list.pageInfo.hasNextPage}
        onMore={() => fetchMore({ variables: { after: list.pageInfo.endCursor } })}
      />
    </>
  )
}
