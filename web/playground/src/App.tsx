import { DocExplorerStore } from '@graphiql/plugin-doc-explorer'
import { GraphiQLProvider, useGraphiQL } from '@graphiql/react'
import { GraphiQL, GraphiQLInterface } from 'graphiql'
import { useEffect, useMemo } from 'react'
import { AnswerLine } from './AnswerLine'
import { CredentialBar } from './CredentialBar'
import { DOCS } from './DocsPanel'
import { EXAMPLES } from './ExamplesPanel'
import { first } from './examples'
import { createFetcher } from './fetcher'
import { session } from './session'
import { storage } from './storage'
import { useStore } from '../../shared/store'

const plugins = [DOCS, EXAMPLES]
const tabs = [{ query: first.query, variables: first.variables ?? null, headers: null }]

export function App() {
  const s = useStore(session)
  const who = s.state === 'in' ? s.credential.value : ''
  // Another credential may read the schema, or no longer: a new fetcher makes GraphiQL ask.
  const fetcher = useMemo(createFetcher, [who])
  return (
    <>
      <CredentialBar />
      <main>
        <GraphiQLProvider
          fetcher={fetcher}
          plugins={plugins}
          referencePlugin={DOCS}
          visiblePlugin={EXAMPLES}
          defaultTabs={tabs}
          shouldPersistHeaders={false}
          storage={storage}
        >
          <EditorOptions />
          <DocExplorerStore>
            <GraphiQLInterface showPersistHeadersSettings={false} defaultEditorToolsVisibility="variables">
              <GraphiQL.Logo>{''}</GraphiQL.Logo>
              <GraphiQL.Footer>
                <AnswerLine />
              </GraphiQL.Footer>
            </GraphiQLInterface>
          </DocExplorerStore>
        </GraphiQLProvider>
      </main>
    </>
  )
}

/** Fits more of a document on the screen than GraphiQL's editors do. */
function EditorOptions() {
  const editors = useGraphiQL((s) => [s.queryEditor, s.variableEditor, s.headerEditor, s.responseEditor])
  useEffect(() => editors.forEach((editor) => editor?.updateOptions({ fontSize: 13, wordWrap: 'on' })), [editors])
  return null
}
