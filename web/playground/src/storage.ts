/**
 * What the browser may keep: how the page looks. GraphiQL would also keep tabs, documents and variables, and variables carry values of secrets:
 * all of that stays in memory and ends with the page.
 */
const kept = new Set(['graphiql:theme', 'graphiql:visiblePlugin', 'graphiql:docExplorerFlex', 'graphiql:editorFlex', 'graphiql:secondaryEditorFlex'])

/** How wide the panel and the editors are until somebody drags them: documents need more room than answers. */
const memory = new Map([
  ['graphiql:docExplorerFlex', '0.3'],
  ['graphiql:editorFlex', '1.15'],
])

export const storage = {
  getItem: (key: string) => (kept.has(key) ? localStorage.getItem(key) : null) ?? memory.get(key) ?? null,
  setItem(key: string, value: string) {
    if (kept.has(key)) localStorage.setItem(key, value)
    else memory.set(key, value)
  },
  removeItem(key: string) {
    localStorage.removeItem(key)
    memory.delete(key)
  },
  clear() {
    kept.forEach((key) => localStorage.removeItem(key))
    memory.clear()
  },
  get length() {
    return memory.size + [...kept].filter((key) => localStorage.getItem(key) !== null).length
  },
}
