import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import type { Credential } from '../../../shared/credential'
import { auditSearchOf } from '../audit/search'
import { type Order, orderOf } from '../ui/OrderField'
import { Choose } from './Choose'
import { NotFound } from './NotFound'
import { Workspace } from './Workspace'

const root = createRootRouteWithContext<{ credential: Credential }>()({ notFoundComponent: NotFound })

const choose = createRoute({ getParentRoute: () => root, path: '/', component: Choose })

/** The workspace is in the address, so that each tab has its own. */
const workspace = createRoute({ getParentRoute: () => root, path: '/w/$workspaceId', component: Workspace })

const home = createRoute({
  getParentRoute: () => workspace,
  path: '/',
  component: lazyRouteComponent(() => import('../home/HomePage'), 'HomePage'),
})

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const flag = (value: unknown) => (value === true ? true : undefined)

/** What narrows and orders the lists of datastores and of secrets. */
interface ListSearch {
  q?: string | undefined
  labels?: string[] | undefined
  order?: Order | undefined
}

const listSearchOf = (search: Record<string, unknown>): ListSearch => {
  const labels = Array.isArray(search.labels) ? search.labels.filter((label) => typeof label === 'string') : []
  return { q: text(search.q), labels: labels.length ? labels : undefined, order: orderOf(search.order) }
}

const datastores = createRoute({
  getParentRoute: () => workspace,
  path: '/datastores',
  validateSearch: listSearchOf,
  component: lazyRouteComponent(() => import('../datastores/DatastoresPage'), 'DatastoresPage'),
})

const datastore = createRoute({
  getParentRoute: () => workspace,
  path: '/datastores/$datastoreId',
  validateSearch: (
    search,
  ): { tab?: 'settings' | undefined; folder?: string | undefined; prefix?: string | undefined; key?: string | undefined } => ({
    tab: search.tab === 'settings' ? 'settings' : undefined,
    folder: text(search.folder),
    prefix: text(search.prefix),
    key: text(search.key),
  }),
  component: lazyRouteComponent(() => import('../datastores/DatastorePage'), 'DatastorePage'),
})

const secrets = createRoute({
  getParentRoute: () => workspace,
  path: '/secrets',
  validateSearch: (
    search,
  ): ListSearch & { overdue?: true | undefined; referenced?: boolean | undefined; deleted?: true | undefined } => ({
    ...listSearchOf(search),
    overdue: flag(search.overdue),
    referenced: typeof search.referenced === 'boolean' ? search.referenced : undefined,
    deleted: flag(search.deleted),
  }),
  component: lazyRouteComponent(() => import('../secrets/SecretsPage'), 'SecretsPage'),
})

const secret = createRoute({
  getParentRoute: () => workspace,
  path: '/secrets/$secretId',
  validateSearch: (search): { tab?: 'references' | undefined } => ({ tab: search.tab === 'references' ? 'references' : undefined }),
  component: lazyRouteComponent(() => import('../secrets/SecretPage'), 'SecretPage'),
})

const audit = createRoute({
  getParentRoute: () => workspace,
  path: '/audit',
  validateSearch: auditSearchOf,
  component: lazyRouteComponent(() => import('../audit/AuditPage'), 'AuditPage'),
})

const apiKeys = createRoute({
  getParentRoute: () => workspace,
  path: '/api-keys',
  component: lazyRouteComponent(() => import('../keys/APIKeysPage'), 'APIKeysPage'),
})

const runtimeKeys = createRoute({
  getParentRoute: () => workspace,
  path: '/runtime-keys',
  component: lazyRouteComponent(() => import('../keys/RuntimeKeysPage'), 'RuntimeKeysPage'),
})

const members = createRoute({
  getParentRoute: () => workspace,
  path: '/members',
  component: lazyRouteComponent(() => import('../members/MembersPage'), 'MembersPage'),
})

const settings = createRoute({
  getParentRoute: () => workspace,
  path: '/settings',
  component: lazyRouteComponent(() => import('../settings/SettingsPage'), 'SettingsPage'),
})

const access = [apiKeys, runtimeKeys, members, settings] as const

/** Every page by its address. What narrows a list is in the address too, so that a reload and a link keep it. */
export const router = createRouter({
  routeTree: root.addChildren([choose, workspace.addChildren([home, datastores, datastore, secrets, secret, audit, ...access])]),
  basepath: '/console',
  context: { credential: undefined! },
  scrollRestoration: true,
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
