import { useMutation } from '@apollo/client/react'
import type { FormEvent } from 'react'
import { graphql } from './gql'
import { ErrorNote, shown } from './ProblemNote'

const CreateDatastoreMutation = graphql(`
  mutation CreateDatastore($input: CreateDatastoreInput!) {
    createDatastore(input: $input) {
      datastore {
        id
        name
      }
    }
  }
`)

/** Creates a datastore. A name that is taken is a CONFLICT. */
export function CreateDatastore({ onCreated }: { onCreated: (datastore: { id: string; name: string }) => void }) {
  const [create, { error, loading }] = useMutation(CreateDatastoreMutation, { refetchQueries: ['Datastores'] })

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = event.currentTarget
    const name = String(new FormData(form).get('name'))
    const { data } = await create({ variables: { input: { name } } })
    if (!data?.createDatastore) return
    form.reset()
    onCreated(data.createDatastore.datastore)
  }

  return (
    <form onSubmit={(event) => void submit(event).catch(shown)}>
      <label>
        Name
        <input name="name" required maxLength={120} />
      </label>
      <button disabled={loading}>Create</button>
      <ErrorNote error={error} />
    </form>
  )
}
