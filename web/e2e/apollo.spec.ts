import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { given } from './browser'
import { api, expect, expiredToken, secretValue, test, token } from './apollo'

const createDatastore =
  'mutation($input: CreateDatastoreInput!) { createDatastore(input: $input) { datastore { id } } }'
const createSecret = 'mutation($input: CreateSecretInput!) { createSecret(input: $input) { secret { id } } }'
/** The client as it is built, which the page finds below /client. */
const dist = fileURLToPath(new URL('../../client/ts/dist/', import.meta.url))
const auditLog = '{ auditEvents(first: 100) { nodes { id action } } }'

test('datastores are listed page by page', async ({ example, ask, page }) => {
  for (const number of [1, 2, 3, 4, 5, 6, 7]) {
    await ask(createDatastore, { input: { name: `list ${number}` } })
  }
  await example.signIn()
  const signedIn = page.getByRole('region', { name: 'Signed in' })
  await expect(signedIn).toContainText('admin@acme.example (ADMIN) in acme, europe-west1')
  await expect(example.datastores()).toHaveText(['list 1', 'list 2', 'list 3', 'list 4', 'list 5'])
  await page.getByRole('button', { name: 'More' }).click()
  await expect(example.datastores()).toHaveText(['list 1', 'list 2', 'list 3', 'list 4', 'list 5', 'list 6', 'list 7'])
  await expect(page.getByRole('button', { name: 'More' })).toHaveCount(0)
})

test('a datastore is created, and its name taken from then on', async ({ example, page }) => {
  await example.signIn()
  await example.create('a browser made me')
  await expect(page.getByRole('heading', { name: 'a browser made me' })).toBeVisible()
  await expect(example.datastores().first()).toHaveText('a browser made me')
  await example.create('a browser made me')
  await expect(example.problem()).toContainText('CONFLICT')
})

test('a file goes up while its progress moves, and is an object then', async ({ example, page, ask, gate }) => {
  const size = 32 << 20 // far more than what the buffers of sockets take
  const file = test.info().outputPath('report.csv')
  writeFileSync(file, Buffer.alloc(size, 'day,amount\n'))
  gate.allow(1 << 20)
  await example.signIn()
  await example.create('an upload')
  await expect(page.getByText('It is empty.')).toBeVisible()
  await page.getByLabel('File').setInputFiles(file)
  await page.getByRole('button', { name: 'Upload', exact: true }).click()

  const sent = () => page.getByRole('progressbar').evaluate((bar: HTMLProgressElement) => bar.value)
  await expect.poll(sent).toBeGreaterThan(1 << 16)
  const first = await sent()
  gate.allow(16 << 20)
  await expect.poll(sent).toBeGreaterThan(Math.max(first, 15 << 20))
  expect(await sent()).toBeLessThan(size)
  await example.screenshot('upload')
  gate.allow(Infinity)
  await expect(page.getByText('report.csv is stored as version 1, 33,554,432 bytes.')).toBeVisible()

  await expect(page.getByRole('row').filter({ hasText: 'report.csv' })).toContainText('text/csv')
  const stored = 'object(key: "report.csv") { current { sizeBytes contentType } }'
  const { datastores } = await ask(`{ datastores(nameContains: "an upload") { nodes { ${stored} } } }`)
  expect(datastores.nodes).toEqual([{ object: { current: { sizeBytes: String(size), contentType: 'text/csv' } } }])
  expect(await example.cached()).not.toContain('X-Goog-Signature')
})

test('an upload that is cancelled leaves nothing', async ({ example, page, ask, gate }) => {
  const file = test.info().outputPath('half.bin')
  writeFileSync(file, Buffer.alloc(32 << 20))
  gate.allow(1 << 20)
  await example.signIn()
  await example.create('a cancelled upload')
  await page.getByLabel('File').setInputFiles(file)
  await page.getByRole('button', { name: 'Upload', exact: true }).click()
  const sent = () => page.getByRole('progressbar').evaluate((bar: HTMLProgressElement) => bar.value)
  await expect.poll(sent, { timeout: 120_000 }).toBeGreaterThan(1 << 16)
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(page.getByText('The upload was cancelled.')).toBeVisible()

  const found = 'nodes { uploads { nodes { state } } }'
  const { datastores } = await ask(`{ datastores(nameContains: "a cancelled") { ${found} } }`)
  expect(datastores.nodes).toEqual([{ uploads: { nodes: [{ state: 'CANCELLED' }] } }])
  await expect(page.getByText('It is empty.')).toBeVisible()
})

test('a page sends a file in parts, and reads it back after a break', async ({ example, page, ask }) => {
  void example // opens the page
  const { createDatastore: made } = await ask(createDatastore, { input: { name: 'there and back' } })
  await page.route('**/client/*', (route) => route.fulfill({ path: dist + basename(route.request().url()) }))
  const told = await page.evaluate(thereAndBack, { endpoint: `${api}/graphql`, token, datastoreId: made.datastore.id })
  const size = 9 << 20
  expect(told).toEqual({ sizeBytes: String(size), received: size, ranges: [null, 'bytes=1000-'] })
})

/** Moves a file with the client itself. The first answer of storage breaks off after a thousand bytes. */
async function thereAndBack(at: { endpoint: string; token: string; datastoreId: string }) {
  const path = '/client/index.js'
  const { createClient, download, upload } = await import(path)
  const key = 'there and back'
  const sender = createClient({ endpoint: at.endpoint, credential: at.token })
  const file = new Blob([new Uint8Array(9 << 20).fill(7)])
  const { version } = await upload(sender, { datastoreId: at.datastoreId, key, file }, { mode: 'RESUMABLE' })

  const ranges: (string | null)[] = []
  const breaking = async (input: string, init: RequestInit) => {
    const answer = await fetch(input, init)
    if (init.method === 'POST') return answer
    ranges.push(new Headers(init.headers).get('Range'))
    if (ranges.length > 1) return answer
    const { value } = await answer.body!.getReader().read()
    return new Response(value!.slice(0, 1000), { headers: answer.headers })
  }
  const reader = createClient({ endpoint: at.endpoint, credential: at.token, fetch: breaking })
  const { body } = await download(reader, { datastoreId: at.datastoreId, key })
  const { byteLength } = await new Response(body).arrayBuffer()
  return { sizeBytes: version.sizeBytes, received: byteLength, ranges }
}

test('a secret is revealed, not cached, and hidden after a while', async ({ example, page, ask }) => {
  await ask(createSecret, { input: { name: 'apollo/revealed', value: { text: secretValue } } })
  await page.clock.install()
  await example.signIn()
  await page.getByRole('combobox', { name: 'Secret' }).selectOption('apollo/revealed')
  await page.getByLabel('Reason').fill('to see it once')
  await page.clock.pauseAt(Date.now() + 3_600_000) // from here on time passes only as the test says
  await page.getByRole('button', { name: 'Reveal' }).click()
  const value = page.getByText(secretValue)
  await expect(value).toBeVisible()
  await example.screenshot('reveal')
  await page.clock.fastForward(14_000)
  await expect(value).toBeVisible()
  await page.clock.fastForward(1_000)
  await expect(value).toHaveCount(0)
  expect(await example.cached()).toContain('apollo/revealed')
  expect(await example.cached()).not.toContain(secretValue)

  await page.getByRole('button', { name: 'Reveal' }).click()
  await expect(value).toBeVisible()
  await page.getByRole('button', { name: 'Hide' }).click()
  await expect(value).toHaveCount(0)
  const { auditEvents } = await ask('{ auditEvents(filter: {action: "secret.accessed"}) { nodes { reason } } }')
  expect(auditEvents.nodes).toEqual([{ reason: 'to see it once' }, { reason: 'to see it once' }])
})

test('a revoked key is UNAUTHENTICATED at once, and a credential asked for again', async ({ example, page, ask }) => {
  const create = 'mutation { createAPIKey(input: {name: "apollo", scopes: [DATASTORES_READ]}) { token apiKey { id } } }'
  const { createAPIKey } = await ask(create)
  await example.signIn(createAPIKey.token)
  await expect(page.getByRole('region', { name: 'Signed in' })).toContainText('apollo (API key)')
  await expect(page.getByRole('region', { name: 'Secrets' })).toContainText('FORBIDDEN')
  await expect(example.datastores()).not.toHaveCount(0)

  const revoke = 'mutation($id: ID!) { revokeAPIKey(input: {apiKeyId: $id}) { apiKey { id } } }'
  await ask(revoke, { id: createAPIKey.apiKey.id })
  await example.reload()
  await expect(example.problem()).toContainText('UNAUTHENTICATED')
  await expect(page.getByLabel('Token or API key')).toBeFocused()
  await expect(page.getByLabel('Token or API key')).toHaveValue('')
  await expect(example.datastores()).toHaveCount(0)
  await example.screenshot('unauthenticated')

  await example.signIn()
  await expect(page.getByRole('region', { name: 'Signed in' })).toContainText('admin@acme.example')
  await expect(example.problem()).toHaveCount(0)
})

test('an expired token is UNAUTHENTICATED', async ({ example, page }) => {
  await example.signIn(expiredToken)
  await expect(example.problem()).toContainText('UNAUTHENTICATED')
  await expect(page.getByLabel('Token or API key')).toBeVisible()
})

test('a page of an origin that is not allowed gets nothing, and nothing happens', async ({ example, page, ask }) => {
  example.expected = /blocked by CORS policy|net::ERR_FAILED|status of 401/
  const before = await ask(auditLog)
  await page.goto(given('APOLLO_STRANGER'))
  await example.signIn()
  await expect(example.problem()).toContainText('UNREACHABLE')
  await example.create('made by a stranger')
  await expect(example.problem()).toContainText('UNREACHABLE')
  await expect(page.getByRole('button', { name: 'Create' })).toBeEnabled()
  await expect(example.datastores()).toHaveCount(0)
  await expect(page.getByText('acme')).toHaveCount(0)

  const query = 'mutation { createDatastore(input: {name: "made by a stranger"}) { datastore { id } } }'
  const kinds = await page.evaluate(answersToWhatNeedsNoPreflight, { url: `${api}/graphql`, query })
  expect(kinds).toEqual(['opaque', 'opaque'])
  expect(await ask(auditLog)).toEqual(before)
  const { datastores } = await ask('{ datastores(nameContains: "stranger") { totalCount } }')
  expect(datastores.totalCount).toBe(0)
})

/** Sends the mutation in the ways that a browser allows without asking the server first. */
async function answersToWhatNeedsNoPreflight({ url, query }: { url: string; query: string }) {
  const posted = await fetch(url, { method: 'POST', mode: 'no-cors', body: JSON.stringify({ query }) })
  const got = await fetch(`${url}?query=${encodeURIComponent(query)}`, { mode: 'no-cors' })
  return [posted.type, got.type]
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`everybody can use it, in ${colorScheme}`, async ({ example, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await example.isAccessible()
    await example.screenshot(`sign-in-${colorScheme}`)
    await example.signIn()
    await example.datastores().filter({ hasText: 'an upload' }).click()
    await expect(page.getByRole('row').filter({ hasText: 'report.csv' })).toBeVisible()
    await example.create('an upload')
    await expect(example.problem()).toContainText('CONFLICT')
    await page.getByLabel('Reason').fill('to see how it looks')
    await page.getByRole('button', { name: 'Reveal' }).click()
    await expect(page.getByText(secretValue)).toBeVisible()
    await example.isAccessible()
    await example.screenshot(colorScheme)
  })
}

test('with the keyboard alone it can be used as well', async ({ example, page }) => {
  await page.getByLabel('Address of the API').fill(api)
  await page.keyboard.press('Tab')
  await page.keyboard.insertText(token)
  await page.keyboard.press('Enter')
  await page.getByLabel('Name', { exact: true }).focus()
  await page.keyboard.type('by keyboard')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'by keyboard' })).toBeVisible()
  await expect(example.problem()).toHaveCount(0)
})

test('an outage says when to try again, which stands in a header alone', async ({ example, page }) => {
  await page.route(`${api}/graphql`, (route) =>
    route.fulfill({
      status: 503,
      contentType: 'application/graphql-response+json',
      headers: {
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Expose-Headers': 'Retry-After',
        'Retry-After': '7',
      },
      body: '{"errors":[{"message":"The database did not answer.","extensions":{"code":"UNAVAILABLE"}}]}',
    }),
  )
  await example.signIn()
  await expect(example.problem()).toContainText('UNAVAILABLE The database did not answer. Try again in 7 seconds.')
})

test('too many bad credentials are RATE_LIMITED, with the time to wait', async ({ example, request }) => {
  const forged = `${token.slice(0, -8)}AAAAAAAA`
  for (let i = 0; i < 20; i++) {
    const headers = { Authorization: `Bearer ${forged}` }
    await request.post(`${api}/graphql`, { headers, data: { query: '{ viewer { scopes } }' } })
  }
  await example.signIn(forged)
  await expect(example.problem()).toContainText(/RATE_LIMITED .* Try again in \d+ seconds/)
})
