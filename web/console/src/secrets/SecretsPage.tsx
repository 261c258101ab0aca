import { useQuery } from '@apollo/client/react'
import { Button, Skeleton } from '@mantine/core'
import { IconKey, IconPlus, IconUpload } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { problemOf } from '../app/problem'
import { useMay } from '../app/Workspace'
import { SecretsDocument } from '../generated'
import { Empty } from '../ui/Empty'
import { filterOf } from '../ui/label'
import { LoadMore, pageRows } from '../ui/LoadMore'
import { orderBy } from '../ui/OrderField'
import { PageHead } from '../ui/PageHead'
import { ProblemNote } from '../ui/ProblemNote'
import { SecretFilters } from './SecretFilters'
import { SecretTable } from './SecretTable'

const NewSecret = lazy(() => import('./NewSecret').then((m) => ({ default: m.NewSecret })))
const ImportSecrets = lazy(() => import('./ImportSecrets').then((m) => ({ default: m.ImportSecrets })))

/** Data → Secrets: all of the workspace. */
export function SecretsPage() {
  const { q, labels, order, overdue, referenced, deleted } = useSearch({ from: '/w/$workspaceId/secrets' })
  const mayWrite = useMay('EDITOR')
  const [dialog, setDialog] = useState<'new' | 'import'>()
  const close = () => setDialog(undefined)
  const filter = {
    ...(q !== undefined && { nameContains: q }),
    ...(labels && { labels: labels.map(filterOf) }),
    ...(overdue && { rotationOverdue: true }),
    ...(referenced !== undefined && { referenced }),
    ...(deleted && { includeDeleted: true }),
  }
  const isNarrow = q !== undefined || labels !== undefined || overdue || referenced !== undefined
  const { data, error, fetchMore, refetch } = useQuery(SecretsDocument, { variables: { first: pageRows, filter, orderBy: orderBy(order, 'ROTATED_AT') } })
  const list = data?.secrets
  const rows = list?.edges.map(({ node }) => node)

  return (
    <>
      <PageHead title="Secrets" below="Credentials that agents, skills and connections run with">
        {mayWrite && (
          <>
            <Button variant="default" leftSection={<IconUpload size={16} aria-hidden />} onClick={() => setDialog('import')}>
              Import
            </Button>
            <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog('new')}>
              New secret
            </Button>
          </>
        )}
      </PageHead>
      <Suspense>
        {dialog === 'new' && <NewSecret onClose={close} />}
        {dialog === 'import' && <ImportSecrets onClose={close} />}
      </Suspense>
      <SecretFilters />

      {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!rows && !error && <Skeleton height={160} mt="md" aria-label="Loading secrets" />}
      {rows?.length === 0 && isNarrow && <Empty Icon={IconKey} title="No secret is like that" text="Take a filter away, or look for another name." />}
      {rows?.length === 0 && !isNarrow && (
        <Empty Icon={IconKey} title="No secrets yet" text="A secret is an API key, a password, a token or a certificate that a run gets and nobody has to know.">
          {mayWrite && <Button onClick={() => setDialog('new')}>Make the first one</Button>}
        </Empty>
      )}
      {rows && rows.length > 0 && <SecretTable rows={rows} />}
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
