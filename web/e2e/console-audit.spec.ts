import { readFileSync } from 'node:fs'
import Papa from 'papaparse'
import { actions } from '../console/src/audit/actions'
import { csvLines } from '../console/src/audit/csv'
import { auditSearchOf, daysAgo, filterOf } from '../console/src/audit/search'
import { type Console, expect, run, test, unique } from './console'

const formula = '=HYPERLINK("https://evil.example","a, b")'

/** A workspace of acme's admin alone, and a way to call the API there. */
async function newWorkspace(name = unique('audited')) {
  const { createWorkspace } = await run<{ createWorkspace: { workspace: { id: string } } }>(
    'mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { id } } }',
    { input: { name, region: (await run<{ regions: string[] }>('{ regions }')).regions[0] } },
  )
  const { id } = createWorkspace.workspace
  return { path: `/w/${id}`, call: <Data>(query: string, variables: object) => run<Data>(query, variables, { 'X-Workspace-Id': id }) }
}

/** A workspace with a secret that was created, rotated and, for a reason that is a formula, revealed. */
async function withSecret() {
  const { path, call } = await newWorkspace()
  const name = unique('stripe')
  const { createSecret } = await call<{ createSecret: { secret: { id: string } } }>(
    create,
    { input: { name, value: { generate: {} }, rotation: { every: 'P30D' } } },
  )
  const secretId = createSecret.secret.id
  await call('mutation ($input: RotateSecretInput!) { rotateSecret(input: $input) { version { version } } }', {
    input: { secretId, value: { generate: {} } },
  })
  const { revealSecret } = await call<{ revealSecret: { auditEventId: string } }>(
    'mutation ($input: RevealSecretInput!) { revealSecret(input: $input) { auditEventId } }',
    { input: { secretId, reason: formula } },
  )
  return { path, name, secretId, eventId: revealSecret.auditEventId, call }
}

/** Makes a datastore, and sends it a file whose bytes are others than were announced. */
async function rejectUpload(call: Awaited<ReturnType<typeof newWorkspace>>['call'], name: string) {
  const { createDatastore } = await call<{ createDatastore: { datastore: { id: string } } }>(
    'mutation ($input: CreateDatastoreInput!) { createDatastore(input: $input) { datastore { id } } }',
    { input: { name } },
  )
  const input = { datastoreId: createDatastore.datastore.id, key: 'report.csv', contentType: 'text/csv', contentTypeOnly: true, maxBytes: '10', md5: '1B2M2Y8AsgTpgAmY7PhCfg==' }
  const { createUploadURL } = await call<{ createUploadURL: { upload: { id: string }; url: string } }>(
    'mutation ($input: CreateUploadURLInput!) { createUploadURL(input: $input) { upload { id } url } }',
    { input },
  )
  expect((await fetch(createUploadURL.url, { method: 'PUT', headers: { 'Content-Type': 'text/csv' }, body: 'a' })).status).toBe(200)
  const { completeUpload } = await call<{ completeUpload: { upload: { state: string } } }>(
    'mutation ($input: CompleteUploadInput!) { completeUpload(input: $input) { upload { state } } }',
    { input: { uploadId: createUploadURL.upload.id } },
  )
  expect(completeUpload.upload.state).toBe('REJECTED')
}

const create = 'mutation ($input: CreateSecretInput!) { createSecret(input: $input) { secret { id } } }'

const events = (c: Console) => c.content.getByRole('link', { name: /ago|just now/ })
const choose = (c: Console, label: string, option: string) => c.content.getByRole('combobox', { name: label, exact: true }).selectOption(option)
const searchOf = (c: Console) => Object.fromEntries(new URL(c.page.url()).searchParams)

test('what narrows the log is in the address, and a reload keeps it', async ({ console: c }) => {
  const { path, name, secretId } = await withSecret()
  await c.signIn('admin@acme.example', `${path}/secrets/${secretId}`)
  await c.content.getByRole('link', { name: 'Its events' }).click()
  await c.heading('Audit')
  await expect(events(c)).toHaveCount(3)
  await expect(c.page.getByRole('navigation', { name: 'Pages' }).locator('[aria-current=page]')).toHaveText('Audit')
  await expect(c.content.getByRole('button', { name: `Only about ${name}` })).toBeVisible()

  await c.content.getByRole('button', { name: 'Last 7 days' }).click()
  await choose(c, 'Outcome', 'Done')
  await choose(c, 'Risk', 'Medium risk')
  await expect(events(c)).toHaveCount(1)
  await choose(c, 'Action', 'secret.rotated')
  const { since, ...others } = searchOf(c)
  expect(others).toEqual({ target: secretId, outcome: 'ALLOWED', risk: 'MEDIUM', action: 'secret.rotated' })
  expect(Date.now() - Date.parse(since!)).toBeGreaterThanOrEqual(7 * 86_400_000)
  const asked = new URL(c.page.url())

  await c.signIn('admin@acme.example', asked.href.slice(asked.href.indexOf('/w/')))
  await c.heading('Audit')
  await expect(c.content.getByRole('combobox', { name: 'Action' })).toHaveValue('secret.rotated')
  await expect(c.content.getByRole('combobox', { name: 'Risk' })).toHaveValue('MEDIUM')
  await expect(c.content.getByRole('combobox', { name: 'Outcome' })).toHaveValue('ALLOWED')
  await expect(c.content.getByLabel('Since', { exact: true })).toHaveValue(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/)
  await expect(c.content.getByRole('row', { name: 'secret.rotated' })).toContainText(name)
  await expect(events(c)).toHaveCount(1)
  expect(searchOf(c)).toEqual(Object.fromEntries(asked.searchParams))

  await c.content.getByLabel('Until', { exact: true }).fill('2020-01-01T00:00')
  await expect(c.content.getByRole('heading', { name: 'No event is like that' })).toBeVisible()
  await c.content.getByRole('button', { name: 'Show all events' }).click()
  await expect(events(c)).toHaveCount(4)
  await c.isAccessible('audit')
  await c.content.getByRole('row', { name: 'secret.rotated' }).getByRole('link', { name }).click()
  await c.heading(name)
})

test('an event has an address, and leads to what else there is of the kind', async ({ console: c }) => {
  const { path, name, eventId } = await withSecret()
  await c.signIn('admin@acme.example', `${path}/audit?risk=HIGH`)
  const link = events(c)
  await expect(link).toHaveCount(1)
  await link.focus()
  await expect(c.page.getByRole('tooltip')).toHaveText(/^\w+day,? \d+ \w+ \d{4} at \d\d:\d\d:\d\d/)
  await c.page.keyboard.press('Enter')
  const drawer = c.page.getByRole('dialog', { name: 'secret.accessed' })
  await expect(drawer.getByText(formula)).toBeVisible()
  await expect(drawer.getByRole('region', { name: 'Details' })).toContainText('version: 2')
  expect(searchOf(c)).toEqual({ risk: 'HIGH', event: eventId })
  await c.isAccessible('event')
  await c.page.keyboard.press('Escape')
  await expect(drawer).toHaveCount(0)
  await expect(link).toBeFocused()

  await c.signIn('admin@acme.example', `${path}/audit?event=${eventId}`)
  await c.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await drawer.getByRole('button', { name: "Copy the request's id" }).click()
  expect(await c.page.evaluate(() => navigator.clipboard.readText())).toMatch(/^\S+$/)
  await drawer.getByRole('button', { name: 'Only this person' }).click()
  await expect(drawer).toHaveCount(0)
  await expect(c.content.getByRole('button', { name: 'Only by admin@acme.example' })).toBeVisible()
  expect(Object.keys(searchOf(c))).toEqual(['principal'])
  await c.content.getByRole('button', { name: 'Only by admin@acme.example' }).click()
  expect(searchOf(c)).toEqual({})
  await expect(c.content.getByRole('row', { name: 'secret.accessed' })).toContainText(name)
})

test('who is no admin is offered no log', async ({ open }) => {
  const { workspaces } = await run<{ workspaces: { id: string; name: string }[] }>('{ workspaces { id name } }')
  const { id } = workspaces.find(({ name }) => name === 'acme')!
  await run(create, { input: { name: unique('something'), value: { generate: {} } } }, { 'X-Workspace-Id': id })
  for (const role of ['viewer', 'editor'] as const) {
    const c = await open()
    const asked: string[] = []
    c.page.on('request', (request) => asked.push(request.postData() ?? ''))
    await c.signIn(`${role}@acme.example`, `/w/${id}/audit`)
    await expect(c.content.getByText('Ask an admin of this workspace')).toBeVisible()
    await expect(c.content.getByRole('button')).toHaveCount(0)
    if (role === 'viewer') await c.isAccessible('audit-refused')
    await c.go('Home')
    await expect(c.content.getByRole('region', { name: 'Storage' })).toContainText('Secrets')
    await expect(c.content.getByRole('region', { name: 'Rejected uploads' })).toHaveCount(role === 'viewer' ? 0 : 1)
    await expect(c.content.getByRole('region', { name: 'High-risk events' })).toHaveCount(0)
    await expect(c.page.getByRole('link', { name: 'Audit', exact: true })).toHaveCount(0)
    expect(asked.filter((body) => /auditEvents/.test(body) || (role === 'viewer' && /REJECTED/.test(body)))).toEqual([])

    await c.page.route('**/graphql', (route) =>
      route.request().postData()?.includes('HomeStart')
        ? route.fulfill({ json: { data: { datastores: { nodes: [] }, secrets: { nodes: [] } } } })
        : route.continue(),
    )
    await c.go('Secrets')
    await c.go('Home')
    await expect(c.content.getByText(/^Nothing is (here|in this workspace) yet/)).toBeVisible()
    await expect(c.content.getByRole('link')).toHaveText(role === 'viewer' ? [] : [/^Create a datastore/, /^Create a secret/])
    await c.page.close()
  }
})

test('an export has what the filters match, and no formula', async ({ console: c }) => {
  const { path, name, eventId } = await withSecret()
  await c.signIn('admin@acme.example', `${path}/audit?action=secret.accessed`)
  await c.content.getByRole('button', { name: 'Export' }).click()
  const dialog = c.page.getByRole('dialog')
  await c.isAccessible('export')
  await c.page.route('**/graphql', (route) => route.abort('connectionreset'))
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(dialog.getByRole('alert')).toBeVisible()
  c.expected(/ERR_CONNECTION_RESET/)
  await c.page.unroute('**/graphql')

  const downloading = c.page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  const text = readFileSync(await (await downloading).path(), 'utf8')
  await expect(dialog.getByRole('status')).toHaveText(/^1 event is in audit-\d{4}-\d\d-\d\d\.csv\.$/)
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true })
  expect(data).toHaveLength(1)
  expect(data[0]).toMatchObject({ action: 'secret.accessed', risk: 'HIGH', actor: 'admin@acme.example', targetLabel: name, reason: `'${formula}`, id: eventId })
  expect(JSON.parse(data[0]!.details!)).toMatchObject({ version: 2 })
  await dialog.getByRole('button', { name: 'Close' }).last().click()

  // A log without an end can be cancelled, and its file has an end all the same, and says so.
  let [asked, size] = [0, 1]
  await c.page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('AuditExport')) return route.continue()
    asked++
    const answer = await (await route.fetch()).json()
    const { nodes, pageInfo } = answer.data.auditEvents
    answer.data.auditEvents = { ...answer.data.auditEvents, nodes: Array(size).fill(nodes[0]), pageInfo: { ...pageInfo, hasNextPage: true, endCursor: null } }
    return route.fulfill({ json: answer })
  })
  await c.content.getByRole('button', { name: 'Export' }).click()
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(dialog.getByRole('status')).toHaveText(/^\d+ events so far$/)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toHaveCount(0)
  const before = asked
  size = 2_500
  await c.content.getByRole('button', { name: 'Export' }).click()
  const cut = c.page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Export', exact: true }).click()
  expect(readFileSync(await (await cut).path(), 'utf8').match(/secret\.accessed/g)).toHaveLength(10_000)
  expect(asked - before, 'requests after the export was cancelled').toBe(4)
  await expect(dialog.getByRole('status')).toContainText('10,000 events are in')
  await expect(dialog.getByRole('status')).toContainText('There are more')
})

test('Home says what deserves a look', async ({ console: c }) => {
  const { path, name, call } = await withSecret()
  await rejectUpload(call, unique('reports'))
  let isFailing = true
  await c.page.route('**/graphql', async (route) => {
    const request = route.request().postData() ?? ''
    if (request.includes('HomeUsage') && isFailing) {
      return route.fulfill({ json: { data: null, errors: [{ message: 'The database did not answer.', extensions: { code: 'UNAVAILABLE' } }] } })
    }
    // No workspace of a demo has a limit.
    if (request.includes('HomeUsage')) {
      const answer = await (await route.fetch()).text()
      return route.fulfill({ body: answer.replace('"usedBytes":"0"', '"usedBytes":"700000"').replace('"limitBytes":null', '"limitBytes":"750000"') })
    }
    if (!request.includes('HomeOverdue')) return route.continue()
    // No test waits for the hour that a schedule has at least.
    const answer = await route.fetch({ postData: request.replace('rotationOverdue: true', 'rotationOverdue: false') })
    return route.fulfill({ body: (await answer.text()).replaceAll('"lastError":null', '"lastError":"Secret Manager did not answer."') })
  })
  await c.signIn('admin@acme.example', path)
  await c.heading('Home')
  const card = (title: string) => c.content.getByRole('region', { name: title })
  await expect(card('Rotations overdue').getByRole('link', { name })).toBeVisible()
  await expect(card('Rotations overdue')).toContainText('due since')
  await expect(card('Rotations that fail')).toContainText(`${name}Secret Manager did not answer.`)
  await expect(card('High-risk events')).toContainText(`secret.accessed secret ${name}`)
  await expect(card('Rejected uploads')).toContainText(/^Rejected uploadsreport\.csv in reports-.*other bytes than were announced/)
  await expect(card('Storage').getByRole('alert')).toContainText('The database did not answer.')
  isFailing = false
  await card('Storage').getByRole('button', { name: 'Try again' }).click()
  await expect(card('Storage')).toContainText('Secrets1')
  await expect(card('Storage').getByRole('progressbar', { name: 'Stored' })).toHaveAttribute('aria-valuenow', /^93/)
  await expect(card('Storage')).toContainText('Almost full')
  await c.isAccessible('home')

  await card('High-risk events').getByRole('link', { name: /secret\.accessed$/ }).click()
  await expect(c.page.getByRole('dialog', { name: 'secret.accessed' }).getByText(formula)).toBeVisible()
  await c.page.keyboard.press('Escape')
  await c.go('Home')
  await card('Rotations overdue').getByRole('link', { name: 'All overdue secrets' }).click()
  await expect(c.content.getByRole('checkbox', { name: 'Only overdue' })).toBeChecked()
})

test('an empty workspace says what to do first', async ({ console: c }) => {
  const { path } = await newWorkspace(unique('empty'))
  await c.signIn('admin@acme.example', path)
  await expect(c.content.getByRole('listitem').getByRole('link')).toHaveText([/^Create a datastore/, /^Create a secret/, /^Invite members/, /^Connect a run/])
  await expect(c.content.getByRole('region')).toHaveCount(0)
  await c.isAccessible('home-empty')
  await c.content.getByRole('link', { name: 'Create a secret' }).click()
  await expect(c.content.getByRole('button', { name: 'Make the first one' })).toBeVisible()
})

test('a cell of an export is no formula', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
    for (const cell of [`${start}1+1`, `${start}1\n+1`, start]) expect(csvLines([[cell]]), JSON.stringify(cell)).toBe(`"'${cell}"\r\n`)
  }
  const vectors: [string | null, string][] = [
    ['a"b', '"a""b"'],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
    ['a\r\nb', '"a\r\nb"'],
    ['=1,"2"', `"'=1,""2"""`],
    ['a=1', 'a=1'],
    ['', ''],
    [null, ''],
  ]
  for (const [cell, wanted] of vectors) expect(csvLines([['x', cell, 'y']])).toBe(`x,${wanted},y\r\n`)
})

test('the filter knows every action, and takes no nonsense from an address', () => {
  const source = readFileSync(new URL('../../internal/audit/action.go', import.meta.url), 'utf8')
  const known = [...source.matchAll(/ Action = "(.+)"/g)].map(([, action]) => action)
  expect(known.length).toBeGreaterThan(40)
  expect(Object.values(actions).flat().sort()).toEqual(known.sort())
  expect(filterOf(auditSearchOf({ risk: 'SOME', outcome: 1, since: 'soon', action: '', principal: 'p', event: 'e' }))).toEqual({ principalId: 'p' })
  expect(filterOf(auditSearchOf({ until: '2026-11-28T12:00:00+01:00' }))).toEqual({ until: '2026-11-28T11:00:00.000Z' })
  expect(daysAgo(7, Date.parse('2026-11-28T12:34:56Z'))).toBe('2026-11-21T12:34:00.000Z')
})
