import { DOC_EXPLORER_PLUGIN, DocExplorer } from '@graphiql/plugin-doc-explorer'
import { type GraphiQLPlugin, useGraphiQL } from '@graphiql/react'
import { HowToGetIn } from './HowToGetIn'

/** The schema's documentation; while nobody may read it, how to get in. */
function DocsPanel() {
  const missing = useGraphiQL((s) => !s.schema && !s.isIntrospecting)
  if (!missing) return <DocExplorer />
  return (
    <section className="examples" aria-label="Documentation">
      <h2>Documentation</h2>
      <p>The schema is shown to who may call it.</p>
      <HowToGetIn />
    </section>
  )
}

export const DOCS: GraphiQLPlugin = { title: 'Documentation', icon: DOC_EXPLORER_PLUGIN.icon, content: DocsPanel }
