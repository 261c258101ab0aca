import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { type Example, groups } from './examples'
import { recall } from './recall'

/** Opens an example: in its own tab, or in the one it is open in already. Ids that are known by now are filled in. */
export function useOpen() {
  const { addTab, changeTab, updateActiveTabValues } = useGraphiQLActions()
  const { tabs, queryEditor, variableEditor } = useGraphiQL((s) => ({ tabs: s.tabs, queryEditor: s.queryEditor, variableEditor: s.variableEditor }))
  return (example: Example) => {
    const open = tabs.findIndex((tab) => tab.title === example.name)
    if (open >= 0) {
      changeTab(open)
      variableEditor?.setValue(recall(variableEditor.getValue()))
      return
    }
    addTab()
    const variables = recall(example.variables ?? '')
    updateActiveTabValues({ query: example.query, variables, operationName: example.name })
    queryEditor?.setValue(example.query)
    variableEditor?.setValue(variables)
  }
}

function ExamplesPanel() {
  const open = useOpen()
  const { tabs, activeTabIndex } = useGraphiQL((s) => ({ tabs: s.tabs, activeTabIndex: s.activeTabIndex }))
  const active = tabs[activeTabIndex]?.title
  return (
    <section className="examples" aria-label="Examples">
      <h2>Examples</h2>
      <p>Each opens in a tab with its variables. Ids of earlier answers are filled in.</p>
      {groups.map((group) => (
        <section key={group.title} aria-label={group.title}>
          <h3>{group.title}</h3>
          <ul>
            {group.examples.map((example) => (
              <li key={example.name}>
                <button type="button" aria-current={example.name === active || undefined} onClick={() => open(example)}>
                  <strong>{example.title}</strong>
                  <span>{example.says}</span>
                  <small>Needs {example.needs}</small>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </section>
  )
}

const Icon = () => (
  <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round">
    <path d="M4 4.5h12M4 10h12M4 15.5h7" />
    <path d="m14 13.4 3 2.1-3 2.1z" fill="currentColor" />
  </svg>
)

export const EXAMPLES: GraphiQLPlugin = { title: 'Examples', icon: Icon, content: ExamplesPanel }
