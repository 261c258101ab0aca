import type { Problem } from '../app/problem'
import type { SecretValueInput } from '../generated'
import { jsonObject } from '../ui/jsonObject'
import type { GeneratorDraft } from './schedule'

/** A value that somebody gives, as a form has it. */
export interface ValueDraft extends GeneratorDraft {
  by: 'text' | 'generate' | 'json'
  text: string
  json: string
}

export const emptyValue: ValueDraft = { by: 'text', text: '', json: '', length: 32, alphabet: 'ALPHANUMERIC' }

/** What a form says, as the API takes it. */
export function valueOf({ by, text, json, length, alphabet }: ValueDraft): SecretValueInput {
  if (by === 'generate') return { generate: { length: Number(length), alphabet } }
  return by === 'json' ? { json } : { text }
}

/** The names of a JSON object's fields; undefined while the text is no object. */
export function fieldsOf(json: string): string[] | undefined {
  const object = jsonObject(json)
  return object && Object.keys(object).sort()
}

/** The inputs of the API that a value is made of. */
export const valueInputs = ['value', 'length']

/** Whether a problem is about the value, or about how it is to be made up. */
export const isOfValue = (problem: Problem | undefined): boolean => valueInputs.includes(String(problem?.extensions?.field))
