import { useState } from 'react'
import { latest } from './fetcher'
import { useStore } from '../../shared/store'

interface Grant {
  method: string
  url: string | null
  headers: { name: string; value: string }[]
}

/** The line below the answer: status, time, the request's id; and after `createUploadURL` two ways to upload. */
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
      <Upload grant={exchange.answer.data?.createUploadURL as Grant | undefined} />
    </p>
  )
}

/** The two ways to send the file that was allowed: from this page, or by a shell. */
function Upload({ grant }: { grant?: Grant | null | undefined }) {
  const url = grant?.url
  if (!grant || !url) return null
  return (
    <span className="upload">
      <SendFile key={url} grant={grant} url={url} />
      <CopyCurl grant={grant} url={url} />
    </span>
  )
}

/** Sends a file that somebody chooses straight to storage. */
function SendFile({ grant, url }: { grant: Grant; url: string }) {
  const [said, setSaid] = useState('')
  const send = async (file: File) => {
    setSaid(`Sending ${file.name}…`)
    const headers = Object.fromEntries((grant.headers ?? []).map(({ name, value }) => [name, value]))
    const status = await fetch(url, { method: grant.method ?? 'PUT', headers, body: file }).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 0) setSaid('Storage did not take it: it may be longer than allowed, or storage did not answer.')
    else setSaid(status < 300 ? `Sent ${file.name}: now complete the upload.` : `Storage refused it with status ${status}.`)
  }
  return (
    <>
      <span role="status">{said}</span>
      <label className="button">
        Send a file
        <input type="file" onChange={(event) => event.currentTarget.files?.[0] && void send(event.currentTarget.files[0])} />
      </label>
    </>
  )
}

/** Copies the command that uploads from a shell. */
function CopyCurl({ grant, url }: { grant: Grant; url: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(curl(grant, url))
    setCopied(true)
  }
  return (
    <button type="button" onClick={copy}>
      {isCopied ? 'Copied: name your file in it' : 'Copy the PUT as curl'}
    </button>
  )
}

function curl({ method, headers }: Grant, url: string): string {
  const word = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
  const lines = (headers ?? []).map(({ name, value }) => `-H ${word(`${name}: ${value}`)}`)
  return [`curl -sS -f -X ${method ?? 'PUT'} ${word(url)}`, ...lines, '--data-binary @FILE'].join(' \\\n  ')
}
