import { PageHead } from '../ui/PageHead'

export function DatastorePage() {
  return <PageHead title="Datastore" />
}
