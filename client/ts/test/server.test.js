// Runs against a server: e2e/typescript_test.go starts it, and says in the environment where it is and who asks.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as api from '../dist/index.js'
import { breaking } from './breaking.js'

const { DATA_API_STORAGE: storage, DATA_API_SECRET: value } = process.env
const endpoint = `${process.env.DATA_API_URL}/graphql`
const client = api.createClient({ endpoint, credential: async () => process.env.DATA_API_TOKEN })
const name = (what) => `${what} ${crypto.randomUUID()}`
const megabytes = (count) => new Blob(Array.from({ length: count * 16 }, (_, i) => new Uint8Array(1 << 16).fill(i)))

async function newDatastore(input = {}) {
  const made = await client.request(api.CreateDatastoreDocument, { input: { name: name('typescript'), ...input } })
  return made.createDatastore.datastore
}

async function bytesOf(stream) {
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

async function stored(datastoreId, key, through = client) {
  const { version, body } = await api.download(through, { datastoreId, key })
  return { version, bytes: await bytesOf(body) }
}

async function uploads(datastoreId) {
  const all = api.paginate(client, api.UploadsDocument, { datastoreId }, (found) => found.datastore?.uploads)
  const states = []
  for await (const { state } of all) states.push(state)
  return states
}

test('the server takes every document', async () => {
  const fill = (type) => (type.endsWith('Input!') ? {} : type.startsWith('[') ? [] : '')
  for (const [exported, text] of Object.entries(api).filter(([exported]) => exported.endsWith('Document'))) {
    const variables = {}
    for (const [, variable, type] of text.matchAll(/\$(\w+):([\w[\]!]+)/g)) variables[variable] = fill(type)
    if (text.startsWith('mutation')) variables.input = null // refused for its variables, once the document is valid
    await client.request(text, variables).catch((error) => {
      assert.ok(['BAD_USER_INPUT', 'NOT_FOUND'].includes(error.code), `${exported}: ${error.code} ${error.message}`)
    })
  }
})

test('lists come page by page, and what does not exist is NOT_FOUND', async () => {
  const { id: datastoreId } = await newDatastore()
  const keys = ['a', 'b', 'c', 'd', 'e']
  for (const key of keys) await api.upload(client, { datastoreId, key, file: new Blob([key]) })
  const listed = []
  const pick = (found) => found.datastore?.objects
  const all = api.paginate(client, api.ObjectsDocument, { datastoreId, first: 2 }, pick)
  for await (const { key } of all) listed.push(key)
  assert.deepEqual(listed, keys)

  const none = api.paginate(client, api.ObjectsDocument, { datastoreId: crypto.randomUUID() }, pick)
  await assert.rejects(none.next(), (error) => api.isCode(error, 'NOT_FOUND'))
})

test('a secret is kept, revealed, and its errors have codes with what belongs to them', async () => {
  const input = { name: `typescript/${crypto.randomUUID()}`, value: { text: value } }
  const { secret } = (await client.request(api.CreateSecretDocument, { input })).createSecret
  const reveal = { input: { secretId: secret.id, reason: 'to see it' } }
  const { revealSecret } = await client.request(api.RevealSecretDocument, reveal)
  assert.equal(revealSecret.value, value)

  const refused = async (document, variables, code) => {
    const error = await client.request(document, variables).catch((error) => error)
    assert.ok(api.isCode(error, code), `${error}`)
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes(value))
    return error
  }
  assert.equal((await refused(api.CreateSecretDocument, { input }, 'CONFLICT')).extensions.field, 'name')
  const rotate = { input: { secretId: secret.id, value: { text: 'next' }, ifVersion: 7 } }
  assert.equal((await refused(api.RotateSecretDocument, rotate, 'CONFLICT')).extensions.currentVersion, 1)

  const consumer = { kind: 'AGENT', externalId: name('agent'), name: 'An agent' }
  const references = { input: { consumer, secretIds: [secret.id] } }
  await client.request(api.SetSecretReferencesDocument, references)
  const inUse = await refused(api.DeleteSecretDocument, { input: { secretId: secret.id } }, 'IN_USE')
  assert.equal(inUse.extensions.count, 1)
  assert.deepEqual(inUse.extensions.references, [consumer])
  assert.deepEqual(inUse.path, ['deleteSecret'])

  const missing = { input: { secretId: crypto.randomUUID() } }
  await refused(api.DeleteSecretDocument, missing, 'NOT_FOUND')
  const bad = api.createClient({ endpoint, credential: 'p1_nobody' })
  const error = await bad.request(api.ViewerDocument, {}).catch((error) => error)
  assert.ok(api.isCode(error, 'UNAUTHENTICATED') && error.requestId)
})

for (const mode of ['SINGLE', 'RESUMABLE']) {
  test(`a file goes up and comes down, ${mode}`, async () => {
    const { id: datastoreId } = await newDatastore()
    for (const file of [new Blob([]), new Blob(['text'], { type: 'text/plain' }), megabytes(9)]) {
      const heard = []
      const key = name('a key/with ümlaut')
      const onProgress = ({ sent, total }) => heard.push([sent, total])
      const { version } = await api.upload(client, { datastoreId, key, file }, { mode, onProgress })
      assert.equal(version.sizeBytes, String(file.size))
      assert.equal(version.contentType, file.type || 'application/octet-stream')
      assert.deepEqual(heard.at(-1), [file.size, file.size])
      const back = await stored(datastoreId, key)
      assert.equal(back.version.id, version.id)
      assert.deepEqual(back.bytes, new Uint8Array(await file.arrayBuffer()))
    }
  })
}

test('an upload and a download go on after breaks', async (t) => {
  const proxy = await breaking(t, storage)
  const through = api.createClient({ endpoint, credential: process.env.DATA_API_TOKEN, fetch: proxy.fetch })
  const { id: datastoreId } = await newDatastore()
  const file = megabytes(10)
  const whole = new Uint8Array(await file.arrayBuffer())
  for (const [key, size, mode] of [
    ['single', undefined, 'SINGLE'],
    ['parts', undefined, 'RESUMABLE'],
    ['stream', file.size, undefined],
  ]) {
    const before = proxy.breaks
    proxy.breakAfter(9 << 20)
    const from = size === undefined ? { file } : { file: file.stream(), size }
    await api.upload(through, { datastoreId, key, ...from }, { mode })
    assert.equal(proxy.breaks, before + 1)
    proxy.breakAfter(5 << 20)
    const { bytes } = await stored(datastoreId, key, through)
    assert.equal(proxy.breaks, before + 2)
    assert.deepEqual(bytes, whole)
  }
})

test('another process goes on with an upload that was begun with the same key', async () => {
  const { id: datastoreId } = await newDatastore()
  const file = megabytes(20)
  for (const [mode, sent] of [['RESUMABLE', 1], ['SINGLE', 0]]) {
    const key = name(mode)
    const options = { mode, idempotencyKey: crypto.randomUUID() }
    let puts = 0
    await new Promise((ended) => {
      const dies = (input, init) => {
        // The first PUT of a session asks how far it is.
        if (init.method !== 'PUT' || puts++ < sent * 2) return fetch(input, init)
        ended()
        return new Promise(() => {})
      }
      const first = api.createClient({ endpoint, credential: process.env.DATA_API_TOKEN, fetch: dies })
      void api.upload(first, { datastoreId, key, file }, options)
    })
    const heard = []
    const onProgress = ({ sent }) => heard.push(sent)
    await api.upload(client, { datastoreId, key, file }, { ...options, onProgress })
    assert.equal(heard[0], sent ? 8 << 20 : file.size)
    assert.deepEqual((await stored(datastoreId, key)).bytes, new Uint8Array(await file.arrayBuffer()))
  }
  assert.deepEqual(await uploads(datastoreId), [])
})

test('an upload that is aborted is cancelled, and storage that refuses is told apart', async () => {
  const { id: datastoreId } = await newDatastore({ contentTypes: ['text/plain'] })
  for (const mode of ['SINGLE', 'RESUMABLE']) {
    const stop = new AbortController()
    const reason = new Error('enough')
    const slow = async (input, init) => {
      if (init.method === 'PUT') stop.abort(reason)
      return fetch(input, init)
    }
    const own = api.createClient({ endpoint, credential: process.env.DATA_API_TOKEN, fetch: slow })
    const request = { datastoreId, key: name('aborted'), contentType: 'text/plain', file: megabytes(1) }
    await assert.rejects(api.upload(own, request, { mode, signal: stop.signal }), (error) => error === reason)
  }
  assert.deepEqual(await uploads(datastoreId), ['CANCELLED', 'CANCELLED'])

  let url
  const wrong = async (input, init) => {
    if (init.method !== 'PUT') return fetch(input, init)
    url = String(input)
    return fetch(input, { ...init, headers: { ...init.headers, 'Content-Type': 'text/html' } })
  }
  const own = api.createClient({ endpoint, credential: process.env.DATA_API_TOKEN, fetch: wrong })
  const request = { datastoreId, key: 'refused', contentType: 'text/plain', file: new Blob(['x']) }
  await assert.rejects(api.upload(own, request), (error) => {
    assert.ok(error instanceof api.StorageError && error.status === 403, `${error}`)
    assert.ok(!`${error.stack}${JSON.stringify(error)}`.includes(new URL(url).search))
    return true
  })
})

test('bytes that are other than those that were sent are noticed, both ways', async () => {
  const { id: datastoreId } = await newDatastore()
  const spoilt = new Blob(['spoilt'])
  const up = async (input, init) => fetch(input, init.method === 'PUT' ? { ...init, body: spoilt } : init)
  const own = api.createClient({ endpoint, credential: process.env.DATA_API_TOKEN, fetch: up })
  const request = { datastoreId, key: 'a', file: new Blob(['intact']) }
  await assert.rejects(api.upload(own, request, { mode: 'SINGLE' }), api.IntegrityError)

  const down = async (input, init) => (init.method === 'POST' ? fetch(input, init) : new Response('s-p-i-'))
  const reader = api.createClient({ endpoint, credential: process.env.DATA_API_TOKEN, fetch: down })
  await assert.rejects(stored(datastoreId, 'a', reader), api.IntegrityError)
})

test('an upload whose condition no longer holds is refused with the reason', async () => {
  const { id: datastoreId } = await newDatastore()
  const late = async (input, init) => {
    if (init.method === 'PUT') await api.upload(client, { datastoreId, key: 'raced', file: new Blob(['first']) })
    return fetch(input, init)
  }
  const own = api.createClient({ endpoint, credential: process.env.DATA_API_TOKEN, fetch: late })
  const request = { datastoreId, key: 'raced', file: new Blob(['second']), ifVersion: 0 }
  await assert.rejects(api.upload(own, request), (error) => {
    assert.ok(error instanceof api.UploadRefusedError, `${error}`)
    assert.deepEqual([error.state, error.rejection], ['REJECTED', 'PRECONDITION'])
    return true
  })
})

test('a download asks for another URL once its own has expired, and stays with its version', async (t) => {
  const proxy = await breaking(t, storage)
  let expired = 0
  const down = async (input, init) => {
    if (init.headers?.Range && expired++ === 0) return new Response('', { status: 400 })
    return proxy.fetch(input, init)
  }
  const own = api.createClient({ endpoint, credential: process.env.DATA_API_TOKEN, fetch: down })
  const { id: datastoreId } = await newDatastore({ keepVersions: 2 })
  const file = megabytes(4)
  await api.upload(client, { datastoreId, key: 'a', file })
  const coming = await api.download(own, { datastoreId, key: 'a' })
  await api.upload(client, { datastoreId, key: 'a', file: new Blob(['another']) })
  proxy.breakAfter(2 << 20)
  assert.deepEqual(await bytesOf(coming.body), new Uint8Array(await file.arrayBuffer()))
  assert.equal(expired, 2)
})
