import { given } from './browser'
import { type Console, expect, test } from './console'

const workspace = given('CONSOLE_LARGE')
const atFullSize = process.env.PROVE === 'full'

/** Grows a list to the most that a page shows, scrolls through it, and returns the longest task that took, in ms. */
async function scroll(c: Console) {
  const table = c.content.getByRole('table')
  const more = c.content.getByRole('button', { name: 'Show more' })
  await expect(more).toBeVisible()
  await c.page.evaluate(() => {
    const tasks: number[] = ((window as { tasks?: number[] }).tasks = [])
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: 'longtask' })
  })
  for (let shown = await table.getByRole('row').count(); await more.isVisible(); shown = await table.getByRole('row').count()) {
    await more.click()
    await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(shown)
    for (let i = 0; i < 10; i++) await c.page.mouse.wheel(0, 600)
  }
  await expect(c.content.getByText('Narrow the list to see others.')).toBeVisible()
  await expect(table.getByRole('row')).toHaveCount(1 + 200)
  await table.hover()
  for (let i = 0; i < 60; i++) await c.page.mouse.wheel(0, i < 30 ? -600 : 600)
  await c.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  return c.page.evaluate(() => Math.max(0, ...(window as { tasks?: number[] }).tasks!))
}

test('many secrets, and many files in one folder, scroll smoothly', async ({ console: c }) => {
  for (const page of [
    '/secrets',
    `${given('CONSOLE_LARGE_FOLDER')}?folder=reports%2F`,
  ]) {
    await c.signIn('admin@acme.example', workspace + page)
    const longest = await scroll(c)
    console.log(`${page.split('?')[0]!.split('/')[1]}: the longest task took ${Math.round(longest)} ms`)
    if (atFullSize) expect(longest).toBeLessThan(100)
  }
})
