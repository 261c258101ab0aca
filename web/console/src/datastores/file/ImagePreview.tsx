import { Skeleton } from '@mantine/core'
import { download } from '@provenanceone/data-api'
import { useEffect, useState } from 'react'
import { type Problem, problemOf } from '../../app/problem'
import { useHere } from '../../app/Workspace'
import type { VersionRowFragment } from '../../generated'
import { bytes } from '../../ui/bytes'
import { ProblemNote } from '../../ui/ProblemNote'
import classes from './file.module.css'
import type { Place } from './place'
import { Note } from './Preview'

const mostBytes = 10 << 20

/** Shows an image from a copy in memory: the page's policy lets no other address in, and a browser draws only pixels of it. */
export function ImagePreview({ place, version }: { place: Place; version: VersionRowFragment }) {
  const { clients } = useHere()
  const [url, setURL] = useState<string>()
  const [problem, setProblem] = useState<Problem>()
  const { datastoreId, key } = place
  const isLarge = Number(version.sizeBytes) > mostBytes

  useEffect(() => {
    if (isLarge) return
    const stop = new AbortController()
    let made: string | undefined
    const show = async () => {
      const { body } = await download(clients.files, { datastoreId, key, version: version.version }, { signal: stop.signal })
      const bits = await new Response(body).blob()
      if (stop.signal.aborted) return
      made = URL.createObjectURL(new Blob([bits], { type: version.contentType }))
      setURL(made)
    }
    show().catch((error: unknown) => !stop.signal.aborted && setProblem(problemOf(error)))
    return () => {
      stop.abort(new DOMException('closed', 'AbortError'))
      if (made) URL.revokeObjectURL(made)
    }
  }, [clients, datastoreId, key, version.version, version.contentType, isLarge])

  if (isLarge) return <Note>An image of more than {bytes(mostBytes)} is not shown. Download it to see it.</Note>
  if (problem) return <ProblemNote problem={problem} />
  if (!url) return <Skeleton height={240} aria-label="Loading the preview" />
  return <img className={classes.image} src={url} alt={`What is in ${key}`} onError={() => setProblem({ code: 'FAILED', message: 'The file is no image that this browser can draw.' })} />
}
