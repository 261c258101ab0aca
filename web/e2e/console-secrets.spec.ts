import { readDotenv } from '../console/src/secrets/dotenv'
import { cronWords, draftOf, everyWords, scheduleOf, scheduleWords } from '../console/src/secrets/schedule'
import { dayWords } from '../console/src/ui/day'
import { acme, expect, inAcme, run, test, unique } from './console'
import { create, dialog, hasNothingOf, more, press, pressIn, rotate } from './secrets'

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

test('labels and an order narrow the list, and a label leads to it', async ({ console: c }) => {
  const name = unique('labelled')
  const label = (env: string) => [{ key: 'env', value: env }, { key: name, value: '' }]
  await create({ name: `${name}/a`, value: { generate: {} }, labels: label('prod') })
  await create({ name: `${name}/b`, value: { generate: {} }, labels: label('test') })
  const path = `/w/${await acme()}/secrets`
  await c.signIn('viewer@acme.example', path)
  const rows = c.page.getByRole('table').getByRole('link', { name: `${name}/` })
  const labels = c.content.getByRole('combobox', { name: 'With the labels' })
  await labels.fill(name)
  await labels.press('Enter')
  await expect(rows).toHaveText([`${name}/a`, `${name}/b`])
  await c.content.getByRole('combobox', { name: 'Order' }).selectOption('Newest first')
  await expect(rows).toHaveText([`${name}/b`, `${name}/a`])
  await labels.fill('env=prod')
  await labels.press('Enter')
  await expect(rows).toHaveText([`${name}/a`])
  await c.signIn('viewer@acme.example', new URL(c.page.url()).pathname.replace('/console', '') + new URL(c.page.url()).search)
  await expect(rows).toHaveText([`${name}/a`])
  await c.isAccessible('secrets-by-label')
  await labels.fill('No Label')
  await labels.press('Enter')
  await expect(c.content.getByRole('alert')).toContainText("A label's key is 1 to 63")

  await c.signIn('editor@acme.example', `${path}?labels=${encodeURIComponent(JSON.stringify([name]))}`)
  await rows.first().click()
  await more(c, 'Edit name, description and labels')
  const edited = dialog(c).getByRole('combobox', { name: 'Labels' })
  await edited.fill('team')
  await edited.press('Enter')
  await pressIn(c, 'Save')
  await c.content.getByRole('list', { name: 'Labels' }).getByRole('link', { name: 'env=prod' }).click()
  await c.heading('Secrets')
  await expect(c.page.getByRole('row', { name: `${name}/a` }).getByRole('listitem')).toHaveText(['env=prod', name, 'team'])
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
  const schedule = { every: 'P30D', cron: null, timeZone: null, nextAt: '2026-12-04T12:00:00Z', overdue: false }
  expect(scheduleWords(schedule, now)).toBe('every 30 days, next on 4 Dec')
  expect(scheduleWords({ ...schedule, overdue: true }, now)).toBe('every 30 days, due since 4 Dec')
  const cron = { ...schedule, every: null, cron: '0 3 * * MON', timeZone: 'Europe/Berlin' }
  expect(scheduleWords(cron, now)).toBe('At 03:00, only on Monday, in Europe/Berlin, next on 4 Dec')
  expect(cronWords('0 3 * *')).toBeUndefined()
  expect(scheduleOf(draftOf({ ...cron, generator: null, lastError: null }))).toEqual({ cron: '0 3 * * MON', timeZone: 'Europe/Berlin' })
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
