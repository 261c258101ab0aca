import { useState } from 'react'
import { offersSignIn } from '../../shared/issuer'

const command = 'bin/data-api dev token --role admin'

/** How to get a credential of a development instance, and of another. */
export function HowToGetIn() {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(command)
    setCopied(true)
  }
  return (
    <div className="how">
      {offersSignIn && <p>Click “Sign in” at the top.</p>}
      <p>
        While <code>make run</code> is running, this prints a token of the demo workspace:
      </p>
      <p className="command">
        <code>{command}</code>
        <button type="button" onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      </p>
      <p>
        Paste it into the field at the top. Elsewhere use your own token, or an API key. It stays in the memory of this page: nothing is stored, and a reload
        forgets it.
      </p>
    </div>
  )
}
