import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, test as base, expect, type Page } from '@playwright/test'
import { given, kept } from './browser'
import { Gate } from './gate'

/** The API, an origin other than the page's. */
export const api = given('APOLLO_API')
export const token = given('APOLLO_TOKEN')
export const expiredToken = given('APOLLO_EXPIRED_TOKEN')
export const secretValue = given('APOLLO_SECRET')

type Answer = { data: Record<string, any>; errors?: unknown[] }

/** Asks the API from outside of the browser, as an admin. */
export type Ask = (query: string, variables?: object) => Promise<Record<string, any>>

/** The example, opened; and what it must not do, which is looked at when the test ends. */
export const test = base.extend<{ ask: Ask; gate: Gate; example: Example }>({
  ask: async ({ request }, use) => use((query, variables) => ask(request, query, variables)),
  /** Put before the page is opened: its PUTs go through the gate. Signatures hold for a host with any port. */
  gate: async ({ page }, use) => {
    const gate = new Gate(new URL(given('APOLLO_STORAGE')))
    const origin = await gate.start()
    await page.addInitScript((origin) => {
      const open = XMLHttpRequest.prototype.open
      XMLHttpRequest.prototype.open = function (method: string, url: string | URL) {
        return open.call(this, method, String(url).replace(/^http:\/\/[^/]+/, origin), true)
      }
    }, origin)
    await page.reload()
    await use(gate)
    gate.stop()
  },
  example: async ({ page }, use) => {
    const example = new Example(page)
    await page.goto('/')
    await use(example)
    await example.behaved()
  },
})

async function ask(request: APIRequestContext, query: string, variables?: object) {
  const headers = { Authorization: `Bearer ${token}` }
  const answer = await request.post(`${api}/graphql`, { headers, data: { query, variables } })
  const { data, errors } = (await answer.json()) as Answer
  expect(errors).toBeUndefined()
  return data
}

export class Example {
  /** What the browser says by itself of an answer that a test provokes. */
  expected = /status of (401|429|503)/
  private readonly complaints: string[] = []

  constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(error.message))
  }

  async signIn(credential = token) {
    await this.page.getByLabel('Address of the API').fill(api)
    await this.page.getByLabel('Token or API key').fill(credential)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
  }

  async create(name: string) {
    await this.page.getByLabel('Name', { exact: true }).fill(name)
    await this.page.getByRole('button', { name: 'Create' }).click()
  }

  reload = () => this.page.getByRole('button', { name: 'Reload' }).click()

  datastores = () => this.page.getByRole('list', { name: 'Datastores' }).getByRole('button')

  problem = () => this.page.getByRole('alert')

  /** All that Apollo has cached, as text; React knows where the client is. */
  cached = () =>
    this.page.evaluate(() => {
      const root = document.getElementById('root') as any
      const container = root[Object.keys(root).find((key) => key.startsWith('__reactContainer$'))!]
      const waiting = [container.stateNode.current]
      for (let fiber = waiting.pop(); fiber; fiber = waiting.pop()) {
        const cache = fiber.memoizedProps?.client?.cache
        if (cache) return JSON.stringify(cache.extract())
        waiting.push(...[fiber.child, fiber.sibling].filter(Boolean))
      }
      throw new Error('there is no client')
    })

  async isAccessible() {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze()
    const found = violations.flatMap((v) => v.nodes.map((n) => ({ rule: v.id, impact: v.impact, html: n.html })))
    expect(found).toEqual([])
  }

  screenshot = async (name: string) => {
    const folder = process.env.BROWSER_RESULTS
    if (folder) await this.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  }

  async behaved() {
    const left = await kept(this.page)
    expect([left.local, left.session, left.other, left.cookies]).toEqual([{}, {}, [], ''])
    expect(left.address).toBe(`${new URL(this.page.url()).origin}/null`)
    expect(this.complaints.filter((text) => !this.expected.test(text))).toEqual([])
  }
}

export { expect }
