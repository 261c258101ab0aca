import { defineConfig } from '@playwright/test'

/** Run by e2e/playground_test.go, which starts the server and says in the environment where it is, who asks and which browser to take. */
export default defineConfig({
  testDir: '.',
  outputDir: process.env.PLAYGROUND_RESULTS ?? 'test-results',
  workers: 1,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: 'line',
  use: {
    baseURL: process.env.PLAYGROUND_ORIGIN,
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.PLAYGROUND_CHROMIUM,
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
