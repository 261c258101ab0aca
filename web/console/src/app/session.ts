import type { Credential } from '../../../shared/credential'
import { arrive, begin, isNetworkError } from '../../../shared/issuer'
import { createStore } from '../../../shared/store'

/** Who this page asks as. It is in memory alone: a reload forgets it, and the issuer may remember who it was. */
export type Session =
  | { state: 'arriving' }
  | { state: 'out'; notice?: string | undefined }
  | { state: 'in'; credential: Credential }

export const session = createStore<Session>({ state: 'arriving' })

/** Takes the issuer's answer, if this page was opened by one. */
export async function arriveFromIssuer(): Promise<void> {
  try {
    const credential = await arrive()
    session.set(credential ? { state: 'in', credential } : { state: 'out' })
  } catch (error) {
    session.set({ state: 'out', notice: `You are not signed in. ${sentence(error)}` })
  }
}

/** Leads to the issuer, which leads back to this address. */
export async function signIn(): Promise<void> {
  try {
    await begin()
  } catch (error) {
    const notice = isNetworkError(error) ? 'The issuer, which signs people in, does not answer. Try again.' : sentence(error)
    session.set({ state: 'out', notice })
  }
}

/** Forgets who is signed in, and ends the session at the issuer, where that is offered. */
export function signOut(): void {
  const now = session.get()
  session.set({ state: 'out' })
  if (now.state === 'in') now.credential.leave?.()
}

/** Forgets who is signed in, because the server takes the credential no more. */
export function endSession(): void {
  if (session.get().state === 'in') session.set({ state: 'out', notice: 'Your sign-in has ended. Sign in again to go on where you were.' })
}

/** The token of now, renewed if it is about to end. Rejects while the issuer cannot be reached. */
export async function token(credential: Credential): Promise<string> {
  try {
    return ((await credential.now?.()) ?? credential.value).replace(/^Bearer /, '')
  } catch (error) {
    if (!isNetworkError(error)) endSession()
    throw error
  }
}

const sentence = (error: unknown) => (error as { error_description?: string }).error_description ?? (error as Error).message
