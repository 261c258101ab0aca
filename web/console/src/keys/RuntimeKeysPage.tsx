import { useQuery } from '@apollo/client/react'
import { Button, Skeleton } from '@mantine/core'
import { IconPlus, IconServerBolt } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { ForAdmins } from '../app/ForAdmins'
import { problemOf } from '../app/problem'
import { RuntimeKeysDocument } from '../generated'
import { Empty } from '../ui/Empty'
import { LoadMore, pageRows } from '../ui/LoadMore'
import { PageHead } from '../ui/PageHead'
import { ProblemNote } from '../ui/ProblemNote'
import { RuntimeKeyTable } from './RuntimeKeyTable'

const AddRuntimeKey = lazy(() => import('./AddRuntimeKey').then((m) => ({ default: m.AddRuntimeKey })))

/** Workspace → Runtime keys: what secrets are sealed to when a run gets them, newest first. */
export function RuntimeKeysPage() {
  return (
    <ForAdmins title="Runtime keys">
      <RuntimeKeys />
    </ForAdmins>
  )
}

function RuntimeKeys() {
  const [isNew, setNew] = useState(false)
  const { data, error, fetchMore, refetch } = useQuery(RuntimeKeysDocument, { variables: { first: pageRows } })
  const list = data?.runtimeKeys
  const rows = list?.edges.map(({ node }) => node)

  return (
    <>
      <PageHead title="Runtime keys" below="Secrets are sealed to one when a run gets them, so that only its runtime can open them">
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setNew(true)}>
          Add runtime key
        </Button>
      </PageHead>
      <Suspense>{isNew && <AddRuntimeKey onClose={() => setNew(false)} />}</Suspense>
      {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!rows && !error && <Skeleton height={160} mt="md" aria-label="Loading runtime keys" />}
      {rows?.length === 0 && (
        <Empty Icon={IconServerBolt} title="No runtime keys yet" text="A workflow runtime that hands secrets to runs needs a key pair. The workspace knows its public half.">
          <Button onClick={() => setNew(true)}>Add the first one</Button>
        </Empty>
      )}
      {rows && rows.length > 0 && <RuntimeKeyTable rows={rows} />}
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
