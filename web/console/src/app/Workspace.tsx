import { ApolloProvider, useQuery } from '@apollo/client/react'
import { Center, Loader } from '@mantine/core'
import { Outlet, useParams, useRouteContext } from '@tanstack/react-router'
import { createContext, lazy, Suspense, useContext, useEffect, useMemo } from 'react'
import { createStore, type Store, useStore } from '../../../shared/store'
import type { UploadQueue } from '../datastores/uploads/queue'
import { ViewerDocument, type ViewerQuery } from '../generated'
import { ProblemNote } from '../ui/ProblemNote'
import { type Clients, makeClients } from './clients'
import { problemOf } from './problem'
import { Shell } from './Shell'

/** It comes with the first upload. */
const UploadPanel = lazy(() => import('../datastores/uploads/UploadPanel').then((m) => ({ default: m.UploadPanel })))

type Role = 'VIEWER' | 'EDITOR' | 'ADMIN'

interface Here {
  clients: Clients
  viewer: ViewerQuery['viewer']
  workspaces: ViewerQuery['workspaces']
  workspace: NonNullable<ViewerQuery['viewer']['workspace']>
  /** The uploads of this tab, once there were any: they go on while somebody looks at other pages of the workspace. */
  uploads: Store<UploadQueue | undefined>
}

const HereContext = createContext<Here | undefined>(undefined)

/** The workspace that this tab shows, who looks at it, and the clients for it. */
export function useHere(): Here {
  const here = useContext(HereContext)
  if (!here) throw new Error('useHere outside of a workspace')
  return here
}

const ranks: Record<Role, number> = { VIEWER: 0, EDITOR: 1, ADMIN: 2 }

/** Whether whoever looks may do what takes a role. What they may not is not offered; the server refuses it all the same. */
export function useMay(role: Role): boolean {
  const own = useHere().viewer.role
  return own !== null && ranks[own] >= ranks[role]
}

/** Everything of one workspace. Another one gets clients of its own, and so an empty cache. */
export function Workspace() {
  const { credential } = useRouteContext({ from: '__root__' })
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  const clients = useMemo(() => makeClients(credential, workspaceId), [credential, workspaceId])
  return (
    <ApolloProvider client={clients.apollo}>
      <Entered key={workspaceId} clients={clients} />
    </ApolloProvider>
  )
}

function Entered({ clients }: { clients: Clients }) {
  const { data, error, refetch } = useQuery(ViewerDocument)
  const workspace = data?.viewer.workspace
  const uploads = useMemo(() => createStore<UploadQueue | undefined>(undefined), [])
  const queue = useStore(uploads)
  useEffect(() => () => uploads.get()?.cancelAll(), [uploads])
  if (!workspace) {
    return (
      <Center component="main" h="100dvh" p="md">
        {error ? <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} /> : <Loader aria-label="Loading the workspace" />}
      </Center>
    )
  }
  return (
    <HereContext value={{ clients, viewer: data.viewer, workspaces: data.workspaces, workspace, uploads }}>
      <Shell>
        <Outlet />
      </Shell>
      <Suspense>{queue && <UploadPanel queue={queue} />}</Suspense>
    </HereContext>
  )
}
