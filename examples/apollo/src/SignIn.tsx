import type { FormEvent } from 'react'
import type { Session } from './client'

/** Asks where the API is, and for a credential. A real page gets a token from its OpenID Connect provider instead. */
export function SignIn({ api, onSignIn }: { api: string; onSignIn: (session: Session) => void }) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    onSignIn({ api: String(form.get('api')).replace(/\/$/, ''), credential: String(form.get('credential')).trim() })
  }

  return (
    <section aria-labelledby="sign-in">
      <h2 id="sign-in">Sign in</h2>
      <form onSubmit={submit}>
        <label>
          Address of the API
          <input name="api" type="url" required defaultValue={api} />
        </label>
        <label>
          Token or API key
          {/* Not type=password, which browsers offer to keep; masked by the style sheet instead. */}
          <input
            name="credential"
            className="masked"
            required
            autoFocus
            autoComplete="off"
            spellCheck={false}
            aria-describedby="credential-hint"
          />
        </label>
        <p id="credential-hint" className="hint">
          <code>bin/data-api dev token --role admin</code> prints one. It stays in memory: a reload forgets it.
        </p>
        <button>Sign in</button>
      </form>
    </section>
  )
}
