import { createHash, randomBytes } from 'node:crypto'
import AxeBuilder from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { given, kept } from './browser'

/** Where the console is, and a token of acme's admin, by which a test makes what it needs. */
export const address = given('CONSOLE_ADDRESS')
export const token = given('CONSOLE_TOKEN')
const origin = new URL(address).origin
const issuer = given('CONSOLE_ISSUER')
const peers = [origin, issuer, given('CONSOLE_STORAGE')]

/** Where the pictures go of what is looked at; undefined if nobody keeps them. */
const pictures = process.env.BROWSER_PICTURES === 'false' ? undefined : process.env.BROWSER_RESULTS

const looks = (
  [
    ['light', 1280],
    ['dark', 390],
    ['light', 390],
    ['dark', 1280],
  ] as const
).slice(0, process.env.PROVE === 'full' ? 4 : 2)

/** Waits until no colour changes any more; what turns for ever is no change. A change begins with the frame after its cause. */
const settled = async () => {
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn))
  for (let quiet = 0; quiet < 2; quiet++) {
    await frame()
    const changes = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
    if (changes.length > 0) quiet = -1
    await Promise.allSettled(changes.map((animation) => animation.finished))
  }
}

/** Somebody of the demo workspaces, by address. */
export type Person = `${'admin' | 'editor' | 'viewer'}@${'acme' | 'globex'}.example`

/** The console in one tab; and what it must not do, which is looked at when the test ends. Nothing moves: that takes time. */
export const test = base.extend<{ console: Console; open: () => Promise<Console> }>({
  contextOptions: { reducedMotion: 'reduce' },
  open: async ({ context }, use) => {
    const all: Console[] = []
    await use(async () => {
      const next = new Console(await context.newPage())
      await next.watch()
      all.push(next)
      return next
    })
    for (const one of all) one.behaved()
  },
  console: async ({ open }, use) => use(await open()),
})

export class Console {
  private readonly asked: string[] = []
  private readonly complaints: string[] = []

  constructor(readonly page: Page) {
    page.on('request', (request) => this.asked.push(request.url()))
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && this.complaints.push(message.text()))
    page.on('pageerror', (error) => this.complaints.push(error.message))
  }

  watch = () =>
    this.page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`))
    })

  /** Opens an address of the console, and signs in there by clicking. */
  async signInByHand(person: Person, path = '') {
    await this.page.goto(address + path)
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await this.choose(person)
  }

  /**
   * Opens an address of the console as somebody: begins the sign-in at the issuer's page, as the console does, which need
   * not be loaded for that.
   */
  async signIn(person: Person, path = '') {
    const [state, nonce, verifier] = [1, 2, 3].map(() => randomBytes(32).toString('base64url')) as [string, string, string]
    const begun = JSON.stringify({ state, nonce, verifier, address: (address + path).slice(origin.length) })
    await this.page.addInitScript(
      ({ state, begun }) => {
        const answer = new URLSearchParams(location.search)
        if (answer.get('state') === state && answer.has('code')) sessionStorage.setItem('sign-in', begun)
      },
      { state, begun },
    )
    const asked = new URLSearchParams({
      response_type: 'code',
      client_id: 'data-api-sign-in',
      redirect_uri: address,
      scope: 'openid email offline_access',
      state,
      nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    await this.page.goto(`${issuer}/authorize?${asked}`)
    await this.choose(person)
  }

  /** Chooses at the issuer who to be, and waits for the console. */
  private async choose(person: Person) {
    await this.page.getByRole('button', { name: person }).click()
    await this.page.waitForURL((url) => url.href.startsWith(address) && !url.searchParams.has('code'), { waitUntil: 'commit' })
    await expect(this.page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Sign in' })).toBeVisible()
  }

  /** The page itself, without the dialogs over it, which may still be closing. */
  get content() {
    return this.page.locator('#content')
  }

  heading = (name: string | RegExp) => expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible()

  go = (name: string) => this.page.getByRole('link', { name, exact: true }).click()

  /**
   * Looks at the page as axe does, light and wide, dark and narrow, at full size each at both widths; and takes pictures
   * where somebody asks for them.
   */
  async isAccessible(name: string) {
    for (const [scheme, width] of looks) {
      await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
      await this.page.setViewportSize({ width, height: 860 })
      await this.page.evaluate(settled)
      const violations = await this.violations()
      expect(violations.map((v) => [name, scheme, width, v.id, v.nodes.map((n) => n.html)])).toEqual([])
      expect(await this.page.evaluate(() => document.documentElement.scrollWidth), `${name} is wider than ${width}`).toBeLessThanOrEqual(width)
      if (pictures) await this.page.screenshot({ path: `${pictures}/console-${name}-${scheme}-${width}.png` })
    }
    await this.page.setViewportSize({ width: 1280, height: 860 })
  }

  /**
   * What axe finds. The page has no frames, so it is looked at as a whole ("legacy"): otherwise axe opens a page more, and
   * takes all that is right there, ten times as long. axe stays in a page that was looked at before.
   */
  private async violations() {
    const isThere = await this.page.evaluate(() => 'axe' in window)
    const axe = new AxeBuilder({ page: this.page, ...(isThere && { axeSource: ';' }) })
    const found = await axe
      .setLegacyMode()
      .options({ resultTypes: ['violations'] })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(found.passes.length).toBeGreaterThan(3) // it has looked
    return found.violations
  }

  /** What the browser would still have tomorrow has nothing of these texts. */
  async keepsNothingOf(...texts: string[]) {
    const all = JSON.stringify(await kept(this.page))
    for (const text of texts) expect(all).not.toContain(text)
    expect(all).not.toMatch(/eyJ|verifier|code=/)
  }

  /** Takes an error that the test wanted off the list of complaints. */
  expected(pattern: RegExp) {
    const left = this.complaints.filter((text) => !pattern.test(text))
    expect(left.length).toBeLessThan(this.complaints.length)
    this.complaints.splice(0, Infinity, ...left)
  }

  behaved() {
    expect(this.asked.filter((url) => !/^(data|blob):/.test(url) && !peers.includes(new URL(url).origin))).toEqual([])
    expect(this.complaints).toEqual([])
  }
}

/** Runs an operation of the API as acme's admin, and returns its data. */
export async function run<Data>(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<Data> {
  const answer = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await answer.json()) as { data: Data; errors?: unknown }
  expect(errors).toBeUndefined()
  return data
}

let acmes: Promise<string> | undefined
const find = async () => {
  const { workspaces } = await run<{ workspaces: { id: string; name: string }[] }>('{ workspaces { id name } }')
  return workspaces.find(({ name }) => name === 'acme')!.id
}

/** The id of acme, the workspace that all specifications share. */
export const acme = () => (acmes ??= find())

/** Says that a call is about acme: its admin is in other workspaces as well. */
export const inAcme = async () => ({ 'X-Workspace-Id': await acme() })

/** Creates a workspace of acme's admin alone, in which a test may do as it likes, and returns its id. */
export async function newWorkspace(name: string): Promise<string> {
  const { regions } = await run<{ regions: string[] }>('{ regions }')
  const { createWorkspace } = await run<{ createWorkspace: { workspace: { id: string } } }>(
    'mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { id } } }',
    { input: { name, region: regions[0] } },
  )
  return createWorkspace.workspace.id
}

/** A name that no other test has. */
export const unique = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}`

export { expect }
