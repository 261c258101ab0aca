import { readDotenv } from '../console/src/secrets/dotenv'
import { draftOf, everyWords, scheduleOf, scheduleWords } from '../console/src/secrets/schedule'
import { dayWords } from '../console/src/ui/day'
import { type Console, expect, run, test, unique } from './console'
import { cached, isReachable } from './memory'

const acme = async () => (await inAcme())['X-Workspace-Id']

/** Says that a call is about acme: its admin may be in other workspaces as well. */
const inAcme = async () => {
  const { workspaces } = await run<{ workspaces: { id: string; name: string }[] }>('{ workspaces { id name } }')
  return { 'X-Workspace-Id': workspaces.find(({ name }) => name === 'acme')!.id }
}

/** Creates a secret in acme as its admin, and returns its id. */
async function create(input: { name: string; value: object; rotation?: object; description?: string }): Promise<string> {
  const { createSecret } = await run<{ createSecret: { secret: { id: string } } }>(
    'mutation ($input: CreateSecretInput!) { createSecret(input: $input) { secret { id } } }',
    { input },
    await inAcme(),
  )
  return createSecret.secret.id
}

const rotate = async (secretId: string, value: string) =>
  run('mutation ($input: RotateSecretInput!) { rotateSecret(input: $input) { version { version } } }', { input: { secretId, value: { text: value } } }, await inAcme())

const dialog = (c: Console) => c.page.getByRole('dialog')
const press = (c: Console, name: string | RegExp) => c.page.getByRole('button', { name, exact: true }).click()
const pressIn = (c: Console, name: string | RegExp) => dialog(c).getByRole('button', { name, exact: true }).click()
const more = async (c: Console, name: string) => {
  await press(c, 'More actions')
  await c.page.getByRole('menuitem', { name }).click()
}

async function hasNothingOf(c: Console, value: string) {
  expect(await c.page.content()).not.toContain(value)
  expect(await c.page.locator('textarea, input').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value).join())).not.toContain(value)
  const cache = await cached(c.page)
  expect(cache).toContain('Secret:') // it is the right cache
  expect(cache).not.toContain(value)
  await c.keepsNothingOf(value)
}

test('an editor creates a secret, rotates it, and another change in between is told', async ({ console: c }) => {
  const [name, first, second] = [unique('stripe/api-key'), unique('first'), unique('second')]
  await c.signIn('editor@acme.example', `/w/${await acme()}/secrets`)
  await press(c, 'New secret')
  await expect(dialog(c).getByRole('textbox', { name: 'Name' })).toBeFocused()
  await dialog(c).getByRole('textbox', { name: 'Name' }).fill(name)
  await dialog(c).getByRole('textbox', { name: 'Description' }).fill('For the shop')
  await dialog(c).getByRole('textbox', { name: 'The value' }).fill(first)
  await dialog(c).getByRole('checkbox', { name: 'Rotate it on a schedule' }).check()
  await dialog(c).getByRole('radio', { name: /^The server/ }).check()
  await c.isAccessible('new-secret-schedule')
  await dialog(c).getByRole('radio', { name: /^People/ }).check()
  await pressIn(c, 'Create')

  await c.heading(name)
  await expect(c.content.getByText(/^every 30 days, next on \d+ Dec$/)).toBeVisible()
  await hasNothingOf(c, first)

  await press(c, 'Rotate')
  await dialog(c).getByRole('textbox', { name: 'The value' }).fill(second)
  await rotate(await idOf(c), unique('between'))
  await pressIn(c, 'Rotate')
  await expect(dialog(c).getByRole('alert')).toContainText('version 2 is current')
  await expect(dialog(c).getByText('Somebody has changed the value since this page showed it')).toBeVisible()
  await expect(dialog(c).getByText('replaces version 2 at once')).toBeVisible()
  await dialog(c).getByRole('checkbox', { name: 'End leases of the old value' }).check()
  await c.isAccessible('rotate-conflict')
  await pressIn(c, 'Rotate')
  await expect(dialog(c)).toHaveCount(0)
  await expect(c.page.getByRole('button', { name: 'Rotate', exact: true })).toBeFocused()
  await expect(c.page.getByRole('row', { name: /^3 Current/ })).toContainText('editor@acme.example')
  await hasNothingOf(c, second)

  await more(c, 'Edit the schedule')
  await expect(dialog(c).getByRole('textbox', { name: 'Rotate every' })).toHaveValue('30')
  await dialog(c).getByRole('textbox', { name: 'Rotate every' }).fill('12')
  await dialog(c).getByRole('combobox', { name: 'Unit' }).selectOption('hours')
  await dialog(c).getByRole('radio', { name: /^The server/ }).check()
  await dialog(c).getByRole('combobox', { name: 'Characters' }).selectOption('HEX')
  await pressIn(c, 'Save')
  await expect(c.content.getByText(/^every 12 hours, next on \d+ \w+(, \d\d:\d\d)?$/)).toBeVisible()
  await expect(c.content.getByText('The server: 32 hexadecimal digits')).toBeVisible()
  await more(c, 'Edit the schedule')
  await pressIn(c, 'End the schedule')
  await expect(c.content.getByText('No schedule', { exact: true })).toBeVisible()
})

/** The id that the page of a secret shows. */
const idOf = async (c: Console) => new URL(c.page.url()).pathname.split('/').at(-1)!

test('an admin reveals a value, and nothing is left of it', async ({ console: c }) => {
  const [name, value, reason] = [unique('revealed'), unique('sk_live'), unique('because')]
  const id = await create({ name, value: { json: JSON.stringify({ host: 'db', password: value }) } })
  await c.signIn('admin@acme.example', `/w/${await acme()}/secrets/${id}`)
  await c.heading(name)
  await press(c, 'Reveal')
  await expect(dialog(c).getByRole('textbox', { name: 'Reason' })).toBeFocused()
  await dialog(c).getByRole('textbox', { name: 'Reason' }).fill(reason)
  await dialog(c).getByRole('combobox', { name: 'What of it' }).selectOption('password')
  await c.isAccessible('reveal')
  const now = Date.now()
  await c.page.clock.setFixedTime(now)
  await pressIn(c, 'Reveal')
  const shown = dialog(c).getByRole('region', { name: 'The field password of version 1' })
  await expect(shown).toHaveText(value)
  await expect(dialog(c).getByRole('button', { name: 'Hide now' })).toBeFocused()
  await c.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await pressIn(c, 'Copy the value')
  expect(await c.page.evaluate(() => navigator.clipboard.readText())).toBe(value)
  await c.isAccessible('revealed')

  await c.page.evaluate(() => dispatchEvent(new Event('blur')))
  await expect(shown).toHaveCount(0)
  await expect(dialog(c).getByText('this window was not in front')).toBeVisible()
  await expect(dialog(c).getByRole('button', { name: 'Reveal again' })).toBeFocused()
  await hasNothingOf(c, value)

  await pressIn(c, 'Reveal again')
  await expect(shown).toHaveText(value)
  await expect(dialog(c).getByRole('timer')).toHaveText('Hidden in 30 s')
  await c.page.clock.setFixedTime(now + 20_000)
  await expect(dialog(c).getByRole('timer')).toHaveText('Hidden in 10 s')
  await c.page.clock.setFixedTime(now + 30_000)
  await expect(shown).toHaveCount(0)
  await expect(dialog(c).getByText('30 seconds are over')).toBeVisible()

  await pressIn(c, 'Reveal again')
  await expect(shown).toHaveText(value)
  await c.page.keyboard.press('Escape')
  await expect(dialog(c)).toHaveCount(0)
  await expect(c.content.getByText('Last revealed').locator('..')).toContainText('just now')
  await hasNothingOf(c, value)

  const { auditEvents } = await run<{ auditEvents: { nodes: { reason: string; actor: { label: string } }[] } }>(
    'query ($filter: AuditFilter) { auditEvents(filter: $filter) { nodes { reason actor { label } } } }',
    { filter: { action: 'secret.accessed', targetId: id } },
    await inAcme(),
  )
  expect(auditEvents.nodes).toEqual(Array(3).fill({ reason, actor: { label: 'admin@acme.example' } }))
})

test('versions are rolled back to and destroyed', async ({ console: c }) => {
  const [name, old] = [unique('versions'), unique('old')]
  const id = await create({ name, value: { text: old } })
  await rotate(id, unique('new'))
  await rotate(id, unique('newer'))
  await c.signIn('admin@acme.example', `/w/${await acme()}/secrets/${id}`)
  await c.isAccessible('secret')
  await press(c, 'Roll back to version 1')
  await c.isAccessible('roll-back')
  await pressIn(c, 'Roll back')
  await expect(c.page.getByRole('row', { name: /^4 Current/ })).toBeVisible()

  await press(c, 'Destroy version 2')
  await pressIn(c, 'Destroy')
  await expect(c.page.getByRole('row', { name: /^2 Destroyed/ })).toBeVisible()
  await expect(c.page.getByRole('button', { name: 'Destroy version 2' })).toHaveCount(0)

  await press(c, 'Reveal version 3')
  await dialog(c).getByRole('combobox', { name: 'Version' }).selectOption('4, the current one')
  await pressIn(c, 'Reveal')
  await expect(dialog(c).getByRole('region', { name: 'The value of version 4' })).toHaveText(old)
  await pressIn(c, 'Hide now')
  await expect(dialog(c).getByRole('region', { name: 'The value of version 4' })).toHaveCount(0)
})

test('a secret in use is deleted only when somebody insists, and restored', async ({ console: c }) => {
  const [name, consumer] = [unique('in-use'), unique('Billing')]
  const id = await create({ name, value: { generate: {} }, description: 'To be deleted' })
  await run(
    'mutation ($input: SetSecretReferencesInput!) { setSecretReferences(input: $input) { references { createdAt } } }',
    { input: { consumer: { kind: 'AGENT', externalId: consumer, name: consumer }, secretIds: [id] } },
    await inAcme(),
  )
  await c.signIn('editor@acme.example', `/w/${await acme()}/secrets/${id}`)
  await c.page.getByRole('tab', { name: 'Who uses it' }).click()
  await expect(c.page.getByRole('row', { name: `Agent ${consumer}` })).toBeVisible()
  await c.isAccessible('references')

  await more(c, 'Edit name and description')
  await dialog(c).getByRole('textbox', { name: 'Description' }).fill('Changed here')
  await c.isAccessible('edit-secret')
  await pressIn(c, 'Save')
  await expect(c.content.getByText('Changed here')).toBeVisible()

  await more(c, 'Delete')
  await pressIn(c, 'Delete')
  await expect(dialog(c).getByText('This uses it:')).toBeVisible()
  await expect(dialog(c).getByRole('listitem')).toHaveText([`Agent ${consumer}`])
  await expect(dialog(c).getByRole('button', { name: 'Delete all the same' })).toBeDisabled()
  await c.isAccessible('delete-in-use')
  await dialog(c).getByRole('checkbox').check()
  await pressIn(c, 'Delete all the same')
  await expect(c.content.getByText('This secret is deleted')).toBeVisible()
  await expect(c.page.getByRole('button', { name: 'Rotate', exact: true })).toHaveCount(0)

  await create({ name, value: { generate: {} } }) // takes the name
  await c.page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: 'Secrets' }).click()
  await c.page.getByRole('searchbox', { name: 'Find by name' }).fill(name)
  await c.page.getByRole('checkbox', { name: 'Deleted ones too' }).check()
  await expect(c.page.getByRole('row', { name })).toHaveCount(2)
  await c.isAccessible('secrets')
  await c.page.getByRole('row', { name: /Deleted, kept until/ }).getByRole('link').click()
  await press(c, 'Restore')
  await pressIn(c, 'Restore')
  await expect(dialog(c).getByText('A secret of this name exists already.')).toBeVisible()
  await c.isAccessible('restore')
  await dialog(c).getByRole('textbox', { name: 'Name' }).fill(`${name}-again`)
  await pressIn(c, 'Restore')
  await c.heading(`${name}-again`)
  await expect(c.page.getByRole('button', { name: 'Rotate', exact: true })).toBeVisible()
})

test('the list is narrowed, and a reload keeps how', async ({ console: c }) => {
  const name = unique('filters')
  const used = await create({ name: `${name}/used`, value: { generate: {} }, rotation: { every: 'P30D', generate: {} } })
  await create({ name: `${name}/free`, value: { generate: {} } })
  await run(
    'mutation ($input: SetSecretReferencesInput!) { setSecretReferences(input: $input) { references { createdAt } } }',
    { input: { consumer: { kind: 'WORKFLOW', externalId: name, name }, secretIds: [used] } },
    await inAcme(),
  )
  await c.page.route('**/graphql', async (route) => {
    const answer = await route.fetch()
    const late = (await answer.text()).replaceAll('"overdue":false', '"overdue":true').replaceAll('"lastError":null', '"lastError":"Secret Manager did not answer."')
    await route.fulfill({ response: answer, body: late })
  })
  await c.signIn('viewer@acme.example', `/w/${await acme()}/secrets?q=${name.toUpperCase()}`)
  const rows = c.page.getByRole('table').getByRole('link')
  await expect(rows).toHaveText([`${name}/free`, `${name}/used`])
  await expect(c.page.getByRole('row', { name: /Overdue every 30 days, due since \d/ })).toHaveCount(1)
  await c.content.getByText('Not in use', { exact: true }).click()
  await expect(rows).toHaveText([`${name}/free`])
  await c.content.getByText('In use', { exact: true }).click()
  await expect(rows).toHaveText([`${name}/used`])
  await c.page.getByRole('checkbox', { name: 'Only overdue' }).check()
  await expect(c.page.getByRole('heading', { name: 'No secret is like that' })).toBeVisible()
  expect(Object.fromEntries(new URL(c.page.url()).searchParams)).toEqual({ q: name.toUpperCase(), referenced: 'true', overdue: 'true' })
  await c.page.getByRole('checkbox', { name: 'Only overdue' }).uncheck()
  await rows.click()
  await expect(c.content.getByText('The last rotation by the server failed')).toBeVisible()
  await expect(c.content.getByText('Secret Manager did not answer. The server tries again by itself.')).toBeVisible()
  await c.isAccessible('secret-overdue')
})

test('an .env of 20 is imported over a network that breaks, each of them once', async ({ console: c }) => {
  const prefix = `${unique('import')}/`
  const value = unique('hidden')
  const names = Array.from({ length: 20 }, (_, i) => `NAME_${String(i).padStart(2, '0')}`)
  await create({ name: `${prefix}TAKEN`, value: { generate: {} } })
  await c.signIn('editor@acme.example', `/w/${await acme()}/secrets?q=${prefix}`)
  await press(c, 'Import')
  await dialog(c)
    .getByRole('textbox', { name: 'What to import' })
    .fill(['# of the shop', ...names.map((name, i) => `export ${name}="${value}-${i}" # one`), 'TAKEN=1', 'EMPTY=', 'no assignment', 'wrong§=1'].join('\n'))
  await dialog(c).getByRole('textbox', { name: 'Prefix of the names' }).fill(prefix)
  await c.isAccessible('import')
  await pressIn(c, 'Preview')
  await expect(dialog(c).getByRole('status')).toHaveText('20 to be created, 4 left out.')
  await expect(dialog(c).getByRole('row', { name: `${prefix}TAKEN` })).toContainText('exists already')
  await expect(dialog(c).getByRole('row', { name: `${prefix}EMPTY` })).toContainText('It has no value.')
  await expect(dialog(c).getByText('Line 24 is no NAME=value.')).toBeVisible()
  await expect(dialog(c).getByRole('row', { name: `${prefix}wrong§` })).toContainText('A name is 1 to 120')
  await expect(dialog(c)).not.toContainText(value)
  await expect(dialog(c).getByRole('button', { name: 'Create 20' })).toBeFocused()
  await c.isAccessible('import-preview')

  let sent = 0
  await c.page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('createSecret')) return route.continue()
    const number = ++sent
    if (number === 5) await route.fetch() // the server does it, and nobody hears of it
    return number === 5 || number > 14 ? route.abort('connectionreset') : route.continue()
  })
  await pressIn(c, 'Create 20')
  await expect(dialog(c).getByRole('status')).toHaveText('13 of 20 created, 7 failed, 4 left out.')
  await c.isAccessible('import-failed')
  await c.page.unroute('**/graphql')
  c.expected(/ERR_CONNECTION_RESET/)
  await pressIn(c, 'Try 7 again')
  await expect(dialog(c).getByRole('status')).toHaveText('20 of 20 created, 4 left out.')
  await expect(dialog(c).getByText('Created', { exact: true })).toHaveCount(20)
  await c.page.keyboard.press('Escape')
  await expect(c.page.getByRole('row', { name: prefix })).toHaveCount(21)
  await hasNothingOf(c, value)
})

test('a viewer is offered no change, and an editor no reveal', async ({ open }) => {
  const id = await create({ name: unique('roles'), value: { generate: {} } })
  await rotate(id, 'another')
  for (const role of ['viewer', 'editor'] as const) {
    const c = await open()
    await c.signIn(`${role}@acme.example`, `/w/${await acme()}/secrets/${id}`)
    await expect(c.page.getByRole('row', { name: /^1 Retained/ })).toBeVisible()
    await expect(c.page.getByRole('button', { name: /reveal/i })).toHaveCount(0)
    await expect(c.page.getByRole('button', { name: /rotate|roll back|destroy|actions/i })).toHaveCount(role === 'viewer' ? 0 : 4)
    await c.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Secrets' }).click()
    await c.heading('Secrets')
    await expect(c.page.getByRole('button', { name: /New secret|Import/ })).toHaveCount(role === 'viewer' ? 0 : 2)
    await c.page.close()
  }
})

test('a workspace that asks for a reason gets one', async ({ console: c }) => {
  const { createWorkspace } = await run<{ createWorkspace: { workspace: { id: string } } }>(
    'mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { id } } }',
    { input: { name: unique('reasons'), region: (await run<{ regions: string[] }>('{ regions }')).regions[0] } },
  )
  const here = { 'X-Workspace-Id': createWorkspace.workspace.id }
  await run('mutation { updateWorkspace(input: { requireRevealReason: true }) { workspace { id } } }', {}, here)
  await c.signIn('admin@acme.example', `/w/${createWorkspace.workspace.id}/secrets`)
  await expect(c.page.getByRole('heading', { name: 'No secrets yet' })).toBeVisible()
  await press(c, 'Make the first one')
  await dialog(c).getByRole('textbox', { name: 'Name' }).fill('generated')
  await dialog(c).getByText('Generate it').click()
  await dialog(c).getByRole('textbox', { name: 'Length' }).fill('12')
  await pressIn(c, 'Create')
  await c.heading('generated')
  await press(c, 'Reveal')
  await expect(dialog(c).getByRole('textbox', { name: 'Reason' })).toHaveAttribute('required')
  await dialog(c).getByRole('textbox', { name: 'Reason' }).fill('  ')
  await pressIn(c, 'Reveal')
  await expect(dialog(c).getByText('This workspace requires a reason for each reveal.')).toBeVisible()
  await dialog(c).getByRole('textbox', { name: 'Reason' }).fill('To see how long it is')
  await pressIn(c, 'Reveal')
  const shown = dialog(c).getByRole('region', { name: 'The value of version 1' })
  await expect(shown).toHaveText(/^[A-Za-z0-9]{12}$/)
  const value = await shown.innerText()
  await pressIn(c, 'Hide now')
  await expect(shown).toHaveCount(0)
  expect(await isReachable(c.page, value)).toBe(false)
})

test('schedules are said in words', () => {
  expect(['P30D', 'P1D', 'PT1H', 'P1DT12H', 'PT90M'].map(everyWords)).toEqual([
    'every 30 days',
    'every day',
    'every hour',
    'every 1 day and 12 hours',
    'every 1 hour and 30 minutes',
  ])
  const now = Date.parse('2026-11-28T12:00:00Z')
  expect(dayWords('2026-12-04T12:00:00Z', now)).toBe('4 Dec')
  expect(dayWords('2027-01-04T12:00:00Z', now)).toBe('4 Jan 2027')
  expect(dayWords('2026-11-28T16:30:00Z', now)).toMatch(/^28 Nov, \d\d:30$/)
  const schedule = { every: 'P30D', nextAt: '2026-12-04T12:00:00Z', overdue: false }
  expect(scheduleWords(schedule, now)).toBe('every 30 days, next on 4 Dec')
  expect(scheduleWords({ ...schedule, overdue: true }, now)).toBe('every 30 days, due since 4 Dec')
  expect(scheduleOf(draftOf({ ...schedule, every: 'P1DT12H', generator: null, lastError: null }))).toEqual({ every: 'PT2160M' })
})

test('a .env is read as the usual programs read it', () => {
  const read = (text: string) => readDotenv(text).map(({ name, value, problem }) => problem ?? [name, value])
  const vectors: [string, ...(string | [string, string])[]][] = [
    ['A=1', ['A', '1']],
    ['\uFEFFA=1\r\nB=2\r\n', ['A', '1'], ['B', '2']],
    ['# A=1\n\n   # B=2\n'],
    ['export A = 1 ', ['A', '1']],
    ['A=', ['A', '']],
    ['A= # nothing', ['A', '']],
    ['A=x#y # z', ['A', 'x#y']],
    ['A=#x', ['A', '#x']],
    ['A=b=c==', ['A', 'b=c==']],
    ["A='x # \\n $B'", ['A', 'x # \\n $B']],
    ['A="x # y"# z', ['A', 'x # y']],
    ['A="1\\n2\\t\\"3\\" \\\\ \\$4 \\q"', ['A', '1\n2\t"3" \\ $4 \\q']],
    ['A="-----BEGIN\nabc==\n-----END"\nB=2', ['A', '-----BEGIN\nabc==\n-----END'], ['B', '2']],
    ["A='1\n2'", ['A', '1\n2']],
    ['A="1\\\n2"', ['A', '12']],
    ['A=$HOME', ['A', '$HOME']],
    ['a.b-c/d=1', ['a.b-c/d', '1']],
    ['A=1\nnothing\nB=2', ['A', '1'], 'Line 2 is no NAME=value.', ['B', '2']],
    ['A="1" 2\nB=2', 'Something stands after the closing quote.', ['B', '2']],
    ['A="1\nB=2', 'The closing quote is missing. What follows was not read.'],
    ['=1', 'Line 1 is no NAME=value.'],
  ]
  for (const [text, ...wanted] of vectors) expect(read(text), text).toEqual(wanted)
})
