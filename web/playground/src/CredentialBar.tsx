import { type ClipboardEvent, type KeyboardEvent, useId, useState } from 'react'
import { readCredential } from '../../shared/credential'
import { begin, offersSignIn } from '../../shared/issuer'
import { forget } from './recall'
import { choose, session, type Session, signIn, signOut } from './session'
import { useStore } from '../../shared/store'

/** The top of the page: who asks, and in which workspace. */
export function CredentialBar() {
  const s = useStore(session)
  return (
    <header className="bar">
      <h1>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" fill="#1d4ed8" />
          <path d="M10 8h7.5a5.5 5.5 0 0 1 0 11H14v5h-4zm4 3.6v3.8h3.2a1.9 1.9 0 0 0 0-3.8z" fill="#fff" />
          <circle cx="23.5" cy="23" r="2.5" fill="#93c5fd" />
        </svg>
        <span>
          ProvenanceOne <em>Data API</em>
        </span>
      </h1>
      {s.state === 'in' ? <SignedIn session={s} /> : <SignIn session={s} />}
    </header>
  )
}

function SignIn({ session: s }: { session: Session }) {
  const [pasted, setPasted] = useState('')
  const [problem, setProblem] = useState('')
  const [shown, setShown] = useState(false)
  const id = useId()
  const use = (text: string) => {
    const credential = readCredential(text)
    setProblem(credential ? '' : 'This is neither a token nor an API key.')
    if (credential) void signIn(credential)
  }
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    event.preventDefault()
    const text = event.clipboardData.getData('text')
    setPasted(text)
    use(text)
  }
  const leadAway = () => begin().catch(() => setProblem('The issuer that signs people in does not answer.'))
  const enter = (event: KeyboardEvent) => event.key === 'Enter' && use(pasted)
  const error = problem || (s.state === 'refused' ? `${s.error.extensions?.code ? `${s.error.extensions.code}: ` : ''}${s.error.message}` : '')
  return (
    <div className="sign-in">
      {offersSignIn && (
        <button type="button" className="primary" disabled={s.state === 'checking'} onClick={leadAway}>
          Sign in
        </button>
      )}
      <label htmlFor={id}>{offersSignIn ? 'or ' : ''}Token or API key</label>
      {/* Not type=password, which browsers offer to keep; masked by the style sheet instead. */}
      <input
        id={id}
        className={shown ? undefined : 'masked'}
        type="text"
        value={pasted}
        placeholder="Paste it here"
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        data-1p-ignore="true"
        data-lpignore="true"
        aria-invalid={error ? true : undefined}
        aria-describedby={`${id}-says`}
        onChange={(event) => setPasted(event.target.value)}
        onPaste={paste}
        onKeyDown={enter}
      />
      <button type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
        {shown ? 'Hide' : 'Show'}
      </button>
      <button type="button" className="primary" disabled={!pasted || s.state === 'checking'} onClick={() => use(pasted)}>
        {s.state === 'checking' ? 'Checking…' : 'Use'}
      </button>
      <p id={`${id}-says`} role="status" className={error ? 'error' : undefined}>
        {error || (
          <>
            Get one: <code>bin/data-api dev token --role admin</code>
          </>
        )}
      </p>
    </div>
  )
}

function SignedIn({ session: s }: { session: Session & { state: 'in' } }) {
  const id = useId()
  const { actor, role, scopes, workspace } = s.viewer
  const change = (workspaceId: string) => {
    forget()
    void choose(workspaceId)
  }
  const leave = () => {
    forget()
    signOut()
    s.credential.leave?.()
  }
  return (
    <div className="signed-in">
      <p role="status">
        <span className="dot" aria-hidden="true" />
        <span>
          <span className="quiet">{s.credential.header === 'X-API-Key' ? 'API key ' : ''}</span>
          {actor.label}
        </span>
        {role && <span className="badge">{role}</span>}
        {scopes.length > 0 && (
          <span className="badge" title={scopes.join(', ')}>
            {scopes.length === 1 ? '1 scope' : `${scopes.length} scopes`}
          </span>
        )}
      </p>
      <label htmlFor={id}>Workspace</label>
      {s.workspaces.length > 1 ? (
        <select id={id} value={workspace?.id ?? ''} onChange={(event) => change(event.target.value)}>
          {!workspace && <option value="">Choose one…</option>}
          {s.workspaces.map((w) => (
            <option key={w.id} value={w.id}>
              {w.name} · {w.region}
            </option>
          ))}
        </select>
      ) : (
        <output id={id}>{workspace ? `${workspace.name} · ${workspace.region}` : 'none'}</output>
      )}
      <button type="button" onClick={leave}>
        {s.credential.leave ? 'Sign out' : 'Forget'}
      </button>
    </div>
  )
}
