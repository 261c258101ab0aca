import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { buildClientSchema, getIntrospectionQuery, getVariableValues, type OperationDefinitionNode, parse, validate } from 'graphql'
import { groups } from '../playground/src/examples'
import { nouns } from '../playground/src/nouns'
import { expect, key, secretValue, test, token, tokenOfTwo } from './playground'

/** Nothing that axe finds serious, but for what is known of GraphiQL. */
async function isAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    // The inside of Monaco is Microsoft's: it paints text that its hidden text area tells screen readers, which axe cannot see.
    .exclude('.monaco-editor')
    .analyze()
  // GraphiQL's tab is a role=tab around two buttons, one of which closes it. Both can be reached and pressed with the keyboard.
  const found = violations.flatMap((v) => v.nodes.map((n) => ({ rule: v.id, impact: v.impact, html: n.html })))
  const known = (v: { rule: string; html: string }) => v.rule === 'nested-interactive' && v.html.includes('graphiql-tab')
  expect(found.filter((v) => ['serious', 'critical'].includes(v.impact ?? '') && !known(v))).toEqual([])
}

const name = `made by a browser ${Date.now()}`

test('before a token is pasted, the page says how to get one, and the server says no', async ({ playground, page }) => {
  await expect(page.getByRole('banner')).toContainText('bin/data-api dev token --role admin')
  await page.getByRole('button', { name: 'Show Documentation' }).click()
  await expect(page.getByRole('region', { name: 'Documentation' })).toContainText('Paste it into the field at the top')
  await playground.run()
  await expect(playground.status()).toHaveText('UNAUTHENTICATED')
})

test('what is no credential is refused, with the reason', async ({ playground, page }) => {
  await page.getByLabel('Token or API key').fill('wörd')
  await page.getByRole('button', { name: 'Use', exact: true }).click()
  await expect(page.getByRole('banner')).toContainText('neither a token nor an API key')
  await page.getByLabel('Token or API key').fill('not.a.token')
  await page.getByRole('button', { name: 'Use', exact: true }).click()
  await expect(page.getByRole('banner')).toContainText('UNAUTHENTICATED')
  expect((await playground.kept()).other).toEqual([])
})

test('a query and a mutation run with a pasted token, and an error shows its code', async ({ playground }) => {
  await playground.signIn(`Authorization: Bearer ${token}`)
  await playground.run()
  await playground.answers(/"label": ?"admin@acme\.example"/)
  await expect(playground.status()).toHaveText('OK')

  await playground.example('Create a datastore')
  await playground.write('Variables', JSON.stringify({ input: { name } }))
  await playground.run()
  await playground.answers(/"createDatastore": ?{/)
  await expect(playground.status()).toHaveText('OK')

  await playground.run()
  await expect(playground.status()).toHaveText('CONFLICT')
  await playground.answers(/"code": ?"CONFLICT"/)
})

test('every example fits the schema, variables and all, and every root field has a noun', async ({ request }) => {
  const headers = { Authorization: `Bearer ${token}` }
  const introspection = await request.post('/graphql', { headers, data: { query: getIntrospectionQuery() } })
  const schema = buildClientSchema((await introspection.json()).data)
  for (const example of groups.flatMap((group) => group.examples)) {
    const document = parse(example.query)
    expect(validate(schema, document), example.name).toEqual([])
    const operation = document.definitions[0] as OperationDefinitionNode
    expect(operation.name?.value).toBe(example.name)
    expect(getVariableValues(schema, operation.variableDefinitions ?? [], JSON.parse(example.variables ?? '{}')).errors, example.name).toBeUndefined()
  }
  const documented = nouns(schema)
  const entries = documented.flatMap(({ queries, mutations }) => [...queries, ...mutations])
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) => Object.values(type?.getFields() ?? {}))
  const homeless = roots.filter((field) => !entries.some((entry) => entry.field === field))
  expect(homeless.map((field) => field.name), 'root fields without an example, and so without a noun').toEqual([])
  for (const { field, example } of entries) {
    const who = /^Who may: (.*)$/m.exec(field.description!)?.[1] ?? ''
    if (who.startsWith('any valid credential')) continue
    const role = /role (\w+)/.exec(who)?.[1]?.toLowerCase()
    const scopes = [...who.matchAll(/`(.*?)`/g)].map(([, scope]) => (role ? `${role}, or ${scope}` : `a key with ${scope}`))
    expect(scopes.length > 0 ? scopes : [role], field.name).toContain(example.needs)
  }
  expect(documented.filter(({ types }) => types.length === 0).map(({ group }) => group.title), 'nouns without a type').toEqual([])
})

test('ids of earlier answers are filled in, and the upload is offered as a command', async ({ playground, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await playground.signIn()
  await playground.example('List datastores')
  await playground.run()
  await expect(playground.status()).toHaveText('OK')
  await playground.example('Upload a file')
  await expect(page.getByRole('region', { name: 'Variables' })).not.toContainText('DATASTORE_ID')
  await playground.run()
  await page.getByRole('button', { name: 'Copy the PUT as curl' }).click()
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^curl -sS -f -X PUT 'http:.*x-goog-content-length-range: 0,1048576/s)

  await page.getByLabel('Send a file').setInputFiles({ name: 'may.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') })
  await expect(page.getByText('Sent may.csv: now complete the upload.')).toBeVisible()
  await playground.example('Complete an upload')
  await playground.run()
  await playground.answers(/"state": ?"COMPLETED"/)
})

test('the schema is documented by noun, and an example is one press away', async ({ playground, page }) => {
  await playground.signIn()
  await page.getByRole('button', { name: 'Show Documentation' }).click()
  await page.getByRole('button', { name: /^Secrets/ }).press('Enter')
  const noun = page.getByRole('region', { name: 'Documentation of Secrets' })
  await expect(noun).toBeFocused()
  const entry = noun.getByRole('listitem').filter({ hasText: 'revealSecret' })
  await expect(entry).toContainText('Needs admin, or secrets:read')
  await expect(noun.getByRole('link', { name: 'SecretVersion', exact: true })).toBeVisible()

  await entry.getByRole('link', { name: 'revealSecret' }).press('Enter')
  await expect(page.getByText('is on record before the value is read')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Documentation of revealSecret' })).toBeFocused()
  await page.getByRole('link', { name: 'Go back to Secrets' }).press('Enter')
  await entry.getByRole('button', { name: 'Example of revealSecret' }).press('Enter')
  await expect(noun.getByRole('status').filter({ hasText: 'In the editor: Reveal a secret' })).toBeAttached()
  await expect(page.getByRole('region', { name: 'Operation Editor' })).toContainText('mutation RevealSecret')
})

test('the documentation can be searched, and shows the whole schema', async ({ playground, page }) => {
  await playground.signIn()
  await page.getByRole('button', { name: 'Show Documentation' }).click()
  await page.getByRole('combobox').fill('endLease')
  await page.getByRole('option', { name: 'Mutation.endLease' }).click()
  await expect(page.getByRole('region', { name: 'Documentation of endLease' })).toContainText('EndLeasePayload')
  await page.getByRole('link', { name: 'Go back to Docs' }).click()
  await page.getByRole('button', { name: 'The whole schema' }).click()
  await page.getByRole('link', { name: 'Mutation', exact: true }).click()
  await page.getByRole('link', { name: 'revealSecret', exact: true }).click()
  await expect(page.getByText('is on record before the value is read')).toBeVisible()
})

for (const width of [1280, 390]) {
  test(`everybody can read the documentation, ${width} pixels wide`, async ({ playground, page }) => {
    await page.setViewportSize({ width, height: 844 })
    await playground.signIn()
    await page.getByRole('button', { name: 'Show Documentation' }).click()
    const check = async (part: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await isAccessible(page)
        const panel = page.locator('.graphiql-plugin')
        expect(await panel.evaluate((e) => e.scrollWidth - e.clientWidth), part).toBe(0)
        expect(await page.evaluate(() => document.documentElement.scrollWidth), part).toBeLessThanOrEqual(width)
        if (process.env.BROWSER_RESULTS) await page.screenshot({ path: `${process.env.BROWSER_RESULTS}/docs-${part}-${colorScheme}-${width}.png` })
      }
    }
    await expect(page.getByRole('button', { name: /^Audit log/ })).toBeVisible()
    await check('nouns')
    await page.getByRole('button', { name: /^Files/ }).click()
    await check('noun')
    await page.getByRole('link', { name: 'createDownloadURL', exact: true }).click()
    await check('field')
  })
}

test('an API key works as well, and says what it may do', async ({ playground, page }) => {
  await playground.signIn(key)
  await expect(page.getByRole('banner')).toContainText('API key')
  await playground.run()
  await playground.answers(/"DATASTORES_READ"/)
})

test('a member of two workspaces chooses one', async ({ playground, page }) => {
  await playground.signIn(tokenOfTwo)
  await playground.example('List datastores')
  await playground.run()
  await expect(playground.status()).toHaveText('BAD_USER_INPUT')
  await page.getByRole('combobox', { name: 'Workspace' }).selectOption({ label: 'second · europe-west1' })
  await expect(page.getByRole('banner')).toContainText('two@second.example')
  await playground.run()
  await expect(playground.status()).toHaveText('OK')
})

test('a subscription is asked for as server-sent events', async ({ playground, page }) => {
  let asked: Record<string, string> = {}
  await page.route('**/graphql', async (route) => {
    const headers = await route.request().allHeaders()
    if (headers.accept !== 'text/event-stream') return route.continue()
    asked = { ...headers, method: route.request().method() }
    const body = ['event: next\ndata: {"data":{"ticks":7}}\n\n', 'event: complete\ndata:\n\n'].join('')
    return route.fulfill({ contentType: 'text/event-stream', body })
  })
  await playground.signIn()
  await playground.write('Operation Editor', 'subscription Ticks { ticks }')
  await playground.run()
  await playground.answers(/"ticks": ?7/)
  expect(asked).toMatchObject({ method: 'POST', authorization: `Bearer ${token}` })
})

test('nothing of a token, a value or a document is kept, nor there after a reload', async ({ playground, page, context }) => {
  await playground.signIn()
  await playground.example('Create a secret')
  await playground.write('Variables', JSON.stringify({ input: { name: name.replaceAll(' ', '-'), value: { text: secretValue } } }))
  await page.getByRole('button', { name: 'Headers' }).click()
  await playground.write('Headers', JSON.stringify({ Authorization: `Bearer ${token}` }))
  await playground.run()
  await playground.answers(/"createSecret": ?{/)
  await playground.example('Reveal a secret')
  await playground.run()
  await playground.answers(/"value": ?"/)
  await page.waitForTimeout(1000) // GraphiQL stores what it stores half a second later

  for (const state of ['before', 'after']) {
    const kept = await playground.kept()
    expect(Object.keys(kept.local).filter((k) => !/^graphiql:(visiblePlugin|theme|\w+Flex)$/.test(k)), state).toEqual([])
    expect([kept.session, kept.other, kept.cookies], state).toEqual([{}, [], ''])
    expect(await context.cookies(), state).toEqual([])
    for (const word of [token, token.split('.')[2]!, secretValue, 'createSecret']) expect(JSON.stringify(kept), state).not.toContain(word)
    await page.reload()
    await expect(page.getByLabel('Token or API key')).toHaveValue('')
  }
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`everybody can use it, in ${colorScheme}`, async ({ playground, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await isAccessible(page)
    await playground.signIn()
    await playground.run()
    await expect(playground.status()).toHaveText('OK')
    await isAccessible(page)
    await page.getByRole('button', { name: 'Show Documentation' }).click()
    await page.getByRole('button', { name: 'The whole schema' }).click()
    await page.getByRole('link', { name: 'Query', exact: true }).click()
    await isAccessible(page)
    if (process.env.BROWSER_RESULTS) await page.screenshot({ path: `${process.env.BROWSER_RESULTS}/${colorScheme}.png` })
  })
}

test('a narrow window shows all of it, one below the other', async ({ playground, page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await playground.signIn()
  await playground.run()
  await expect(playground.status()).toHaveText('OK')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  for (const part of ['Operation Editor', 'Variables', 'Examples']) {
    const box = (await page.getByRole('region', { name: part, exact: true }).boundingBox())!
    expect([part, box.x >= 0 && box.x + box.width <= 390 && box.width > 300]).toEqual([part, true])
  }
  const run = (await page.getByRole('button', { name: /^Execute query/ }).boundingBox())!
  expect(run.x + run.width).toBeLessThanOrEqual(390)
  if (process.env.BROWSER_RESULTS) await page.screenshot({ path: `${process.env.BROWSER_RESULTS}/narrow.png`, fullPage: true })
})
