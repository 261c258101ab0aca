import { concatAST, Kind, print, stripIgnoredCharacters, visit } from 'graphql'

/**
 * Writes each operation as a text with its types. codegen's own plugin for texts imports the types of a package, which
 * every user of the client would have to install.
 */
export function plugin(_schema, files) {
  const { definitions } = concatAST(files.map((file) => file.document))
  const fragments = new Map(
    definitions.filter((d) => d.kind === Kind.FRAGMENT_DEFINITION).map((d) => [d.name.value, d]),
  )
  const operations = definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION)

  return {
    prepend: ["import { type TypedDocumentString, typed } from './document.js'"],
    content: operations.map((operation) => constant(operation, fragments)).join('\n\n'),
  }
}

function constant(operation, fragments) {
  const text = [operation, ...fragmentsOf(operation, fragments)].map(print).join('\n')
  const name = operation.name.value
  const types = name + operation.operation[0].toUpperCase() + operation.operation.slice(1)
  const type = `TypedDocumentString<${types}, ${types}Variables>`
  const short = JSON.stringify(stripIgnoredCharacters(text))
  return `export const ${name}Document: ${type} = /* @__PURE__ */ typed(\n  ${short},\n)`
}

/** The fragments that a document spreads, and those that they spread, each once. */
function fragmentsOf(operation, fragments, found = new Set()) {
  visit(operation, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value)
      if (found.has(fragment)) return
      found.add(fragment)
      fragmentsOf(fragment, fragments, found)
    },
  })
  return found
}
