import { applyEdits, format as edits } from 'jsonc-parser'
import * as prettier from '../../node_modules/prettier/standalone.mjs'

/** Formats GraphQL as Prettier does, and JSON with comments without Prettier. */
export async function format(text: string, options: { parser: string } & Record<string, unknown>): Promise<string> {
  if (options.parser !== 'jsonc') return prettier.format(text, options)
  return applyEdits(text, edits(text, undefined, { insertSpaces: true, tabSize: 2 }))
}
