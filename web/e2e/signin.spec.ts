import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { given, kept } from './browser'

const address = given('SIGN_IN_ADDRESS')

const accessible = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze()
  expect(violations.filter((v) => ['serious', 'critical'].includes(v.impact ?? '')).map((v) => [v.id, v.nodes.map((n) => n.html)])).toEqual([])
}

const banner = (page: Page) => page.getByRole('banner')

/** Leads from the playground to the issuer's page. */
async function leave(page: Page) {
  await page.goto(address)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible()
}

async function runs(page: Page) {
  await page.getByRole('button', { name: /^Execute query/ }).click()
  await expect(page.locator('.graphiql-footer .badge')).toHaveText('OK')
}

test('the playground of dev signs in on the issuer, keeps nothing, and signs out', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await leave(page)
  await page.getByRole('button', { name: 'editor@globex.example' }).click()

  await expect(banner(page)).toContainText('editor@globex.example')
  await runs(page)
  expect(page.url()).toBe(address)
  expect(JSON.stringify(await kept(page))).not.toMatch(/eyJ|verifier|code=|state=/)

  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByLabel('Token or API key')).toBeVisible()
  expect(page.url()).toBe(address)
  expect(JSON.stringify(await kept(page))).not.toMatch(/eyJ|verifier|code=|state=/)
  expect(complaints).toEqual([])
})

test('a token about to end is renewed once, by requests at the same time too', async ({ page }) => {
  const grants: string[] = []
  page.on('request', (request) => request.url().endsWith('/token') && grants.push(new URLSearchParams(request.postData() ?? '').get('grant_type') ?? ''))
  await page.clock.install()
  await leave(page)
  await page.getByRole('button', { name: 'admin@acme.example' }).click()
  await expect(banner(page)).toContainText('admin@acme.example')
  expect(grants).toEqual(['authorization_code'])

  await page.clock.fastForward('14:30')
  await runs(page)
  expect(grants).toEqual(['authorization_code', 'refresh_token'])
  await runs(page)
  expect(grants).toEqual(['authorization_code', 'refresh_token'])
})

test('a renewal that gets no answer leaves people signed in', async ({ page }) => {
  await page.clock.install()
  await leave(page)
  await page.getByRole('button', { name: 'admin@acme.example' }).click()
  await expect(banner(page)).toContainText('admin@acme.example')

  await page.clock.fastForward('14:30')
  await page.route('**/token', (route) => route.abort())
  await runs(page)

  await page.clock.fastForward('01:00')
  await page.getByRole('button', { name: /^Execute query/ }).click()
  await expect(page.locator('.graphiql-response')).toContainText('does not answer')
  await page.unroute('**/token')
  await runs(page)
  await expect(banner(page)).toContainText('admin@acme.example')
})

test('a sign-in that somebody cancels, or that began elsewhere, signs nobody in', async ({ page }) => {
  await leave(page)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(banner(page)).toContainText('Nobody was chosen on the sign-in page.')
  expect(page.url()).toBe(address)

  await page.goto(`${address}?code=forged&state=forged`)
  await expect(banner(page)).toContainText('This sign-in did not begin in this tab.')
  expect(page.url()).toBe(address)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`everybody can use the sign-in page, in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await leave(page)
    for (const width of [1440, 400]) {
      await page.setViewportSize({ width, height: 900 })
      await accessible(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      if (process.env.BROWSER_RESULTS) await page.screenshot({ path: `${process.env.BROWSER_RESULTS}/sign-in-${colorScheme}-${width}.png`, fullPage: true })
    }
    for (let presses = 0; presses < 6; presses++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect(banner(page)).toContainText('viewer@globex.example')
  })
}
