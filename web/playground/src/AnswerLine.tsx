import { useState } from 'react'
import { latest } from './fetcher'
import { useStore } from '../../shared/store'

interface Grant {
  method: string
  url: string | null
  headers: { name: string; value: string }[]
}

/** The line below the answer: status, time, the request's id; and after `createUploadURL` the command that uploads. */
export function AnswerLine() {
  const exchange = useStore(latest)
  if (!exchange) return <p className="quiet">Nothing you type and nothing that is answered here is stored.</p>
  const code = exchange.answer.errors?.[0]?.extensions?.code
  return (
    <p role="status">
      <span className={code ? 'badge bad' : 'badge good'}>{code ?? 'OK'}</span>
      <span>
        {exchange.status} in {exchange.milliseconds} ms
      </span>
      {exchange.requestId && (
        <span className="quiet">
          request <code>{exchange.requestId}</code>
        </span>
      )}
      <CurlOf grant={exchange.answer.data?.createUploadURL as Grant | undefined} />
    </p>
  )
}

/** The page itself may talk to this server only, so the PUT to storage is for a shell. */
function CurlOf({ grant }: { grant?: Grant | null }) {
  const [copied, setCopied] = useState<string>()
  const url = grant?.url
  if (!grant || !url) return null
  const copy = async () => {
    await navigator.clipboard.writeText(curl(grant, url))
    setCopied(url)
  }
  return (
    <button type="button" onClick={copy}>
      {copied === url ? 'Copied: name your file in it' : 'Copy the PUT as curl'}
    </button>
  )
}

function curl({ method, headers }: Grant, url: string): string {
  const word = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  const lines = (headers ?? []).map(({ name, value }) => `-H ${word(`${name}: ${value}`)}`)
  return [`curl -sS -f -X ${method ?? 'PUT'} ${word(url)}`, ...lines, '--data-binary @FILE'].join(' \\\n  ')
}
