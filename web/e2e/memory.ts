import type { Page } from '@playwright/test'
import { expect } from './console'

/** Everything that the page's Apollo client has in its cache. */
export const cached = (page: Page): Promise<string> =>
  page.evaluate(() => {
    type Fiber = { memoizedProps?: { client?: { cache?: { extract: () => object } } }; child?: Fiber; sibling?: Fiber }
    const root = document.getElementById('root') as unknown as Record<string, { stateNode: { current: Fiber } }>
    const open = [root[Object.keys(root).find((key) => key.startsWith('__reactContainer$'))!]!.stateNode.current]
    for (let fiber = open.pop(); fiber; fiber = open.pop()) {
      if (fiber.memoizedProps?.client?.cache) return JSON.stringify(fiber.memoizedProps.client.cache.extract())
      open.push(...[fiber.sibling, fiber.child].filter((next) => next !== undefined && next !== null))
    }
    throw new Error('The page has no Apollo client.')
  })

/** Whether a text is in the memory that the page's scripts could still reach. Not after axe: that leaves gigabytes. */
export async function isReachable(page: Page, text: string): Promise<boolean> {
  const session = await page.context().newCDPSession(page)
  const parts: string[] = []
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk))
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await session.detach()
  const all = parts.join('')
  expect(all).toContain('ProvenanceOne Data') // it is the right memory
  return all.includes(text)
}
