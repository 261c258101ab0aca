import { useQuery } from '@apollo/client/react'
import { Anchor, Skeleton, Tabs } from '@mantine/core'
import { IconDatabase } from '@tabler/icons-react'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { problemOf } from '../app/problem'
import { useMay } from '../app/Workspace'
import { EventsOf } from '../audit/EventsOf'
import { DatastoreDocument, type DatastoreQuery } from '../generated'
import { bytes } from '../ui/bytes'
import { Empty } from '../ui/Empty'
import { Labels } from '../ui/Labels'
import { PageHead } from '../ui/PageHead'
import { ProblemNote } from '../ui/ProblemNote'
import { FilesTab } from './FilesTab'

const SettingsTab = lazy(() => import('./SettingsTab').then((m) => ({ default: m.SettingsTab })))

const from = '/w/$workspaceId/datastores/$datastoreId'

/** A datastore: its files, and its settings for those who may change them. */
export function DatastorePage() {
  const { workspaceId, datastoreId } = useParams({ from })
  const { tab } = useSearch({ from })
  const navigate = useNavigate({ from })
  const mayWrite = useMay('EDITOR')
  const { data, error, refetch } = useQuery(DatastoreDocument, { variables: { id: datastoreId } })
  const datastore = data?.datastore
  const above = (
    <Anchor renderRoot={(props) => <Link to="/w/$workspaceId/datastores" params={{ workspaceId }} activeOptions={{ exact: true }} {...props} />}>
      Datastores
    </Anchor>
  )

  if (!datastore) {
    return (
      <>
        <PageHead title="Datastore" above={above} />
        {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
        {!error && !data && <Skeleton height={200} aria-label="Loading the datastore" />}
        {data && <Empty Icon={IconDatabase} title="There is no such datastore" text="It may have been deleted, or be in another workspace." />}
      </>
    )
  }

  return (
    <>
      <PageHead
        title={datastore.name}
        above={above}
        below={
          <>
            {datastore.description && <div className="breaks">{datastore.description}</div>}
            <div>{usage(datastore)}</div>
            {datastore.labels.length > 0 && <Labels labels={datastore.labels} list="datastores" />}
          </>
        }
      >
        <EventsOf id={datastore.id} />
      </PageHead>
      {mayWrite ? (
        <Tabs
          value={tab ?? 'files'}
          onChange={(next) => void navigate({ search: next === 'settings' ? { tab: 'settings' } : {} })}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            <Tabs.Tab value="files">Files</Tabs.Tab>
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="files">
            <FilesTab datastore={datastore} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <Suspense fallback={<Skeleton height={200} />}>
              <SettingsTab key={datastore.id} datastore={datastore} />
            </Suspense>
          </Tabs.Panel>
        </Tabs>
      ) : (
        <FilesTab datastore={datastore} />
      )}
    </>
  )
}

/** What it holds, and what it takes. */
function usage({ objectCount, usedBytes, keepVersions, maxObjectBytes, contentTypes }: NonNullable<DatastoreQuery['datastore']>): string {
  const count = Number(objectCount)
  return [
    `${count.toLocaleString('en')} ${count === 1 ? 'file' : 'files'}, ${bytes(usedBytes)}`,
    keepVersions > 1 ? `keeps ${keepVersions} versions of each` : 'keeps the current version of each',
    maxObjectBytes !== null && `up to ${bytes(maxObjectBytes)} each`,
    contentTypes.length > 0 && `takes ${contentTypes.join(', ')}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
