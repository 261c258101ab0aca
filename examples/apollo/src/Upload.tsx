import { useApolloClient } from '@apollo/client/react'
import { type Client, upload, type Uploaded } from '@provenanceone/data-api'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { bytes } from './bytes'
import { ErrorNote } from './ProblemNote'

/** Uploads a file from the browser, and says what became of it. */
export function Upload({ files, datastoreId }: { files: Client; datastoreId: string }) {
  const apollo = useApolloClient()
  const [progress, setProgress] = useState<{ sent: number; total: number }>()
  const [outcome, setOutcome] = useState('')
  const [error, setError] = useState<unknown>()
  const stop = useRef<AbortController>(undefined)
  useEffect(() => () => stop.current?.abort(), [])

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const file = new FormData(event.currentTarget).get('file') as File
    const key = file.name.normalize('NFC') // macOS writes names in NFD
    const { signal } = (stop.current = new AbortController())
    setError(undefined)
    setOutcome('')
    setProgress({ sent: 0, total: file.size })
    try {
      const uploaded = await upload(files, { datastoreId, key, file }, { onProgress: setProgress, signal })
      await apollo.refetchQueries({ include: ['Objects'] })
      setOutcome(stored(key, uploaded))
    } catch (error) {
      if (signal.aborted) setOutcome('The upload was cancelled.')
      else setError(error)
    }
    setProgress(undefined)
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <label>
        File
        <input name="file" type="file" required />
      </label>
      <button disabled={!!progress}>Upload</button>
      {progress && (
        <>
          <label className="progress">
            Sent
            <progress value={progress.sent} max={progress.total} />
          </label>
          <button type="button" onClick={() => stop.current?.abort()}>
            Cancel
          </button>
        </>
      )}
      <p role="status">{outcome}</p>
      <ErrorNote error={error} />
    </form>
  )
}

function stored(key: string, { version }: Uploaded): string {
  if (!version) return `${key} was stored, and is gone again.`
  return `${key} is stored as version ${version.version}, ${bytes(version.sizeBytes)}.`
}
