import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { buildSchema, Kind, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql'
import * as api from '../dist/index.js'
import { CRC32C } from '../dist/crc32c.js'
import { StreamSource } from '../dist/source.js'

const schema = buildSchema(readFileSync('../../schema.graphql', 'utf8'))
const documents = Object.entries(api).filter(([name]) => name.endsWith('Document'))
const secret = 'p1_thisisthesecret'

test('every root field of the contract has a document, and every document fits the contract', () => {
  const called = new Set()
  for (const [name, text] of documents) {
    const document = parse(text)
    assert.deepEqual(validate(schema, document), [], name)
    const operation = document.definitions.find((d) => d.kind === Kind.OPERATION_DEFINITION)
    assert.equal(`${operation.name.value}Document`, name)
    const info = new TypeInfo(schema)
    visit(
      document,
      visitWithTypeInfo(info, {
        Field(field) {
          const parent = info.getParentType()
          if (parent === schema.getQueryType() || parent === schema.getMutationType()) called.add(field.name.value)
        },
      }),
    )
  }
  const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) => Object.keys(type.getFields()))
  assert.deepEqual([...called].sort(), roots.sort())
})

test('each code of the contract is known, with all that its page says stands beside it', () => {
  const page = readFileSync('../../docs/reference/errors.md', 'utf8')
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \|.*\| ?(.*?) ?\|$/gm)]
  const codes = schema.getType('ErrorCode').getValues().map(({ name }) => name)
  assert.deepEqual(rows.map(([, code]) => code).sort(), codes.sort())

  const types = readFileSync('dist/errors.d.ts', 'utf8').match(/interface ExtensionsOf \{([^]*?)\n\}/)[1]
  for (const [, code, beside] of rows) {
    const error = new api.DataAPIError({ message: 'no', extensions: { code } })
    assert.ok(api.isCode(error, code))
    const type = types.split(/\n {4}(?=[A-Z_]+:)/).find((text) => text.trim().startsWith(`${code}:`))
    for (const [, name] of beside.matchAll(/`([a-zA-Z]+)`/g)) {
      if (name === 'locations') continue // stands beside `extensions`
      assert.match(name === 'field' ? type.replace('About', 'field?') : type, new RegExp(`\\b${name}\\?`), code)
    }
  }
  assert.equal(new api.DataAPIError({ message: 'no', extensions: { code: 'NEW' } }).code, 'INTERNAL')
})

test('possibleTypes are those of the contract', () => {
  const names = schema.getPossibleTypes(schema.getType('Node')).map(({ name }) => name)
  assert.deepEqual(api.possibleTypes, { Node: names.sort() })
})

test('CRC32C is that of RFC 3720, however the bytes are cut', () => {
  const sum = (...parts) => {
    const crc = new CRC32C()
    for (const part of parts) crc.update(part)
    return String(crc)
  }
  const bytes = new TextEncoder().encode('123456789')
  assert.equal(sum(bytes), '4waSgw==')
  assert.equal(sum(), 'AAAAAA==')
  assert.equal(sum(new Uint8Array(32)), 'ipE2qg==')
  const long = Uint8Array.from({ length: 1000 }, (_, i) => i * 7)
  for (let cut = 0; cut < 40; cut++) assert.equal(sum(long.subarray(0, cut), long.subarray(cut)), sum(long))
})

test('a stream that is shorter or longer than its size is refused', async () => {
  const stream = () => new Blob(['0123456789']).stream()
  assert.deepEqual(await new StreamSource(stream(), 10).read(0), new TextEncoder().encode('0123456789'))
  await assert.rejects(new StreamSource(stream(), 11).read(0), /ended before the 11 bytes/)
  await assert.rejects(new StreamSource(stream(), 9).read(0), /more than the 9 bytes/)
})

test('an upload with an idempotency key goes on where storage is, and sums what it does not send again', async () => {
  const bytes = Uint8Array.from({ length: (8 << 20) + 9 }, (_, i) => i * 7)
  const sum = new CRC32C()
  sum.update(bytes)
  const asked = []
  let has = 8 << 20
  let state = 'OPEN'
  const answer = (data) => new Response(JSON.stringify({ data }), { headers: { 'Content-Type': 'application/json' } })
  const fetch = async (url, { body, headers }) => {
    if (url.endsWith('/storage')) {
      asked.push([headers['Content-Range'], body.length])
      if (has === bytes.length || body.length) return new Response('')
      return new Response('', { headers: { Range: `bytes=0-${has - 1}`, 'X-HTTP-Status-Code-Override': '308' } })
    }
    const { query, variables } = JSON.parse(body)
    if (query.includes('createUploadURL')) {
      assert.equal(variables.input.idempotencyKey, 'again')
      const url = state === 'OPEN' ? 'http://127.0.0.1:1/storage' : null
      return answer({ createUploadURL: { upload: { id: 'u', state }, url, headers: [] } })
    }
    const version = { id: 'v', sizeBytes: String(bytes.length), crc32c: String(sum) }
    return answer({ completeUpload: { upload: { id: 'u', state: 'COMPLETED', rejection: null, version } } })
  }
  const client = api.createClient({ endpoint: 'http://127.0.0.1:1/graphql', credential: secret, fetch })
  const heard = []
  const goOn = (file) =>
    api.upload(client, { datastoreId: 'd', key: 'k', file }, {
      idempotencyKey: 'again',
      onProgress: ({ sent }) => heard.push(sent),
    })
  const size = bytes.length

  assert.equal((await goOn(new Blob([bytes]))).version.id, 'v')
  assert.deepEqual(asked.splice(0), [
    [`bytes */${size}`, 0],
    [`bytes ${has}-${size - 1}/${size}`, 9],
  ])
  assert.deepEqual(heard, [has, size])

  has = size // all of it is there, and nobody has settled it
  assert.equal((await goOn(new Blob([bytes]))).version.id, 'v')
  assert.deepEqual(asked.splice(0), [[`bytes */${size}`, 0]])

  state = 'COMPLETED' // the server has settled it meanwhile
  assert.equal((await goOn(new Blob([bytes]))).version.id, 'v')
  assert.deepEqual(asked, [])
  await assert.rejects(goOn(new Blob([bytes.map((byte) => byte + 1)])), api.IntegrityError)
  await assert.rejects(goOn(new Blob([bytes]).stream()), /^TypeError: (size|idempotencyKey): /)
})

test('a download from which nothing comes for half a minute goes on with another request', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const version = { id: 'v', version: 1, sizeBytes: '9', crc32c: '4waSgw==' }
  const stalled = new ReadableStream({ pull: (c) => (asked++ ? new Promise(() => {}) : c.enqueue(encode('1234'))) })
  let asked = 0
  const bodies = [stalled, '56789']
  const ranges = []
  const encode = (text) => new TextEncoder().encode(text)
  const fetch = async (url, { headers }) => {
    if (url.endsWith('/graphql')) {
      const data = { createDownloadURL: { url: 'http://127.0.0.1:1/storage', version } }
      return new Response(JSON.stringify({ data }), { headers: { 'Content-Type': 'application/json' } })
    }
    ranges.push(headers.Range)
    return new Response(bodies.shift(), { status: headers.Range ? 206 : 200 })
  }
  const client = api.createClient({ endpoint: 'http://127.0.0.1:1/graphql', credential: secret, fetch })

  const { body } = await api.download(client, { datastoreId: 'd', key: 'k' })
  const reader = body.getReader()
  assert.deepEqual((await reader.read()).value, encode('1234'))
  const next = reader.read()
  for (const wait of [29_999, 1, 100]) {
    await new Promise(setImmediate)
    assert.equal(ranges.length, 1)
    t.mock.timers.tick(wait)
  }
  assert.deepEqual((await next).value, encode('56789'))
  assert.deepEqual(ranges, [undefined, 'bytes=4-'])
  assert.equal((await reader.read()).done, true)
})

test('a credential goes nowhere in the clear, and into no error', async () => {
  for (const endpoint of ['http://api.example/graphql', 'ftp://localhost/', 'https://u:p@api.example/', 'x', '']) {
    assert.throws(() => api.createClient({ endpoint, credential: secret }), /^TypeError: endpoint: /)
  }
  for (const endpoint of ['https://api.example/graphql', 'http://[::1]:1/graphql', 'http://127.0.0.2/']) {
    api.createClient({ endpoint, credential: secret })
  }
  for (const credential of [`${secret}\n`, `${secret}é`, '']) {
    const client = api.createClient({ endpoint: 'http://127.0.0.1:1/graphql', credential })
    await assert.rejects(client.request(api.RegionsDocument, {}), (error) => !String(error.stack).includes(secret))
  }
  assert.ok(!JSON.stringify(api.createClient({ endpoint: 'https://a.example', credential: secret })).includes(secret))
})

test('what is none of the API has errors of its own', async (t) => {
  let answer
  const server = createServer((request, response) => answer(request, response))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const credential = async () => secret
  const client = api.createClient({ endpoint: `http://127.0.0.1:${server.address().port}/graphql`, credential })
  const ask = (options) => client.request(api.RegionsDocument, {}, options)
  const refusal = (name, more) => (error) => {
    assert.equal(error.name, name)
    for (const [key, value] of Object.entries(more)) assert.deepEqual(error[key], value)
    assert.ok(!JSON.stringify(error).includes(secret) && !error.stack.includes(secret))
    return true
  }

  let followed = false
  answer = (request, response) => {
    followed ||= request.url === '/elsewhere'
    response.writeHead(307, { Location: '/elsewhere' }).end()
  }
  await assert.rejects(ask(), refusal('ProxyError', { status: 307 }))
  assert.equal(followed, false)

  answer = (_, response) => response.writeHead(502, { 'Retry-After': '7' }).end('<html>Bad Gateway</html>')
  await assert.rejects(ask(), refusal('ProxyError', { status: 502, retryAfterSeconds: 7 }))

  answer = (_, response) => response.end('{"data":null}')
  await assert.rejects(ask(), refusal('ProxyError', { status: 200 }))

  answer = (_, response) => {
    const error = { message: 'Wait.', path: ['regions'], extensions: { code: 'RATE_LIMITED' } }
    const headers = { 'Retry-After': '3', 'X-Request-Id': 'r1' }
    response.writeHead(429, headers).end(JSON.stringify({ errors: [error] }))
  }
  const told = { code: 'RATE_LIMITED', message: 'Wait.', path: ['regions'], requestId: 'r1', retryAfterSeconds: 3 }
  await assert.rejects(ask(), refusal('DataAPIError', told))

  answer = (request) => request.socket.destroy()
  await assert.rejects(ask(), refusal('NetworkError', {}))

  const reason = new Error('enough')
  answer = () => stop.abort(reason)
  const stop = new AbortController()
  await assert.rejects(ask({ signal: stop.signal }), (error) => error === reason)
  server.closeAllConnections()
})
