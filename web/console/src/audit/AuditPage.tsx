import { useQuery } from '@apollo/client/react'
import { Button, Skeleton } from '@mantine/core'
import { IconDownload, IconListSearch } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { ForAdmins } from '../app/ForAdmins'
import { problemOf } from '../app/problem'
import { AuditEventsDocument } from '../generated'
import { Empty } from '../ui/Empty'
import { LoadMore, pageRows } from '../ui/LoadMore'
import { PageHead } from '../ui/PageHead'
import { ProblemNote } from '../ui/ProblemNote'
import { AuditFilters } from './AuditFilters'
import { AuditTable } from './AuditTable'
import { everything, filterOf } from './search'

const EventDrawer = lazy(() => import('./EventDrawer').then((m) => ({ default: m.EventDrawer })))
const ExportEvents = lazy(() => import('./ExportEvents').then((m) => ({ default: m.ExportEvents })))

const from = '/w/$workspaceId/audit'

/** Data → Audit: what happened in the workspace, for admins. */
export function AuditPage() {
  return (
    <ForAdmins title="Audit">
      <Log />
    </ForAdmins>
  )
}

function Log() {
  const search = useSearch({ from })
  const navigate = useNavigate({ from })
  const [isExporting, setExporting] = useState(false)
  const filter = filterOf(search)
  const isNarrow = Object.keys(filter).length > 0
  const { data, error, fetchMore, refetch } = useQuery(AuditEventsDocument, { variables: { first: pageRows, filter } })
  const list = data?.auditEvents
  const rows = list?.edges.map(({ node }) => node)

  return (
    <>
      <PageHead title="Audit" below="What happened in this workspace, and what was refused, newest first">
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => setExporting(true)} disabled={!rows?.length}>
          Export
        </Button>
      </PageHead>
      <AuditFilters rows={rows ?? []} />
      <Suspense>
        {search.event && <EventDrawer id={search.event} />}
        {isExporting && <ExportEvents filter={filter} onClose={() => setExporting(false)} />}
      </Suspense>

      {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!rows && !error && <Skeleton height={240} mt="md" aria-label="Loading events" />}
      {rows?.length === 0 && (
        <Empty
          Icon={IconListSearch}
          title={isNarrow ? 'No event is like that' : 'No events yet'}
          text={isNarrow ? 'Take a filter away, or look at a longer time.' : 'What people and programs do in this workspace is on record here from now on.'}
        >
          {isNarrow && (
            <Button variant="default" onClick={() => void navigate({ search: everything })}>
              Show all events
            </Button>
          )}
        </Empty>
      )}
      {rows && rows.length > 0 && <AuditTable rows={rows} />}
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
