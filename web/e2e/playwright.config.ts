import { defineConfig } from '@playwright/test'

/**
 * Run by the tests of e2e/ in Go, each of which starts a server and says in the environment where the page is, who asks
 * and which browser to take.
 */
export default defineConfig({
  testDir: '.',
  outputDir: process.env.BROWSER_RESULTS ?? 'test-results',
  workers: Number(process.env.BROWSER_WORKERS ?? 1),
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: 'line',
  use: {
    baseURL: process.env.BROWSER_ORIGIN,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.BROWSER_CHROMIUM,
      // Root has no sandbox to use; the rest keeps Chromium from calling home.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
