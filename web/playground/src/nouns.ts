import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isScalarType,
  Kind,
  OperationTypeNode,
  parse,
} from 'graphql'
import { type Example, type Group, groups } from './examples'

/** A root field, and the example of its noun that asks for it. */
export interface Entry {
  field: GraphQLField<unknown, unknown>
  example: Example
}

/** What the documentation of a noun lists. */
export interface Contents {
  group: Group
  queries: Entry[]
  mutations: Entry[]
  types: GraphQLNamedType[]
}

/** The nouns with their root fields, which are those that their examples ask for, and with the types that these lead to. */
export function nouns(schema: GraphQLSchema): Contents[] {
  const found = groups.map((group) => {
    const queries = entries(schema, group, OperationTypeNode.QUERY)
    const mutations = entries(schema, group, OperationTypeNode.MUTATION)
    const answers = [...queries, ...mutations].map((entry) => getNamedType(entry.field.type))
    return { group, queries, mutations, answers, given: new Set(reach(answers, isWrapper).filter(isListed)) }
  })
  return found.map(({ answers, given, ...contents }) => {
    // A type that only another noun's fields give stands there, with what it is made of.
    const isElsewhere = (type: GraphQLNamedType) => !given.has(type) && found.some((other) => other.given.has(type))
    const types = reach(answers, (type) => !isElsewhere(type))
    return { ...contents, types: types.filter((type) => isListed(type) && !isElsewhere(type)) }
  })
}

function entries(schema: GraphQLSchema, group: Group, operation: OperationTypeNode): Entry[] {
  const fields = schema.getRootType(operation)?.getFields() ?? {}
  const examples = new Map<string, Example>()
  for (const example of group.examples) {
    for (const name of asked(example, operation)) if (!examples.has(name)) examples.set(name, example)
  }
  return [...examples].flatMap(([name, example]) => (fields[name] ? [{ field: fields[name], example }] : []))
}

/** The root fields that an example asks for by such an operation. */
const asked = (example: Example, operation: OperationTypeNode): string[] =>
  parse(example.query).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.operation === operation
      ? definition.selectionSet.selections.flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []))
      : [],
  )

/** What is around the things themselves. It stands on the page of its field. */
const isWrapper = (type: GraphQLNamedType) => /(Payload|Connection|Edge|PageInfo)$/.test(type.name)

const isListed = (type: GraphQLNamedType) => !isWrapper(type) && !isScalarType(type)

/** The types given, and those of the fields of each that is entered. */
function reach(types: GraphQLNamedType[], isEntered: (type: GraphQLNamedType) => boolean): GraphQLNamedType[] {
  const reached = new Set(types)
  for (const type of reached) {
    if (!isEntered(type) || !(isObjectType(type) || isInterfaceType(type))) continue
    for (const field of Object.values(type.getFields())) reached.add(getNamedType(field.type))
  }
  return [...reached]
}
