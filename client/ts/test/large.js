// Sends a file up and down, both broken off in the middle, and prints how much memory that took: a process of its own,
// with --expose-gc. What is in use after a collection does not depend on how fast the machine is; the peak does.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { createClient, CreateDatastoreDocument, download, upload } from '../dist/index.js'
import { breaking } from './breaking.js'

const { DATA_API_STORAGE: storage, DATA_API_FILE: path } = process.env
const endpoint = `${process.env.DATA_API_URL}/graphql`
const { size } = statSync(path)
const proxy = await breaking(undefined, storage)
const client = createClient({ endpoint, credential: process.env.DATA_API_TOKEN, fetch: proxy.fetch })
const input = { name: `large ${crypto.randomUUID()}` }
const { datastore } = (await client.request(CreateDatastoreDocument, { input })).createDatastore
const at = { datastoreId: datastore.id, key: 'large' }

let [usedBytes, measured] = [0, 0]
function onProgress({ sent, received }) {
  if ((sent ?? received) - measured < 4 << 20) return
  measured = sent ?? received
  globalThis.gc()
  globalThis.gc() // the first one leaves what was still being swept
  usedBytes = Math.max(usedBytes, process.memoryUsage().arrayBuffers)
}

proxy.breakAfter(size / 2)
await upload(client, { ...at, file: Readable.toWeb(createReadStream(path)), size }, { onProgress })
assert.equal(proxy.breaks, 1)

measured = 0
proxy.breakAfter(size / 2)
const { body } = await download(client, at, { onProgress })
const [sent, came] = [createHash('sha256'), createHash('sha256')]
for await (const chunk of body) came.update(chunk)
assert.equal(proxy.breaks, 2)
for await (const chunk of createReadStream(path)) sent.update(chunk)
assert.equal(came.digest('hex'), sent.digest('hex'))

proxy.close()
console.log(JSON.stringify({ usedBytes, peakBytes: process.resourceUsage().maxRSS * 1024 }))
