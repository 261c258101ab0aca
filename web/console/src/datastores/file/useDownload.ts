import { useMutation } from '@apollo/client/react'
import { DownloadURLDocument } from '../../generated'
import { useAction } from '../../ui/useAction'
import type { Place } from './place'

/** Downloads a version of a file: the browser saves what a URL serves, and the page stays. */
export function useDownload({ datastoreId, key }: Place) {
  const [create] = useMutation(DownloadURLDocument, { fetchPolicy: 'no-cache' })
  const { run, isDoing, problem } = useAction()
  const download = (version: number) =>
    run(async () => {
      const { data } = await create({ variables: { input: { datastoreId, key, version } } })
      // Storage answers with Content-Disposition: attachment.
      const link = document.createElement('a')
      link.href = data!.createDownloadURL!.url
      link.click()
    })
  return { download, isDoing, problem }
}
