import { Anchor } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { HomeRejectedDocument, type UploadRejection } from '../generated'
import { When } from '../ui/When'
import { Card } from './Card'
import { Items, Note } from './Items'
import { useFresh } from './useFresh'

const few = 5

/** How many datastores are asked, and for how many uploads each: the API has no list for the whole workspace. */
const most = { datastores: 10, uploads: few }

const rejections: Record<UploadRejection, string> = {
  TOO_LARGE: 'larger than allowed',
  CONTENT_TYPE: 'of a type that is not taken',
  CHECKSUM: 'other bytes than were announced',
  PRECONDITION: 'somebody else had written the file',
  SUPERSEDED: 'a later write or deletion came first',
  REVOKED: 'whoever asked for it had lost the right',
}

/** Uploads whose bytes arrived and were not taken. */
export function RejectedCard() {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  const asked = useFresh(HomeRejectedDocument, most)
  return (
    <Card title="Rejected uploads" asked={asked}>
      {({ datastores }) => {
        const all = datastores!.nodes.flatMap(({ id, name, uploads }) => uploads!.nodes.map((upload) => ({ ...upload, datastore: { id, name } })))
        const newest = all.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt)).slice(0, few)
        return (
          <>
            <Items none="No upload was rejected.">
              {newest.map(({ id, key, rejection, createdAt, createdBy, datastore }) => (
                <li key={id}>
                  <span className="breaks">{key}</span> in{' '}
                  <Anchor
                    underline="always"
                    className="breaks"
                    renderRoot={(props) => <Link to="/w/$workspaceId/datastores/$datastoreId" params={{ workspaceId, datastoreId: datastore.id }} {...props} />}
                  >
                    {datastore.name}
                  </Anchor>
                  <Note>
                    {rejection && `${rejections[rejection]}, `}
                    <When time={createdAt} /> by {createdBy.label}
                  </Note>
                </li>
              ))}
            </Items>
            {datastores!.pageInfo.hasNextPage && <Note>Only the first {most.datastores} datastores by name were looked at.</Note>}
          </>
        )
      }}
    </Card>
  )
}
