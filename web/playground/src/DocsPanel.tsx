import {
  DOC_EXPLORER_PLUGIN,
  DocExplorer,
  FieldLink,
  SchemaDocumentation,
  TypeLink,
  useDocExplorer,
  useDocExplorerActions,
} from '@graphiql/plugin-doc-explorer'
import { type GraphiQLPlugin, useGraphiQL } from '@graphiql/react'
import type { GraphQLSchema } from 'graphql'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useOpen } from './ExamplesPanel'
import { HowToGetIn } from './HowToGetIn'
import { type Contents, type Entry, nouns } from './nouns'

/** The schema's documentation; while nobody may read it, how to get in. */
function DocsPanel() {
  const { schema, isReady } = useGraphiQL((s) => ({
    schema: s.schema,
    isReady: !s.isIntrospecting && !s.fetchError && s.validationErrors.length === 0,
  }))
  const isMissing = useGraphiQL((s) => !s.schema && !s.isIntrospecting)
  if (schema && isReady) return <Docs schema={schema} />
  if (!isMissing) return <DocExplorer />
  return (
    <section className="examples" aria-label="Documentation">
      <h2>Documentation</h2>
      <p>The schema is shown to who may call it.</p>
      <HowToGetIn />
    </section>
  )
}

const whole = 'The whole schema'

/** GraphiQL's explorer, whose first page is replaced by the list of nouns. A noun is a page of the explorer without a definition. */
function Docs({ schema }: { schema: GraphQLSchema }) {
  const contents = useMemo(() => nouns(schema), [schema])
  const stack = useDocExplorer()
  const here = stack.at(-1)!
  const noun = contents.find((found) => found.group.title === here.name)
  return (
    <section
      ref={useFocus(here)}
      className={here.def ? undefined : 'nouns'}
      aria-label={stack.length > 1 ? `Documentation of ${here.name}` : 'Documentation'}
      tabIndex={-1}
    >
      <DocExplorer />
      {!here.def && (
        <div className="examples">
          <h2 className="unseen">{here.name}</h2>
          {stack.length === 1 ? <Nouns contents={contents} /> : noun ? <Noun {...noun} /> : <SchemaDocumentation schema={schema} />}
        </div>
      )}
    </section>
  )
}

/** Focuses the panel when the page that had the focus is left, so that a keyboard goes on there and a screen reader says where it is. */
function useFocus(here: unknown) {
  const panel = useRef<HTMLElement>(null)
  const before = useRef(here)
  useEffect(() => {
    if (before.current === here) return
    before.current = here
    panel.current?.closest('.graphiql-plugin')?.scrollTo({ top: 0 })
    if (document.activeElement === document.body) panel.current?.focus({ preventScroll: true })
  }, [here])
  return panel
}

function Nouns({ contents }: { contents: Contents[] }) {
  const { push } = useDocExplorerActions()
  const pages = [...contents.map(({ group }) => group), { title: whole, says: 'Every type, by its name.' }]
  return (
    <ul>
      {pages.map(({ title, says }) => (
        <li key={title}>
          {/* The explorer ignores a page whose definition is that of the page before: null is another one than the first page's undefined. */}
          <button type="button" onClick={() => push({ name: title, def: null as never })}>
            <strong>{title}</strong>
            <span>{says}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function Noun({ group, queries, mutations, types }: Contents) {
  return (
    <>
      <p>{group.says}</p>
      <Fields title="Queries" entries={queries} />
      <Fields title="Mutations" entries={mutations} />
      <h3>Types</h3>
      <ul className="entries">
        {types.map((type) => (
          <li key={type.name}>
            <TypeLink type={type} />
            <Text>{sentence(type.description)}</Text>
          </li>
        ))}
      </ul>
    </>
  )
}

function Fields({ title, entries }: { title: string; entries: Entry[] }) {
  const open = useOpen()
  const [opened, setOpened] = useState('')
  if (entries.length === 0) return null
  return (
    <>
      <h3>{title}</h3>
      <ul className="entries">
        {entries.map(({ field, example }) => (
          <li key={field.name}>
            <FieldLink field={field} />
            <button
              type="button"
              aria-label={`Example of ${field.name}: ${example.title}`}
              title={example.title}
              onClick={() => {
                open(example)
                setOpened(`In the editor: ${example.title}`)
              }}
            >
              Example
            </button>
            <Text>{sentence(field.description)}</Text>
            <small>Needs {example.needs}</small>
          </li>
        ))}
      </ul>
      <p role="status" className="unseen">
        {opened}
      </p>
    </>
  )
}

/** A text of the schema, with its code. */
const Text = ({ children }: { children: string }) => <span>{children.split('`').map((part, i) => (i % 2 ? <code key={i}>{part}</code> : part))}</span>

/** The first sentence of a description. */
const sentence = (description?: string | null) => /^.*?\.(?=\s|$)/s.exec(description ?? '')?.[0] ?? description ?? ''

export const DOCS: GraphiQLPlugin = { title: 'Documentation', icon: DOC_EXPLORER_PLUGIN.icon, content: DocsPanel }
