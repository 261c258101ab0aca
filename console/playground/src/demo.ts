import type { Credential } from './credential'

const issuer = document.querySelector<HTMLMetaElement>('meta[name=data-api-demo-token]')?.content ?? ''
const key = /^#demo=(\w+)$/.exec(location.hash)?.[1] ?? ''
// The address is what people copy and what a browser remembers.
if (key) history.replaceState(null, '', location.pathname + location.search)

/** Whether this page was opened at the address that a development instance printed, and may ask for its demo user's token. */
export const offersDemo = Boolean(issuer && key)

/** Asks for a token of the admin of acme. Rejects if the instance does not give it. */
export async function demoAdmin(): Promise<Credential> {
  const response = await fetch(issuer, { method: 'POST', body: key, credentials: 'omit', cache: 'no-store', redirect: 'error' })
  if (!response.ok) throw new Error(`The demo issuer answered ${response.status}.`)
  const { token } = (await response.json()) as { token: string }
  return { header: 'Authorization', value: `Bearer ${token}` }
}
