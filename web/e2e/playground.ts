import { test as base, expect, type Locator, type Page } from '@playwright/test'
import { given, kept } from './browser'

export const token = given('PLAYGROUND_TOKEN')
export const tokenOfTwo = given('PLAYGROUND_TOKEN_OF_TWO')
export const secretValue = given('PLAYGROUND_SECRET')
export const key = given('PLAYGROUND_KEY')
const storage = given('PLAYGROUND_STORAGE')

/** The page, opened; and what it must not do, which is looked at when the test ends. */
export const test = base.extend<{ playground: Playground }>({
  playground: async ({ page }, use) => {
    const playground = new Playground(page)
    await playground.open()
    await use(playground)
    await playground.behaved()
  },
})

export class Playground {
  private readonly asked: string[] = []
  private readonly complaints: string[] = []

  constructor(readonly page: Page) {
    page.context().on('request', (request) => this.asked.push(request.url()))
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && this.complaints.push(message.text()))
    page.on('pageerror', (error) => this.complaints.push(error.message))
  }

  async open() {
    await this.page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (e) => console.error(`CSP: ${e.violatedDirective} ${e.blockedURI}`))
    })
    await this.page.goto('/playground')
    await expect(this.page.getByRole('region', { name: 'Operation Editor' }).locator('.view-line').first()).toBeVisible()
  }

  async signIn(credential = token) {
    await this.paste(this.page.getByLabel('Token or API key'), credential)
    await expect(this.page.getByRole('button', { name: 'Forget' })).toBeVisible()
  }

  example = (title: string) => this.page.getByRole('region', { name: 'Examples' }).getByRole('button', { name: title }).click()

  run = () => this.page.getByRole('button', { name: /^Execute query/ }).click()

  /** The status below the answer: OK, or the code of its first error. */
  status = () => this.page.locator('.graphiql-footer .badge')

  /** Writes a text in place of what an editor holds. */
  async write(editor: 'Operation Editor' | 'Variables' | 'Headers', text: string) {
    await this.page.getByRole('region', { name: editor }).locator('.view-lines:visible').click()
    await this.page.keyboard.press('ControlOrMeta+a')
    await this.paste(this.page.locator('textarea:focus'), text)
  }

  private paste = (into: Locator, text: string) =>
    into.evaluate((element, pasted) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', pasted)
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, text)

  /** The text of the answer, as far as the screen shows it. */
  async answer(): Promise<string> {
    const lines = await this.page.locator('.result-window .view-line').allTextContents()
    return lines.join('').replace(/\s+/g, ' ')
  }

  answers = (text: string | RegExp) => expect.poll(() => this.answer()).toMatch(text)

  kept = () => kept(this.page)

  async behaved() {
    const origin = new URL(this.page.url()).origin
    expect(this.asked.length).toBeGreaterThan(5)
    expect(this.asked.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith(`${storage}/`) && !url.startsWith('data:'))).toEqual([])
    expect(this.complaints.filter((text) => !/status of 401/.test(text))).toEqual([])
  }
}

export { expect }
