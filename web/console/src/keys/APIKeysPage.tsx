import { useQuery } from '@apollo/client/react'
import { Button, Skeleton } from '@mantine/core'
import { IconApi, IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { ForAdmins } from '../app/ForAdmins'
import { problemOf } from '../app/problem'
import { APIKeysDocument } from '../generated'
import { Empty } from '../ui/Empty'
import { LoadMore, pageRows } from '../ui/LoadMore'
import { PageHead } from '../ui/PageHead'
import { ProblemNote } from '../ui/ProblemNote'
import { APIKeyTable } from './APIKeyTable'

const NewAPIKey = lazy(() => import('./NewAPIKey').then((m) => ({ default: m.NewAPIKey })))

/** Workspace → API keys: what lets programs in, newest first. */
export function APIKeysPage() {
  return (
    <ForAdmins title="API keys">
      <APIKeys />
    </ForAdmins>
  )
}

function APIKeys() {
  const [isNew, setNew] = useState(false)
  const { data, error, fetchMore, refetch } = useQuery(APIKeysDocument, { variables: { first: pageRows } })
  const list = data?.apiKeys
  const rows = list?.edges.map(({ node }) => node)

  return (
    <>
      <PageHead title="API keys" below="What lets programs in. Each may do what its scopes say, until it expires or is revoked">
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setNew(true)}>
          New API key
        </Button>
      </PageHead>
      <Suspense>{isNew && <NewAPIKey onClose={() => setNew(false)} />}</Suspense>
      {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!rows && !error && <Skeleton height={160} mt="md" aria-label="Loading API keys" />}
      {rows?.length === 0 && (
        <Empty Icon={IconApi} title="No API keys yet" text="A program that calls the API sends a key. People sign in instead.">
          <Button onClick={() => setNew(true)}>Make the first one</Button>
        </Empty>
      )}
      {rows && rows.length > 0 && <APIKeyTable rows={rows} />}
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
