import { useQuery } from '@apollo/client/react'
import { Code, Skeleton, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { problemOf } from '../../app/problem'
import { FileTextDocument, type VersionRowFragment } from '../../generated'
import { bytes } from '../../ui/bytes'
import { JSONTree } from '../../ui/JSONTree'
import { ProblemNote } from '../../ui/ProblemNote'
import { CSVTable } from './CSVTable'
import { ImagePreview } from './ImagePreview'
import { type Kind, kindOf } from './kind'
import type { Place } from './place'

/** How many bytes of a text are shown: as many as the API gives at once. */
const mostBytes = 262_144

/** Shows what is in a file. Nothing of a file runs here: it is text, cells of a table, or pixels. */
export function Preview({ place, version }: { place: Place; version: VersionRowFragment }) {
  const kind = kindOf(version.contentType, place.key)
  if (version.sizeBytes === '0') return <Note>The file is empty.</Note>
  if (kind === 'image') return <ImagePreview place={place} version={version} />
  if (kind === 'none') return <Note>There is no preview of {version.contentType}. Download the file to see it.</Note>
  return <TextPreview place={place} kind={kind} size={version.sizeBytes} />
}

function TextPreview({ place, kind, size }: { place: Place; kind: Kind; size: string }) {
  const { data, error, refetch } = useQuery(FileTextDocument, { variables: { ...place, maxBytes: mostBytes }, fetchPolicy: 'no-cache' })
  const content = data?.datastore?.object?.current.content
  if (error) return <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />
  if (!data) return <Skeleton height={240} aria-label="Loading the preview" />
  if (!content) return <Note>The file is not there any more.</Note>
  const { text, truncated } = content
  if (text === null) return <Note>The file is not text. Download it to see what is in it.</Note>
  const json = kind === 'json' && !truncated ? parsed(text) : undefined
  return (
    <>
      {truncated && (
        <Note>
          These are the first {bytes(mostBytes)} of {bytes(size)}. Download the file to see all of it.
        </Note>
      )}
      {kind === 'csv' ? (
        <CSVTable text={text} isCut={truncated} />
      ) : json ? (
        <JSONTree value={json.value} />
      ) : (
        <Code block className="breaks" tabIndex={0} aria-label="Content" role="region" style={{ whiteSpace: 'pre-wrap' }}>
          {text}
        </Code>
      )}
    </>
  )
}

/** The value of a JSON text; undefined if it is none, which is then shown as text. */
function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

export function Note({ children }: { children: ReactNode }) {
  return (
    <Text c="var(--console-quiet)" mb="sm">
      {children}
    </Text>
  )
}
