import { DataAPIError } from './errors.js'

/** Returns what an answer without errors has, though its type says that it may be null. */
export function given<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) {
    throw new DataAPIError({ message: 'The answer lacks a part without saying why.', extensions: { code: 'INTERNAL' } })
  }
  return value
}
