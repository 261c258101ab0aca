import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dayWords } from '../console/src/ui/day'
import { ago } from '../console/src/ui/When'
import { acme, address, type Console, expect, newWorkspace, test, unique } from './console'
import { cached, isReachable } from './memory'

/** The workspace in which these tests do as they like. */
let own: Promise<string> | undefined
const workspace = () => (own ??= newWorkspace(unique('access')))

/** Asks the API with an API key, as a program does. */
async function asProgram(key: string): Promise<{ data?: { viewer: { scopes: string[] } }; errors?: { extensions: { code: string } }[] }> {
  const answer = await fetch(new URL('/graphql', address), {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: '{ viewer { scopes } }' }),
  })
  return (await answer.json()) as object
}

/** The public half of an X25519 key as the API takes it. */
const publicText = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')

const dialog = (c: Console) => c.page.getByRole('dialog')
const press = (c: Console, name: string | RegExp) => c.content.getByRole('button', { name, exact: true }).click()
const pressIn = (c: Console, name: string | RegExp) => dialog(c).getByRole('button', { name, exact: true }).click()
const type = (c: Console, field: string, text: string) => dialog(c).getByRole('textbox', { name: field }).fill(text)
const row = (c: Console, name: string) => c.page.getByRole('row', { name })
const choose = async (c: Console, email: string, action: string) => {
  await press(c, `Actions for ${email}`)
  await c.page.getByRole('menuitem', { name: action }).click()
}

/** The page shows a text no more, keeps it nowhere, and has it in no memory that its scripts can reach. */
async function hasNothingOf(c: Console, text: string) {
  await expect(dialog(c)).toHaveCount(0)
  expect(await c.page.content()).not.toContain(text)
  expect(await cached(c.page)).toContain('Workspace:') // it is the right cache
  expect(await cached(c.page)).not.toContain(text)
  await c.keepsNothingOf(text)
  expect(await isReachable(c.page, text)).toBe(false)
}

test('an API key is shown once, works, is kept nowhere, and is refused once it is revoked', async ({ console: c }) => {
  const name = unique('nightly import')
  await c.signIn('admin@acme.example', `/w/${await workspace()}/api-keys`)
  await press(c, 'Make the first one')
  await expect(dialog(c).getByRole('textbox', { name: 'Name' })).toBeFocused()
  await type(c, 'Name', name)
  await expect(dialog(c).getByRole('button', { name: 'Create' })).toBeDisabled()
  await dialog(c).getByRole('checkbox', { name: 'datastores:write' }).check()
  await dialog(c).getByRole('combobox', { name: 'Expires' }).selectOption('In 30 days')
  await dialog(c).getByRole('combobox', { name: 'Networks it may be used from' }).fill('127.1.2.3/8')
  await c.page.keyboard.press('Enter')
  await pressIn(c, 'Create')

  const shown = dialog(c).getByRole('region', { name: 'The key' })
  await expect(shown).toBeFocused()
  await expect(dialog(c).getByRole('alert')).toContainText('nobody can show it again')
  const key = await shown.innerText()
  expect(key).toMatch(/^p1_/)
  expect((await asProgram(key)).data?.viewer.scopes).toEqual(['DATASTORES_READ', 'DATASTORES_WRITE'])
  await c.page.mouse.click(5, 5)
  await expect(shown).toHaveText(key)
  expect(await isReachable(c.page, key)).toBe(true)
  await pressIn(c, 'Done')
  await hasNothingOf(c, key)

  const day = dayWords(new Date(Date.now() + 30 * 86_400_000).toISOString())
  for (const text of ['datastores:write', '127.0.0.0/8', day, 'by admin@acme.example']) await expect(row(c, name)).toContainText(text)
  await press(c, `Revoke ${name}`)
  await expect(dialog(c).getByText('are refused at once')).toBeVisible()
  await c.isAccessible('api-key-revoke')
  await pressIn(c, 'Revoke')
  await expect(row(c, name)).toContainText('Revoked')
  await expect(c.content.getByRole('button', { name: `Revoke ${name}` })).toHaveCount(0)
  expect((await asProgram(key)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')
})

test('an API key whose token is lost on the way is made once, and somebody is told', async ({ console: c }) => {
  const name = unique('lost')
  await c.signIn('admin@acme.example', `/w/${await workspace()}/api-keys`)
  await press(c, 'New API key')
  await type(c, 'Name', name)
  await dialog(c).getByRole('checkbox', { name: 'audit:read' }).check()
  await dialog(c).getByRole('combobox', { name: 'Expires' }).selectOption('On a day of your choice')
  await dialog(c).getByLabel('At the end of').fill('2001-01-01')
  await pressIn(c, 'Create')
  await expect(dialog(c).getByText('A key cannot expire before it is made')).toBeVisible()
  await c.isAccessible('api-key-new')
  await dialog(c).getByRole('combobox', { name: 'Expires' }).selectOption('In 90 days')
  await c.page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('createAPIKey')) return route.continue()
    await route.fetch()
    await route.abort('connectionreset')
  })
  await pressIn(c, 'Create')
  await expect(dialog(c).getByRole('alert')).toContainText('The server does not answer')
  c.expected(/ERR_CONNECTION_RESET/)
  await c.page.unroute('**/graphql')
  await pressIn(c, 'Create')
  await expect(dialog(c).getByRole('alert')).toContainText('Revoke it, and make another')
  await expect(c.page.locator('tr').filter({ hasText: name })).toHaveCount(1)

  await type(c, 'Name', unique('found'))
  await pressIn(c, 'Create')
  await expect(dialog(c).getByRole('region', { name: 'The key' })).toBeVisible()
  await c.isAccessible('api-key-shown')
  await c.page.keyboard.press('Escape')
  await expect(dialog(c)).toHaveCount(0)
  await c.isAccessible('api-keys')
})

test('a runtime key is made here or elsewhere, and removed', async ({ console: c }) => {
  const [here, there] = [unique('made here'), unique('made there')]
  await c.signIn('admin@acme.example', `/w/${await workspace()}/runtime-keys`)
  await press(c, 'Add the first one')
  await type(c, 'Name', here)
  const sent = c.page.waitForRequest((request) => request.postData()?.includes('addRuntimeKey') ?? false)
  await pressIn(c, 'Make and add')
  const shown = dialog(c).getByRole('region', { name: 'The private key' })
  const pem = await shown.innerText()
  const [, base64] = pem.split('\n')
  expect((await sent).postData()).not.toContain(base64)
  const saving = c.page.waitForEvent('download')
  await pressIn(c, 'Save as runtime.pem')
  expect(await readFile(await (await saving).path(), 'utf8')).toBe(`${pem.trim()}\n`)
  await pressIn(c, 'Done')
  await expect(row(c, here)).toContainText(publicText(createPublicKey(createPrivateKey(pem))))
  await hasNothingOf(c, base64!)

  await press(c, 'Add runtime key')
  await type(c, 'Name', there)
  await dialog(c).getByRole('radio', { name: 'It is made where the runtime is' }).check()
  await type(c, 'Public key', btoa('too short'))
  await pressIn(c, 'Add')
  await expect(dialog(c).getByText('A public key is 32 bytes')).toBeVisible()
  await c.isAccessible('runtime-key-new')
  const pasted = publicText(generateKeyPairSync('x25519').publicKey)
  await type(c, 'Public key', ` ${pasted}\n`)
  await pressIn(c, 'Add')
  await expect(row(c, there)).toContainText(pasted)
  await c.isAccessible('runtime-keys')

  await press(c, `Remove ${there}`)
  await expect(dialog(c).getByText('No further secret is sealed to it')).toBeVisible()
  await pressIn(c, 'Remove')
  await expect(row(c, there)).toHaveCount(0)
  await expect(row(c, here)).toBeVisible()
})

test('a member is invited, joins, gets other roles with what ends by them, and is removed', async ({ open }) => {
  // nobody else signs in as this one, which would take the invitation
  const [email, key, invited] = ['viewer@globex.example', unique('of the member'), `${unique('new')}@acme.example`] as const
  const c = await open()
  await c.signIn('admin@acme.example', `/w/${await workspace()}/members`)
  const roleOf = async (to: string) => {
    await choose(c, email, 'Change role')
    await dialog(c).getByRole('radio', { name: to }).check()
  }
  await press(c, 'Invite')
  await type(c, 'Email address', 'ADMIN@acme.example')
  await expect(dialog(c).getByText('They are in the list already')).toBeVisible()
  await type(c, 'Email address', email)
  await c.isAccessible('invite')
  await pressIn(c, 'Invite')
  await expect(row(c, email)).toContainText(/Viewer\s*Invited/)
  await roleOf('Admin')
  await pressIn(c, 'Change role')
  await expect(row(c, email)).toContainText('Admin')

  const theirs = await open()
  await theirs.signIn(email, `/w/${await workspace()}/api-keys`)
  await press(theirs, 'New API key')
  await type(theirs, 'Name', key)
  await dialog(theirs).getByRole('checkbox', { name: 'secrets:write' }).check()
  await pressIn(theirs, 'Create')
  const token = await dialog(theirs).getByRole('region', { name: 'The key' }).innerText()
  await theirs.page.close()

  await c.go('Settings') // and back: the list is asked for again
  await c.go('Members')
  await expect(row(c, email)).not.toContainText('Invited')
  await roleOf('Editor')
  await expect(dialog(c).getByText('No key ends with this.')).toBeVisible()
  await dialog(c).getByRole('radio', { name: 'Viewer' }).check()
  await expect(dialog(c).getByRole('listitem')).toHaveText([`${key} (API key)`])
  await c.isAccessible('change-role')
  await dialog(c).getByRole('checkbox', { name: 'Keep these keys' }).check()
  await expect(dialog(c).getByText('go on working')).toBeVisible()
  await pressIn(c, 'Change role')
  await expect(c.page.getByText(`${email} is Viewer now.`, { exact: true })).toBeVisible()
  expect((await asProgram(token)).errors).toBeUndefined()

  await press(c, 'Invite')
  await type(c, 'Email address', invited)
  await pressIn(c, 'Invite')
  await expect(row(c, invited)).toContainText('Invited')
  await c.isAccessible('members')
  await choose(c, invited, 'Withdraw the invitation')
  await pressIn(c, 'Withdraw')
  await expect(row(c, invited)).toHaveCount(0)
  await choose(c, email, 'Remove')
  await expect(dialog(c).getByRole('listitem')).toHaveText([`${key} (API key)`])
  await c.isAccessible('remove-member')
  await pressIn(c, 'Remove')
  await expect(row(c, email)).toHaveCount(0)
  await expect(c.page.getByText(`${email} is removed. One key has ended.`)).toBeVisible()
  expect((await asProgram(token)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED')

  for (const action of ['Remove', 'Invite again']) {
    await choose(c, 'admin@acme.example', action)
    await pressIn(c, action)
    await expect(dialog(c).getByRole('alert')).toContainText('A workspace keeps at least one admin who has signed in')
    await pressIn(c, 'Cancel')
  }
})

test('settings are changed, and hold after a reload', async ({ console: c }) => {
  const name = unique('renamed')
  const path = `/w/${await workspace()}/settings`
  await c.signIn('admin@acme.example', path)
  await c.content.getByRole('textbox', { name: 'Name' }).fill(name)
  await c.content.getByRole('switch', { name: 'A reveal needs a reason' }).check()
  await press(c, 'Save')
  await expect(c.page.getByRole('button', { name: `Workspace ${name}: choose another` })).toBeVisible()
  await c.isAccessible('settings')
  await c.signIn('admin@acme.example', path)
  await expect(c.content.getByRole('textbox', { name: 'Name' })).toHaveValue(name)
  await expect(c.content.getByRole('switch', { name: 'A reveal needs a reason' })).toBeChecked()
})

test('whoever is no admin is offered none of it, and told so at its addresses', async ({ open }) => {
  for (const [person, page] of [['viewer@acme.example', 'api-keys'], ['editor@acme.example', 'members']] as const) {
    const c = await open()
    await c.signIn(person, `/w/${await acme()}/${page}`)
    await expect(c.content.getByRole('heading', { name: 'This page is for admins' })).toBeVisible()
    await expect(c.content.getByRole('button')).toHaveCount(0)
    await expect(c.page.getByRole('group', { name: 'Workspace' }).getByRole('link')).toHaveText(['Settings'])
    if (page === 'members') await c.isAccessible('for-admins')
    await c.go('Settings')
    await expect(c.content.getByText('A reveal needs a reason').locator('..')).toContainText(/Yes|No/)
    await expect(c.content.getByRole('button', { name: 'Save' })).toHaveCount(0)
    await c.page.close()
  }
})

test('a page that a deploy took files from loads itself anew, once', async ({ console: c }) => {
  await c.signIn('admin@acme.example', `/w/${await workspace()}/api-keys`)
  await c.page.route('**/NewAPIKey-*.js', (route) => route.fulfill({ status: 404, contentType: 'text/html' }))
  await press(c, 'New API key')
  await c.heading('Sign in')
  await c.signIn('admin@acme.example', `/w/${await workspace()}/api-keys`)
  await press(c, 'New API key')
  await expect(c.page.getByText('Something went wrong!')).toBeVisible()
  c.expected(/404|MIME|imported module|error occurred|NewAPIKey/)
})

test('what has just happened is not yet to come, though clocks differ', () => {
  const now = Date.parse('2026-11-28T12:00:00Z')
  expect([-1, 5, 40, -90].map((seconds) => ago(new Date(now + seconds * 1000).toISOString(), now))).toEqual([
    'just now',
    'just now',
    'in less than a minute',
    '1 minute ago',
  ])
})
