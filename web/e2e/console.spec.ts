import { acme, address, expect, newWorkspace, run, test, unique } from './console'

test('each role signs in, and is offered what it may', async ({ open }) => {
  for (const role of ['admin', 'editor', 'viewer'] as const) {
    const c = await open()
    await c.signIn(`${role}@acme.example`, `/w/${await acme()}/datastores`)
    await c.heading('Datastores')
    await expect(c.page.getByRole('button', { name: 'New datastore' })).toHaveCount(role === 'viewer' ? 0 : 1)
    await c.page.close()
  }
})

test('a sign-in leads back to the address that was asked for, and leaves nothing behind', async ({ console: c }) => {
  await c.signInByHand('viewer@acme.example', '/?from=a-link')
  await c.heading('Home')
  const asked = new URL(c.page.url())
  expect(asked.pathname).toMatch(/^\/console\/w\/[0-9a-f-]{36}$/)

  await c.signInByHand('viewer@acme.example', `/w/${await acme()}/datastores?q=nothing-has-this`)
  await expect(c.page.getByRole('heading', { name: 'No datastore is like that' })).toBeVisible()
  await expect(c.page.getByRole('searchbox', { name: 'Find by name' })).toHaveValue('nothing-has-this')
  await c.keepsNothingOf()
})

test('two tabs show two workspaces, and switching shows nothing of the other', async ({ open }) => {
  const name = unique('second workspace')
  const workspace = await newWorkspace(name)
  const only = unique('only-here')
  await run('mutation ($input: CreateDatastoreInput!) { createDatastore(input: $input) { datastore { id } } }', { input: { name: only } }, {
    'X-Workspace-Id': workspace,
  })

  const [first, second] = [await open(), await open()]
  await first.signIn('admin@acme.example', `/w/${workspace}/datastores`)
  await expect(first.page.getByRole('link', { name: only })).toBeVisible()
  await second.signIn('admin@acme.example')
  await second.heading('Choose a workspace')
  await second.page.getByRole('link', { name: /^acme/ }).click()
  await second.heading('Home')
  await second.go('Datastores')
  await second.heading('Datastores')
  await expect(second.page.getByRole('link', { name: only })).toHaveCount(0)

  await second.page.getByRole('button', { name: /^Workspace acme/ }).click()
  await second.page.getByRole('menuitem', { name }).click()
  await expect(second.page.getByRole('link', { name: only })).toBeVisible()
  await expect(first.page.getByRole('link', { name: only })).toBeVisible()
})

test('a session that the server ends asks to sign in again, at the next action', async ({ console: c }) => {
  await c.signIn('editor@globex.example')
  await c.go('Datastores')
  await c.heading('Datastores')
  await c.page.route('**/graphql', (route) =>
    route.fulfill({ status: 401, json: { errors: [{ message: 'The token is revoked.', extensions: { code: 'UNAUTHENTICATED' } }] } }),
  )
  await c.page.getByRole('searchbox', { name: 'Find by name' }).fill('x')
  await c.heading('Sign in')
  await expect(c.page.getByRole('alert')).toContainText('Your sign-in has ended')
  c.expected(/401/)
})

test('what is not there says so', async ({ console: c }) => {
  await c.signIn('viewer@acme.example', '/no/such/page')
  await c.heading('There is no such page')
  await c.isAccessible('not-found')
})

test('everybody can use the sign-in', async ({ console: c }) => {
  await c.page.goto(address)
  await c.heading('Sign in')
  await c.isAccessible('sign-in')
})

test('the first page is small', async ({ console: c }) => {
  await c.signIn('viewer@acme.example')
  await c.heading('Home')
  // as it was sent, from the server or from the browser's cache
  const received = await c.page.evaluate(() =>
    [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .filter((entry): entry is PerformanceResourceTiming => new URL(entry.name).pathname.startsWith('/console'))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
  )
  expect(received).toBeGreaterThan(100_000)
  expect(received).toBeLessThan(300_000)
})
