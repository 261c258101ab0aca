import assert from 'node:assert/strict'
import { test } from 'node:test'
import { breaking, named } from './breaking.mjs'

const released = `
  directive @authorize(role: String) on FIELD_DEFINITION | OBJECT
  directive @signedIn on FIELD_DEFINITION | OBJECT
  directive @cost(weight: Int) on FIELD_DEFINITION
  enum Color { RED GREEN }
  input Filter { color: Color = RED size: Int }
  type Thing @authorize(role: "VIEWER") { id: ID! name: String }
  type Query { thing(id: ID!, depth: Int = 1): Thing @authorize(role: "VIEWER") @cost(weight: 1) things(filter: Filter): [Thing!]! @signedIn }
`
const changed = async (...edits) => [...(await breaking(released, edits.reduce((text, [from, to]) => {
  assert.ok(text.includes(from), from)
  return text.replace(from, to)
}, released))).keys()]

test('what a client can miss is breaking, by its coordinate', async () => {
  for (const [from, to, coordinate] of [
    [' name: String', '', 'Thing.name'],
    ['name: String', 'name: Int', 'Thing.name'],
    ['RED GREEN', 'RED', 'Color.GREEN'],
    ['size: Int', 'size: Int!', 'Filter.size'],
    [' size: Int', '', 'Filter.size'],
    ['color: Color = RED', 'color: Color = GREEN', 'Filter.color'],
    ['depth: Int = 1', 'depth: Int = 2', 'Query.thing.depth'],
    ['id: ID!, depth', 'id: ID!, must: Int!, depth', 'Query.thing.must'],
    ['Thing @authorize(role: "VIEWER") {', 'Thing @authorize(role: "ADMIN") {', 'Thing'],
    ['Thing @authorize(role: "VIEWER") @cost', 'Thing @authorize(role: "ADMIN") @cost', 'Query.thing'],
    ['[Thing!]! @signedIn', '[Thing!]! @authorize(role: "ADMIN")', 'Query.things'],
  ]) assert.deepEqual(await changed([from, to]), [coordinate], `${from} → ${to}`)
})

test('what is added, described or dearer is not', async () => {
  assert.deepEqual(await changed(
    ['name: String', '"What people call it." name: String @deprecated(reason: "Use title.") title: String @authorize(role: "ADMIN")'],
    ['RED GREEN', 'RED GREEN BLUE'],
    ['size: Int', 'size: Int weight: Int = 3'],
    ['@cost(weight: 1)', '@cost(weight: 2)'],
    ['type Query {', 'type Other @authorize(role: "ADMIN") { id: ID! @signedIn } type Query { other(id: ID!): Other @authorize(role: "ADMIN")'],
  ), [])
})

test('a change passes that stands under Unreleased → Breaking, and nowhere else', () => {
  const log = (where) => `# Changelog\n\n## [Unreleased]\n\n### ${where}\n\n- \`Thing.name\` is gone: use \`Thing.title\`.\n\n## [1.0.0]\n\n### Breaking\n\n- \`Old.one\`\n`
  assert.deepEqual(named(log('Breaking')), new Set(['Thing.name']))
  for (const text of [log('Added'), '', '# Changelog\n']) assert.deepEqual(named(text), new Set())
})

test('the command fails on a planted change until the changelog names it', async (t) => {
  const { mkdtempSync, readFileSync, rmSync, writeFileSync } = await import('node:fs')
  const { spawnSync } = await import('node:child_process')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const directory = mkdtempSync(join(tmpdir(), 'contract-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const file = (name, text) => {
    writeFileSync(join(directory, name), text)
    return join(directory, name)
  }
  const contract = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8')
  const planted = file('planted', contract.replaceAll('  objectCount: BigInt!', '  objectTotal: BigInt!'))
  const added = file('added', contract.replace('\ntype Usage {', '\ntype Usage {\n  "One more."\n  more: Int'))
  const run = (current, changelog) => spawnSync(process.execPath, [new URL('breaking.mjs', import.meta.url).pathname,
    file('released', contract), current, file('changelog', changelog)], { encoding: 'utf8' })

  const refused = run(planted, '## [Unreleased]\n')
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /`Datastore\.objectCount`/)
  const all = [...refused.stderr.matchAll(/CHANGELOG\.md: (`[^`]+`)/g)].map((match) => `- ${match[1]} is gone: see \`Other.thing\`.`).join('\n')
  assert.equal(run(planted, `## [Unreleased]\n\n### Breaking\n\n${all}\n`).status, 0)
  assert.equal(run(added, '## [Unreleased]\n').status, 0)
})
