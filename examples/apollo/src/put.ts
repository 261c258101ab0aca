/**
 * Sends a file to a signed URL, with every header that came with it and no credential: the URL is one.
 *
 * It is XMLHttpRequest, because `fetch` says nothing of how far an upload is.
 */
export function put(
  url: string,
  headers: ReadonlyArray<{ name: string; value: string }>,
  file: Blob,
  onProgress: (sentBytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', url)
    for (const { name, value } of headers) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => onProgress(event.loaded)
    request.onload = () => {
      if (request.status === 200) resolve()
      else reject(new Error(`Storage refused the file: HTTP ${request.status}.`))
    }
    request.onerror = () => reject(new Error('Storage did not answer. Ask for a new URL, and send the file again.'))
    request.send(file)
  })
}
