import type { ReactNode } from 'react'

/** What is known of one thing, each fact below its name. What is undefined is left out. */
export function Facts({ facts }: { facts: Record<string, ReactNode> }) {
  return (
    <dl className="facts">
      {Object.entries(facts).map(
        ([name, value]) =>
          value !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd className="breaks">{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
