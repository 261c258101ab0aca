import { useCallback, useState } from 'react'
import { type Problem, problemOf } from '../app/problem'

/** Does something that may fail, once at a time: whether it is under way, and what went wrong last. */
export function useAction() {
  const [isDoing, setDoing] = useState(false)
  const [problem, setProblem] = useState<Problem>()

  /** Returns whether it went well. */
  const run = useCallback(async (action: () => Promise<unknown>): Promise<boolean> => {
    setDoing(true)
    setProblem(undefined)
    try {
      await action()
      return true
    } catch (error) {
      setProblem(problemOf(error))
      return false
    } finally {
      setDoing(false)
    }
  }, [])

  const forget = useCallback(() => setProblem(undefined), [])
  return { run, isDoing, problem, forget }
}
