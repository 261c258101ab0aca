import { useQuery } from '@apollo/client/react'
import { Button, Skeleton } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { ForAdmins } from '../app/ForAdmins'
import { problemOf } from '../app/problem'
import { MembersDocument } from '../generated'
import { LoadMore } from '../ui/LoadMore'
import { PageHead } from '../ui/PageHead'
import { ProblemNote } from '../ui/ProblemNote'
import { MemberTable } from './MemberTable'

const Invite = lazy(() => import('./Invite').then((m) => ({ default: m.Invite })))

/** Workspace → Members: who belongs to it, and who is invited, by email address. */
export function MembersPage() {
  return (
    <ForAdmins title="Members">
      <Members />
    </ForAdmins>
  )
}

function Members() {
  const [isInviting, setInviting] = useState(false)
  const { data, error, fetchMore, refetch } = useQuery(MembersDocument, { variables: { first: 50 } })
  const list = data?.members
  const rows = list?.edges.map(({ node }) => node)

  return (
    <>
      <PageHead title="Members" below="Who belongs to this workspace, and who is invited">
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setInviting(true)}>
          Invite
        </Button>
      </PageHead>
      <Suspense>{isInviting && <Invite known={rows ?? []} onClose={() => setInviting(false)} />}</Suspense>
      {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!rows && !error && <Skeleton height={160} mt="md" aria-label="Loading members" />}
      {rows && <MemberTable rows={rows} />}
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
