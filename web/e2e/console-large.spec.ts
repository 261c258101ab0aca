import { given } from './browser'
import { type Console, expect, test } from './console'

const workspace = given('CONSOLE_LARGE')
const atFullSize = process.env.PROVE === 'full'

/** The longest task since the last call, in ms; 0 if none took longer than 50 ms. */
const longestTask = (c: Console) =>
  c.page.evaluate(() => {
    const page = window as { tasks?: number[] }
    const longest = Math.max(0, ...(page.tasks ?? []))
    if (!page.tasks) new PerformanceObserver((list) => page.tasks!.push(...list.getEntries().map((task) => task.duration))).observe({ type: 'longtask' })
    page.tasks = []
    return longest
  })

/** Grows a list to the most that a page shows, and scrolls up and down in it; returns the longest task of each. */
async function scroll(c: Console) {
  const table = c.content.getByRole('table')
  const more = c.content.getByRole('button', { name: 'Show more' })
  await expect(more).toBeVisible()
  await longestTask(c)
  for (let shown = await table.getByRole('row').count(); await more.isVisible(); shown = await table.getByRole('row').count()) {
    await more.click()
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(shown)
  }
  await expect(c.content.getByText('Narrow the list to see others.')).toBeVisible()
  await expect(table.getByRole('row')).toHaveCount(1 + 200)
  const growing = await longestTask(c)
  await table.hover()
  for (let i = 0; i < 60; i++) {
    await c.page.mouse.wheel(0, i < 30 ? -600 : 600)
    await c.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)))
  }
  return { growing, scrolling: await longestTask(c) }
}

test('many secrets, and many files in one folder, scroll smoothly', async ({ console: c }) => {
  for (const page of [
    '/secrets',
    `${given('CONSOLE_LARGE_FOLDER')}?folder=reports%2F`,
  ]) {
    await c.signIn('admin@acme.example', workspace + page)
    const { growing, scrolling } = await scroll(c)
    console.log(`${page.split('/')[1]}: the longest task took ${growing} ms while the list grew, ${scrolling} ms while it was scrolled`)
    if (atFullSize) expect(Math.max(growing, scrolling)).toBeLessThan(100)
  }
})
