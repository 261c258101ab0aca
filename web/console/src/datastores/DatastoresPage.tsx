import { useQuery } from '@apollo/client/react'
import { Anchor, Button, Group, Skeleton, Table, Text } from '@mantine/core'
import { IconDatabase, IconPlus } from '@tabler/icons-react'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { problemOf } from '../app/problem'
import { useMay } from '../app/Workspace'
import { DatastoresDocument } from '../generated'
import { bytes } from '../ui/bytes'
import { Empty } from '../ui/Empty'
import { filterOf } from '../ui/label'
import { LabelFilterField } from '../ui/LabelFilterField'
import { Labels } from '../ui/Labels'
import { LoadMore, pageRows } from '../ui/LoadMore'
import { OrderField, orderBy } from '../ui/OrderField'
import { PageHead } from '../ui/PageHead'
import { ProblemNote } from '../ui/ProblemNote'
import { SearchField } from '../ui/SearchField'
import { When } from '../ui/When'

/** Dialogs come when they are asked for: the first page needs none. */
const NewDatastore = lazy(() => import('./NewDatastore').then((m) => ({ default: m.NewDatastore })))

const from = '/w/$workspaceId/datastores'

/** Data → Datastores: all of the workspace. */
export function DatastoresPage() {
  const { workspaceId } = useParams({ from })
  const search = useSearch({ from })
  const { q, labels, order } = search
  const navigate = useNavigate({ from })
  const mayWrite = useMay('EDITOR')
  const [isNew, setNew] = useState(false)
  const narrow = (to: Partial<typeof search>) => void navigate({ search: (before) => ({ ...before, ...to }), replace: true })
  const isNarrow = q !== undefined || labels !== undefined
  const variables = { first: pageRows, nameContains: q ?? null, labels: labels?.map(filterOf) ?? null, orderBy: orderBy(order, 'UPDATED_AT') }
  const { data, error, fetchMore, refetch } = useQuery(DatastoresDocument, { variables })
  const list = data?.datastores
  const rows = list?.edges.map(({ node }) => node)

  return (
    <>
      <PageHead title="Datastores" below="Files and JSON that workflow steps read and write">
        {mayWrite && (
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setNew(true)}>
            New datastore
          </Button>
        )}
      </PageHead>
      <Suspense>{isNew && <NewDatastore onClose={() => setNew(false)} />}</Suspense>
      <Group gap="md">
        <SearchField label="Find by name" value={q} onChange={(next) => narrow({ q: next })} />
        <LabelFilterField value={labels} onChange={(next) => narrow({ labels: next })} />
        <OrderField value={order} onChange={(next) => narrow({ order: next })} />
      </Group>

      {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!rows && !error && <Skeleton height={160} mt="md" aria-label="Loading datastores" />}
      {rows?.length === 0 && isNarrow && <Empty Icon={IconDatabase} title="No datastore is like that" text="Take a label away, or look for another name." />}
      {rows?.length === 0 && !isNarrow && (
        <Empty Icon={IconDatabase} title="No datastores yet" text="A datastore holds files and JSON by key, for workflow steps to read and write.">
          {mayWrite && <Button onClick={() => setNew(true)}>Make the first one</Button>}
        </Empty>
      )}
      {rows && rows.length > 0 && (
        <Table.ScrollContainer minWidth={330} mt="md">
          <Table verticalSpacing="sm" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th ta="end" visibleFrom="sm">
                  Objects
                </Table.Th>
                <Table.Th ta="end">Stored</Table.Th>
                <Table.Th>Changed</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((datastore) => (
                <Table.Tr key={datastore.id}>
                  <Table.Td>
                    <Anchor
                      fw={600}
                      className="breaks"
                      renderRoot={(props) => (
                        <Link to="/w/$workspaceId/datastores/$datastoreId" params={{ workspaceId, datastoreId: datastore.id }} {...props} />
                      )}
                    >
                      {datastore.name}
                    </Anchor>
                    {datastore.description && (
                      <Text size="sm" c="var(--console-quiet)" lineClamp={1} className="breaks">
                        {datastore.description}
                      </Text>
                    )}
                    {datastore.labels.length > 0 && <Labels labels={datastore.labels} list="datastores" />}
                  </Table.Td>
                  <Table.Td ta="end" visibleFrom="sm">{Number(datastore.objectCount).toLocaleString('en')}</Table.Td>
                  <Table.Td ta="end">{bytes(datastore.usedBytes)}</Table.Td>
                  <Table.Td>
                    <When time={datastore.updatedAt} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {list && (
        <LoadMore
          shown={list.edges.length}
          hasMore={list.pageInfo.hasNextPage}
          onMore={() => fetchMore({ variables: { after: list.pageInfo.endCursor } })}
        />
      )}
    </>
  )
}
