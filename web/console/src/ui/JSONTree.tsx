import classes from './json.module.css'

/** How many members of an object, or items of a list, are shown. */
const most = 200

/** A JSON value as a tree that folds. Its first two levels are unfolded. */
export function JSONTree({ value, label = 'Content' }: { value: unknown; label?: string }) {
  return (
    <div className={classes.tree} role="region" aria-label={label} tabIndex={0}>
      <Branch value={value} depth={0} />
    </div>
  )
}

function Branch({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  const label = name !== undefined && <span className={classes.member}>{name}: </span>
  if (typeof value !== 'object' || value === null) {
    return (
      <div>
        {label}
        {JSON.stringify(value)}
      </div>
    )
  }
  const isList = Array.isArray(value)
  const members = Object.entries(value)
  const count = isList ? `[${members.length}]` : `{${members.length}}`
  return (
    <details open={depth < 2}>
      <summary>
        {label}
        {count}
      </summary>
      <div className={classes.branch}>
        {members.slice(0, most).map(([key, member]) => (
          <Branch key={key} name={key} value={member} depth={depth + 1} />
        ))}
        {members.length > most && <div>and {members.length - most} more</div>}
      </div>
    </details>
  )
}
