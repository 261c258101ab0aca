import type { Page } from '@playwright/test'

/** What a test of e2e/ says in the environment. */
export const given = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run the test of e2e/ that starts this specification`)
  return value
}

/** Everything that the browser would still have tomorrow, and all that an address shows. */
export const kept = (page: Page) =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases()
    const caches = await self.caches.keys()
    const workers = await navigator.serviceWorker.getRegistrations()
    return {
      local: { ...localStorage },
      session: { ...sessionStorage },
      other: [...databases.map((d) => d.name), ...caches, ...workers.map((w) => w.scope)],
      cookies: document.cookie,
      address: location.href + JSON.stringify(history.state) + window.name,
    }
  })
