import { mkdirSync, writeFileSync } from 'node:fs'
import { given } from './browser'
import { type Console, expect, run, test, unique } from './console'

const storage = given('CONSOLE_STORAGE')
const size = 50_000_000

/** A datastore of acme, and where its page is. */
async function newDatastore(input: object = {}) {
  const { workspaces } = await run<{ workspaces: { id: string; name: string }[] }>('{ workspaces { id name } }')
  const workspace = workspaces.find(({ name }) => name.startsWith('acme'))!.id
  const headers = { 'X-Workspace-Id': workspace }
  const name = unique('files')
  const { createDatastore } = await run<{ createDatastore: { datastore: { id: string } } }>(
    'mutation ($input: CreateDatastoreInput!) { createDatastore(input: $input) { datastore { id } } }',
    { input: { name, ...input } },
    headers,
  )
  const { id } = createDatastore.datastore

  /** Puts a file there, as a program does. */
  async function put(key: string, body: string | Uint8Array<ArrayBuffer>, contentType = 'text/plain', metadata = {}) {
    const { createUploadURL } = await run<{
      createUploadURL: { upload: { id: string }; url: string; headers: { name: string; value: string }[] }
    }>(
      'mutation ($input: CreateUploadURLInput!) { createUploadURL(input: $input) { upload { id } url headers { name value } } }',
      { input: { datastoreId: id, key, contentType, metadata, maxBytes: '10000000' } },
      headers,
    )
    const sent = await fetch(createUploadURL.url, {
      method: 'PUT',
      headers: Object.fromEntries(createUploadURL.headers.map((header) => [header.name, header.value])),
      body,
    })
    expect(sent.status).toBe(200)
    await run(
      'mutation ($input: CompleteUploadInput!) { completeUpload(input: $input) { upload { state } } }',
      { input: { uploadId: createUploadURL.upload.id } },
      headers,
    )
  }

  const stored = async () => {
    const { datastore } = await run<{
      datastore: { objectCount: string; objects: { nodes: { key: string; current: { version: number; sizeBytes: string } }[] } }
    }>(
      'query ($id: ID!) { datastore(id: $id) { objectCount objects(first: 100) { nodes { key current { version sizeBytes } } } } }',
      { id },
      headers,
    )
    return datastore
  }
  /** What has become of the uploads that are no objects. */
  const uploads = async () => {
    const { datastore } = await run<{ datastore: { uploads: { nodes: { key: string; state: string }[] } } }>(
      'query ($id: ID!) { datastore(id: $id) { uploads { nodes { key state } } } }',
      { id },
      headers,
    )
    return datastore.uploads.nodes
  }
  return { uploads, name, path: `/w/${workspace}/datastores/${id}`, put, stored }
}

/** Drops files or folders of this machine on the page, as a hand does. */
async function drop(c: Console, paths: string[]) {
  const cdp = await c.page.context().newCDPSession(c.page)
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') => cdp.send('Input.dispatchDragEvent', { type, x: 700, y: 500, data })
  await send('dragEnter')
  await expect(c.page.locator('[data-over]')).toBeVisible()
  await send('dragOver')
  await send('drop')
  await expect(c.page.locator('[data-over]')).toHaveCount(0)
}

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
  await expect(said).toHaveText(/^Uploading 52 of 53,/)
  await expect(panel.getByRole('progressbar', { name: 'big.bin' })).toHaveAttribute('aria-valuenow', '33')
  await expect(said).toHaveText('Uploading 52 of 53, 30 percent')
  await c.isAccessible('files-uploading')

  // The queue is above the page.
  await c.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Datastores' }).click()
  await c.heading('Datastores')
  await expect(said).toHaveText(/^Uploading 52 of 53,/)

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

test('folders are browsed, and previews run nothing of a file', async ({ console: c }) => {
  const { path, put } = await newDatastore()
  await put('reports/2026/sales.csv', 'region,amount\n' + Array.from({ length: 150 }, (_, i) => `"north, ${i}",${i}`).join('\n'), 'text/csv')
  await put('reports/run.json', JSON.stringify({ run: { id: 7, steps: ['read', 'write'] }, ok: true }), 'application/json', { source: 'step 7' })
  await put('reports/notes.txt', 'first line\nsecond line')
  await put('reports/bad.html', '<script>document.title = "ran"</script>', 'text/html')
  await put('reports/vector.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "ran"</script></svg>', 'image/svg+xml')
  await put('reports/data.bin', new Uint8Array([0, 255, 254, 1]), 'application/octet-stream')
  await c.signIn('viewer@acme.example', path)
  await c.page.setViewportSize({ width: 1280, height: 860 })
  await c.page.getByRole('link', { name: 'reports/' }).waitFor()
  await put('reports/shot.png', new Uint8Array(await c.page.screenshot()), 'image/png')
  await c.page.getByRole('link', { name: 'reports/' }).click()
  await expect(c.page).toHaveURL(/folder=reports%2F/)
  await expect(c.page.getByRole('link', { name: '2026/' })).toBeVisible()
  await expect(c.page.getByRole('link', { name: 'sales.csv' })).toHaveCount(0)
  await c.isAccessible('files-folder')

  const open = async (name: string) => {
    await c.page.getByRole('link', { name }).click()
    const drawer = c.page.getByRole('dialog', { name })
    await expect(drawer).toBeVisible()
    return drawer
  }
  const close = async () => {
    await c.page.keyboard.press('Escape')
    await expect(c.page.getByRole('dialog')).toHaveCount(0)
  }
  await expect((await open('notes.txt')).getByRole('region', { name: 'Content' })).toHaveText('first line\nsecond line')
  await c.isAccessible('file-text')
  await close()
  await expect((await open('bad.html')).getByRole('region', { name: 'Content' })).toHaveText(/^<script>/)
  await close()
  await expect((await open('vector.svg')).getByRole('region', { name: 'Content' })).toHaveText(/^<svg .*<script>/)
  await close()
  await expect(await open('data.bin')).toContainText('The file is not text')
  await close()
  expect(await c.page.title()).not.toBe('ran')

  const json = await open('run.json')
  await expect(json.getByText('"write"')).toBeHidden()
  await json.getByText('steps: [2]').click()
  await expect(json.getByText('"write"')).toBeVisible()
  await c.isAccessible('file-json')
  await json.getByRole('tab', { name: 'Details' }).click()
  await expect(json).toContainText('"source": "step 7"')
  await c.isAccessible('file-details')
  await close()
  const image = (await open('shot.png')).getByRole('img', { name: /^What is in/ })
  expect(await image.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).toBe(1280)
  expect(await image.getAttribute('src')).toMatch(/^blob:/)
  await c.isAccessible('file-image')
  await close()

  await c.page.getByRole('searchbox').fill('2026/s')
  await c.page.getByRole('link', { name: '2026/sales.csv' }).click()
  const csv = c.page.getByRole('dialog')
  await expect(csv.getByRole('cell', { name: 'north, 0', exact: true })).toBeVisible()
  await expect(csv.getByRole('row')).toHaveCount(101)
  await expect(csv).toContainText('These are the first 100 rows.')
  await c.isAccessible('file-csv')
  await c.page.keyboard.press('Escape')
  await expect(c.page).toHaveURL(/prefix=reports%2F2026%2Fs/)
  await c.page.getByRole('link', { name: 'All files' }).click()
  await expect(c.page.getByRole('link', { name: 'reports/' })).toBeVisible()
})

test('a version is restored, copied, linked and downloaded, and a file deleted', async ({ console: c }) => {
  const { path, put, stored } = await newDatastore({ keepVersions: 5 })
  await put('a.txt', 'the first')
  await put('a.txt', 'the second')
  await c.signIn('editor@acme.example', `${path}?key=a.txt`)
  const drawer = c.page.getByRole('dialog', { name: 'a.txt' })
  await expect(drawer).toContainText('the second')

  const download = c.page.waitForEvent('download')
  await drawer.getByRole('button', { name: 'Download' }).click()
  expect((await download).suggestedFilename()).toBe('a.txt')
  await c.heading(/^files-/)

  await drawer.getByRole('tab', { name: 'Versions' }).click()
  await c.isAccessible('file-versions')
  await drawer.getByRole('button', { name: 'Restore' }).click()
  await expect(drawer.getByText('Version 3')).toBeVisible()
  await drawer.getByRole('tab', { name: 'Preview' }).click()
  await expect(drawer).toContainText('the first')

  await drawer.getByRole('button', { name: 'Copy link' }).click()
  const link = c.page.getByRole('dialog', { name: 'Link to version 3' })
  await link.getByText('1 day').click()
  await link.getByRole('button', { name: 'Make the link' }).click()
  const url = await link.getByRole('textbox', { name: 'Link' }).inputValue()
  expect(await (await fetch(url)).text()).toBe('the first')
  await expect(link).toContainText('Whoever has this link can read the file until')
  await c.isAccessible('file-link')
  await c.page.keyboard.press('Escape')
  await expect(link).toHaveCount(0)
  await expect(drawer).toBeVisible()
  await c.keepsNothingOf(url, new URL(url).search)

  await drawer.getByRole('button', { name: 'More' }).click()
  await c.page.getByRole('menuitem', { name: 'Copy to another key' }).click()
  const copy = c.page.getByRole('dialog', { name: 'Copy version 3' })
  await copy.getByRole('button', { name: 'Copy' }).click()
  await expect(copy.getByText('There is a file at this key already.')).toBeVisible()
  await copy.getByRole('textbox', { name: 'Key' }).fill('copies/a.txt')
  await c.isAccessible('file-copy')
  await copy.getByRole('button', { name: 'Copy' }).click()
  await expect(copy).toHaveCount(0)
  expect((await stored()).objects.nodes.map(({ key }) => key)).toEqual(['a.txt', 'copies/a.txt'])

  await drawer.getByRole('button', { name: 'More' }).click()
  await c.page.getByRole('menuitem', { name: 'Delete' }).click()
  await c.page.getByRole('dialog', { name: 'Delete this file' }).getByRole('button', { name: 'Delete' }).click()
  await expect(c.page.getByRole('dialog')).toHaveCount(0)
  await expect(c.page.getByRole('link', { name: 'copies/' })).toBeVisible()
  await expect(c.page.getByRole('link', { name: 'a.txt' })).toHaveCount(0)
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
  await types.fill('text/*')
  await c.page.keyboard.press('Enter')
  await c.page.getByRole('button', { name: 'Save' }).click()
  await expect(c.content.getByText('up to 5 MiB each · takes text/*')).toBeVisible()

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

test('a viewer is offered nothing that writes', async ({ console: c }) => {
  const { path, put } = await newDatastore({ keepVersions: 2 })
  await put('a.txt', 'one')
  await put('a.txt', 'two')
  await c.signIn('viewer@acme.example', path)
  await c.page.getByRole('link', { name: 'a.txt' }).click()
  const drawer = c.page.getByRole('dialog')
  await drawer.getByRole('tab', { name: 'Versions' }).click()
  await expect(drawer.getByText('Version 1')).toBeVisible()
  await drawer.getByRole('button', { name: 'More for version 1' }).click()
  await expect(c.page.getByRole('menuitem')).toHaveText(['Download', 'Copy link'])
  await c.page.keyboard.press('Escape')
  for (const name of [/Upload/, /^Delete/, 'Restore', 'More', 'Settings']) {
    await expect(c.page.getByRole('button', { name, exact: true })).toHaveCount(0)
  }
  await expect(c.page.getByRole('tab', { name: 'Settings', includeHidden: true })).toHaveCount(0)
  await expect(c.page.getByLabel('Files to upload')).toHaveCount(0)
})
