import type { ReactNode } from 'react'
import { concernsThePage, type Problem, problemOf } from './errors'

/** An error beside what was tried. What concerns the whole page is at its top already. */
export function ErrorNote({ error }: { error: unknown }) {
  const problem = error ? problemOf(error) : undefined
  return problem && !concernsThePage(problem) ? <ProblemNote problem={problem} /> : null
}

export function ProblemNote({ problem, children }: { problem: Problem; children?: ReactNode }) {
  return (
    <div role="alert" className="problem">
      <p>
        <code>{problem.code}</code> {problem.message}
        {problem.retryAfterSeconds && ` Try again in ${problem.retryAfterSeconds} seconds.`}
      </p>
      {children}
    </div>
  )
}

/** Takes a rejection whose error the hook returns as well, where an ErrorNote shows it. */
export const shown = () => {}
