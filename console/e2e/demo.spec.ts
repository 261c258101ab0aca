import { expect, test } from '@playwright/test'
import { given, kept } from './browser'

test('the playground of dev signs in as the admin of acme with one click, and keeps nothing', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  const demo = page.getByRole('button', { name: 'Use admin of acme' })
  await page.goto(given('DEMO_ADDRESS'))

  await demo.click()
  await expect(page.getByRole('banner')).toContainText('admin@acme.example')
  await page.getByRole('button', { name: /^Execute query/ }).click()
  await expect(page.locator('.graphiql-footer .badge')).toHaveText('OK')
  expect(page.url()).not.toContain('#')

  await page.reload()
  await expect(page.getByLabel('Token or API key')).toBeVisible()
  await expect(demo).toBeHidden()
  expect(JSON.stringify(await kept(page))).not.toMatch(/eyJ|demo=/)
  expect(complaints).toEqual([])
})
