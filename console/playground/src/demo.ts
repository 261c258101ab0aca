import type { Credential } from './credential'

/** Where a development instance gives its demo user's token to this page; empty elsewhere. */
export const demoToken = document.querySelector<HTMLMetaElement>('meta[name=data-api-demo-token]')?.content ?? ''

/** Asks for a token of the admin of acme. Rejects if the instance does not answer. */
export async function demoAdmin(): Promise<Credential> {
  const response = await fetch(demoToken, { method: 'POST', credentials: 'omit', cache: 'no-store', redirect: 'error' })
  if (!response.ok) throw new Error(`The demo issuer answered ${response.status}.`)
  const { token } = (await response.json()) as { token: string }
  return { header: 'Authorization', value: `Bearer ${token}` }
}
