import { acme, type Console, expect, inAcme, run, unique } from './console'

/** A datastore of acme, and where its page is. */
export async function newDatastore(input: object = {}) {
  const headers = await inAcme()
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
  return { uploads, name, path: `/w/${await acme()}/datastores/${id}`, put, stored }
}

/** Drops files or folders of this machine on the page, as a hand does. */
export async function drop(c: Console, paths: string[]) {
  const cdp = await c.page.context().newCDPSession(c.page)
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  const send = (type: 'dragEnter' | 'dragOver' | 'drop') => cdp.send('Input.dispatchDragEvent', { type, x: 700, y: 500, data })
  await c.page.evaluate(() => {
    document.documentElement.dataset.takes = 'false'
    addEventListener('dragover', (event) => (document.documentElement.dataset.takes = String(event.defaultPrevented)))
  })
  await send('dragEnter')
  await expect(c.page.locator('[data-over]')).toBeVisible()
  // A browser drops only where the last move was taken, and leaves moves out while a page is busy.
  await expect(async () => {
    await send('dragOver')
    await expect(c.page.locator('[data-takes=true]')).toHaveCount(1, { timeout: 1000 })
  }).toPass()
  await send('drop')
  await expect(c.page.locator('[data-over]')).toHaveCount(0)
}
