import { useApolloClient } from '@apollo/client/react'
import { type FormEvent, useState } from 'react'
import { bytes } from './bytes'
import { ErrorNote } from './ProblemNote'
import { type Settled, upload } from './upload'

/** Uploads a file from the browser, and says what became of it. */
export function Upload({ datastoreId }: { datastoreId: string }) {
  const client = useApolloClient()
  const [progress, setProgress] = useState<{ sent: number; total: number }>()
  const [settled, setSettled] = useState<Settled>()
  const [error, setError] = useState<unknown>()

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const file = new FormData(event.currentTarget).get('file') as File
    setError(undefined)
    setSettled(undefined)
    setProgress({ sent: 0, total: file.size })
    try {
      setSettled(await upload(client, datastoreId, file, (sent) => setProgress({ sent, total: file.size })))
    } catch (error) {
      setError(error)
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
        <label className="progress">
          Sent
          <progress value={progress.sent} max={progress.total} />
        </label>
      )}
      <p role="status">{settled && outcome(settled)}</p>
      <ErrorNote error={error} />
    </form>
  )
}

/** A checked upload is an object from then on; what fails a check never becomes one. */
function outcome({ upload, object }: Settled): string {
  if (!object) return `It did not become an object: ${upload.rejection ?? upload.state}.`
  return `${object.key} is stored as version ${object.current.version}, ${bytes(object.current.sizeBytes)}.`
}
