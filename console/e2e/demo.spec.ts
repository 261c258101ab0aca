import { expect, test } from '@playwright/test'
import { kept } from './browser'

test('the playground of dev signs in as the admin of acme with one click, and keeps nothing', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.goto('/playground')

  await page.getByRole('button', { name: 'Use admin of acme' }).click()
  await expect(page.getByRole('banner')).toContainText('admin@acme.example')
  await page.getByRole('button', { name: /^Execute query/ }).click()
  await expect(page.locator('.graphiql-footer .badge')).toHaveText('OK')

  await page.reload()
  await expect(page.getByRole('button', { name: 'Use admin of acme' })).toBeVisible()
  expect(JSON.stringify(await kept(page))).not.toContain('eyJ')
  expect(complaints).toEqual([])
})
