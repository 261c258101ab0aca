import type { ApolloClient } from '@apollo/client'
import { graphql } from './gql'
import type { CompleteUploadMutation } from './gql/graphql'
import { put } from './put'

const CreateUploadURL = graphql(`
  mutation CreateUploadURL($input: CreateUploadURLInput!) {
    createUploadURL(input: $input) {
      upload {
        id
      }
      url
      headers {
        name
        value
      }
    }
  }
`)

const CompleteUpload = graphql(`
  mutation CompleteUpload($input: CompleteUploadInput!) {
    completeUpload(input: $input) {
      upload {
        id
        state
        rejection
      }
      object {
        id
        key
        current {
          id
          version
          sizeBytes
          contentType
          createdAt
        }
      }
    }
  }
`)

export type Settled = NonNullable<CompleteUploadMutation['completeUpload']>

/** Uploads a file: asks for a signed URL, sends the bytes straight to storage, settles. Returns what became of it. */
export async function upload(
  client: ApolloClient,
  datastoreId: string,
  file: File,
  onProgress: (sentBytes: number) => void,
): Promise<Settled> {
  const input = {
    datastoreId,
    key: file.name.normalize('NFC'), // macOS writes names in NFD
    contentType: file.type || 'application/octet-stream',
    maxBytes: String(Math.max(file.size, 1)),
  }
  // Whoever has the URL can upload, so it is not cached.
  const begun = await client.mutate({ mutation: CreateUploadURL, variables: { input }, fetchPolicy: 'no-cache' })
  const grant = begun.data?.createUploadURL
  if (!grant?.url) throw new Error('No URL was given.')

  await put(grant.url, grant.headers, file, onProgress)

  const settled = await client.mutate({
    mutation: CompleteUpload,
    variables: { input: { uploadId: grant.upload.id } },
    refetchQueries: ['Objects'],
    awaitRefetchQueries: true,
  })
  if (!settled.data?.completeUpload) throw new Error('It was not said what became of the upload.')
  return settled.data.completeUpload
}
