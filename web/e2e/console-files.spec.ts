import { mkdirSync, writeFileSync } from 'node:fs'
import { given } from './browser'
import { expect, test } from './console'
import { drop, newDatastore } from './datastores'

const storage = given('CONSOLE_STORAGE')
const size = 50_000_000

test('files and a folder go up, and a large one goes on after a reload', async ({ console: c }, info) => {
  const { path, stored } = await newDatastore()
  const folder = info.outputPath('photos')
  mkdirSync(`${folder}/deep`, { recursive: true })
  for (let i = 0; i < 50; i++) writeFileSync(`${folder}/${i < 25 ? 'deep/' : ''}${i}.txt`, `photo ${i}`)
  const files = ['a.csv', 'b.json', 'big.bin'].map((name) => info.outputPath(name))
  writeFileSync(files[0]!, 'name,count\na,1')
  writeFileSync(files[1]!, '{}')
  writeFileSync(files[2]!, Buffer.alloc(size, 'provenance'))

  // Storage takes three requests of a session, and then nothing more.
  const ranges: string[] = []
  let left = 3
  await c.page.route(`${storage}/**`, async (route) => {
    const range = await route.request().headerValue('Content-Range')
    if (range) ranges.push(range)
    if (!range || left-- > 0) await route.continue()
  })

  await c.signIn('editor@acme.example', path)
  await expect(c.content.getByText('No files yet')).toBeVisible()
  await c.isAccessible('files-empty')
  await c.page.getByLabel('Files to upload').setInputFiles(files)
  const panel = c.page.getByRole('region', { name: 'Uploads' })
  const said = panel.getByRole('status')
  await expect(said).toHaveText(/^Uploading [012] of 3,/)
  await drop(c, [folder])
  await expect(said).toHaveText(/^Uploading 52 of 53,/, { timeout: 120_000 }) // each is two requests and a PUT
  await expect(panel.getByRole('progressbar', { name: 'big.bin' })).toHaveAttribute('aria-valuenow', '33')
  await expect(said).toHaveText('Uploading 52 of 53, 30 percent')
  await c.isAccessible('files-uploading')

  // The queue is above the page.
  await c.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Datastores' }).click()
  await c.heading('Datastores')
  await expect(said).toHaveText(/^Uploading 52 of 53,/, { timeout: 120_000 }) // each is two requests and a PUT

  c.page.on('dialog', (dialog) => dialog.accept()) // leaving ends an upload, and the browser asks
  await c.page.goto('about:blank')
  expect((await stored()).objectCount).toBe('52')

  left = Infinity
  ranges.length = 0
  await c.signIn('editor@acme.example', path)
  const unfinished = c.page.getByRole('alert').filter({ hasText: 'Upload of big.bin is unfinished' })
  await expect(unfinished).toBeVisible()
  await c.keepsNothingOf(storage, 'upload_id')
  await c.isAccessible('files-unfinished')
  const choose = c.page.getByLabel('File of the upload of big.bin')
  await choose.setInputFiles(files[0]!)
  await expect(unfinished).toContainText('That is another file')
  await choose.setInputFiles(files[2]!)
  await expect(said).toHaveText('1 uploaded')
  await expect(unfinished).toHaveCount(0)
  expect(ranges.slice(0, 2)).toEqual([`bytes */${size}`, `bytes ${16 << 20}-${(24 << 20) - 1}/${size}`])
  await expect(c.page.getByRole('link', { name: 'big.bin' })).toBeVisible()
  expect((await stored()).objects.nodes).toContainEqual({ key: 'big.bin', current: { version: 1, sizeBytes: String(size) } })
})

test('what happens to existing files is asked once, and what failed goes up at the next try', async ({ console: c }, info) => {
  const { path, put, stored } = await newDatastore()
  const names = ['a.txt', 'b.txt', 'c.txt']
  for (const name of names) writeFileSync(info.outputPath(name), `new ${name}`)
  await put('in/a.txt', 'old')
  await put('in/b.txt', 'old')
  await c.signIn('editor@acme.example', `${path}?folder=in%2F`)
  await expect(c.page.getByRole('link', { name: 'a.txt' })).toBeVisible()
  const input = c.page.getByLabel('Files to upload')
  const panel = c.page.getByRole('region', { name: 'Uploads' })
  const said = panel.getByRole('status')
  const asked = c.page.getByRole('dialog', { name: 'Some files are there already' })
  const upload = async (answer: string) => {
    await input.setInputFiles(names.map((name) => info.outputPath(name)))
    await expect(asked).toContainText('in/a.txt')
    await asked.getByRole('radio', { name: answer }).check()
    await asked.getByRole('button', { name: 'Go on' }).click()
    await expect(asked).toHaveCount(0)
  }
  const keys = async () => (await stored()).objects.nodes.map(({ key, current }) => `${key} ${current.version}`)

  await input.setInputFiles(names.map((name) => info.outputPath(name)))
  await expect(asked).toContainText('in/a.txt')
  await c.isAccessible('files-exist')
  await asked.getByRole('button', { name: 'Go on' }).click()
  await expect(said).toHaveText('3 uploaded')
  expect(await keys()).toEqual(['in/a.txt 2', 'in/b.txt 2', 'in/c.txt 1'])
  await panel.getByRole('button', { name: 'Close the uploads' }).click()

  await upload('Keep both')
  await expect(said).toHaveText('3 uploaded')
  expect((await keys()).filter((key) => key.includes('(2)'))).toEqual(['in/a (2).txt 1', 'in/b (2).txt 1', 'in/c (2).txt 1'])
  await panel.getByRole('button', { name: 'Close the uploads' }).click()
  await upload('Skip')
  await expect(panel.getByText('skipped')).toHaveCount(3)
  await panel.getByRole('button', { name: 'Close the uploads' }).click()

  await c.page.route(`${storage}/**`, (route) => route.fulfill({ status: 403, headers: { 'Access-Control-Allow-Origin': '*' } }))
  writeFileSync(info.outputPath('d.txt'), 'd')
  await input.setInputFiles(info.outputPath('d.txt'))
  await expect(panel.getByText('Storage did not take the file: HTTP 403.')).toBeVisible()
  c.expected(/403/)
  await c.page.unroute(`${storage}/**`)
  await panel.getByRole('button', { name: 'Retry failed' }).click()
  await expect(said).toHaveText('1 uploaded')
  await expect(c.page.getByRole('link', { name: 'd.txt' })).toBeVisible()
})

test('an upload that a reload ended is discarded, and one that is cancelled ends', async ({ console: c }, info) => {
  const { path, uploads } = await newDatastore()
  const file = info.outputPath('large.bin')
  writeFileSync(file, Buffer.alloc(9 << 20))
  await c.page.route(`${storage}/**`, () => {})
  await c.signIn('editor@acme.example', path)
  await c.page.getByLabel('Files to upload').setInputFiles(file)
  await expect.poll(uploads).toEqual([{ key: 'large.bin', state: 'OPEN' }])
  await c.page.getByRole('button', { name: 'Cancel large.bin' }).click()
  await expect.poll(uploads).toEqual([{ key: 'large.bin', state: 'CANCELLED' }])

  await c.page.getByLabel('Files to upload').setInputFiles(file)
  await expect.poll(async () => (await uploads()).map(({ state }) => state)).toEqual(['OPEN', 'CANCELLED'])
  c.page.on('dialog', (dialog) => dialog.accept())
  await c.page.goto('about:blank')
  await c.signIn('editor@acme.example', path)
  await c.page.getByRole('button', { name: 'Discard' }).click()
  await expect(c.page.getByText('Upload of large.bin is unfinished')).toHaveCount(0)
  expect((await uploads()).map(({ state }) => state)).toEqual(['CANCELLED', 'CANCELLED'])
})

test('a folder is counted and deleted, settings are changed, and a datastore goes with what is in it', async ({ console: c }) => {
  const { name, path, put, stored } = await newDatastore()
  for (const key of ['old/1', 'old/2', 'old/deep/3', 'kept']) await put(key, key)
  await c.signIn('editor@acme.example', `${path}?folder=old%2F`)
  await c.page.getByRole('button', { name: 'Delete this folder' }).click()
  const dialog = c.page.getByRole('dialog', { name: 'Delete what begins with old/' })
  await expect(dialog).toContainText('3 files')
  expect((await stored()).objectCount).toBe('4')
  const confirm = dialog.getByRole('button', { name: 'Delete' })
  await expect(confirm).toBeDisabled()
  await dialog.getByRole('textbox').fill('old/')
  await c.isAccessible('files-delete')
  await confirm.click()
  await expect(dialog.getByRole('status')).toHaveText('3 files are deleted.')
  await c.isAccessible('files-deleted')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(c.content.getByText('No files yet')).toBeVisible()
  expect((await stored()).objects.nodes.map(({ key }) => key)).toEqual(['kept'])

  await c.page.getByRole('tab', { name: 'Settings' }).click()
  const types = c.page.getByRole('combobox', { name: 'Content types it takes' })
  await c.page.getByLabel('Description').fill('What the steps read')
  await c.page.getByLabel('Largest file, in MiB').fill('5')
  await types.fill('no type')
  await c.page.keyboard.press('Enter')
  await c.page.getByRole('button', { name: 'Save' }).click()
  await expect(types).toHaveAttribute('aria-invalid', 'true')
  await c.isAccessible('datastore-settings')
  await types.press('Backspace')
  const labels = c.content.getByRole('combobox', { name: 'Labels' })
  await labels.fill('env=prod')
  await labels.press('Enter')
  await labels.fill(`of=${name}`) // what is left when the focus goes counts, too
  await types.fill('text/*')
  await c.page.keyboard.press('Enter')
  await c.page.getByRole('button', { name: 'Save' }).click()
  await expect(c.content.getByText('up to 5 MiB each · takes text/*')).toBeVisible()
  await c.content.getByRole('link', { name: `of=${name}`, exact: true }).click()
  await c.heading('Datastores')
  await expect(c.page.getByRole('table').getByRole('listitem')).toHaveText(['env=prod', `of=${name}`])
  await c.content.getByRole('combobox', { name: 'Order' }).selectOption('Last changed first')
  await c.isAccessible('datastores-by-label')
  await c.page.getByRole('table').getByRole('link', { name, exact: true }).click()
  await c.page.getByRole('tab', { name: 'Settings' }).click()

  await c.page.getByRole('button', { name: 'Delete datastore' }).click()
  const last = c.page.getByRole('dialog', { name: `Delete ${name}` })
  await last.getByRole('button', { name: 'Delete', exact: true }).click()
  const force = last.getByRole('button', { name: 'Delete with everything in it' })
  await expect(force).toBeDisabled()
  await expect(last.getByRole('alert')).toBeVisible()
  await last.getByRole('textbox').fill(name)
  await c.isAccessible('datastore-delete')
  await force.click()
  await c.heading('Datastores')
  await expect(c.page.getByRole('link', { name })).toHaveCount(0)
})

