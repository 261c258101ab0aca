import type { Credential } from '../../shared/credential'
import { post, type GraphQLError } from './endpoint'
import { isNetworkError } from '../../shared/issuer'
import { createStore } from '../../shared/store'

interface Workspace {
  id: string
  name: string
  region: string
}

interface Viewer {
  actor: { kind: string; label: string }
  role: string | null
  scopes: string[]
  workspace: Workspace | null
}

/** Who this page asks as. */
export type Session =
  | { state: 'out' }
  | { state: 'checking' }
  | { state: 'refused'; error: GraphQLError }
  | { state: 'in'; credential: Credential; workspaceId: string; viewer: Viewer; workspaces: Workspace[] }

export const session = createStore<Session>({ state: 'out' })

const whoAmI = `query PlaygroundSignIn {
  viewer { actor { kind label } role scopes workspace { id name region } }
  workspaces { id name region }
}`

/** The headers of the page's credential and workspace; none while nobody is signed in, nor once the credential can be renewed no more. */
export async function sessionHeaders(): Promise<Record<string, string>> {
  const s = session.get()
  if (s.state !== 'in') return {}
  try {
    return await headersOf(s.credential, s.workspaceId)
  } catch (error) {
    if (isNetworkError(error)) throw new Error('The issuer, which renews your sign-in, does not answer. Try again.', { cause: error })
    if (session.get() === s) session.set({ state: 'refused', error: { message: ended } })
    throw new Error(ended, { cause: error })
  }
}

const ended = 'Your sign-in has ended: sign in again.'

const headersOf = async (credential: Credential, workspaceId: string): Promise<Record<string, string>> => ({
  [credential.header]: (await credential.now?.()) ?? credential.value,
  ...(workspaceId && { 'X-Workspace-Id': workspaceId }),
})

/** Goes on with the sign-in that the issuer has just answered, if it has. */
export async function resume(arrive: () => Promise<Credential | undefined>): Promise<void> {
  try {
    const credential = await arrive()
    if (credential) await signIn(credential)
  } catch (error) {
    session.set({ state: 'refused', error: { message: `You are not signed in. ${describe(error)}` } })
  }
}

const describe = (error: unknown) => (error as { error_description?: string }).error_description ?? (error as Error).message

/** Asks the server whose credential it is, and takes it for this page if there is an answer. */
export async function signIn(credential: Credential): Promise<void> {
  const checking: Session = { state: 'checking' }
  session.set(checking)
  const next = await check(credential, '')
  if (session.get() === checking) session.set(next)
}

/** Goes on with the same credential in another of its workspaces. */
export async function choose(workspaceId: string): Promise<void> {
  const before = session.get()
  if (before.state !== 'in') return
  const next = await check(before.credential, workspaceId)
  if (session.get() === before) session.set(next)
}

async function check(credential: Credential, workspaceId: string): Promise<Session> {
  try {
    const [{ data, errors }] = await post({ query: whoAmI, operationName: 'PlaygroundSignIn' }, await headersOf(credential, workspaceId))
    if (!data) return { state: 'refused', error: errors?.[0] ?? { message: 'The server gave no answer.' } }
    const { viewer, workspaces } = data as unknown as { viewer: Viewer; workspaces: Workspace[] }
    return { state: 'in', credential, workspaceId, viewer, workspaces }
  } catch {
    return { state: 'refused', error: { message: 'The server does not answer. Is it still running?' } }
  }
}

/** Forgets the credential. */
export const signOut = () => session.set({ state: 'out' })
