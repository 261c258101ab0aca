import { Anchor, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { HomeOverdueDocument, type HomeOverdueQuery } from '../generated'
import { dayWords } from '../ui/day'
import { Card } from './Card'
import { Items, Note } from './Items'
import { useFresh } from './useFresh'

const from = '/w/$workspaceId'
const few = 5

/** How many overdue secrets are looked at for a failure: a rotation that failed is overdue. */
const most = 100

/** Secrets that should have been rotated by now. */
export function OverdueCard() {
  const asked = useFresh(HomeOverdueDocument, { first: few })
  return (
    <Card title="Rotations overdue" link={<AllOverdue />} asked={asked}>
      {({ secrets }) => (
        <>
          {secrets!.totalCount > 0 && <Text>{countWords(secrets!.totalCount)} by now.</Text>}
          <Items none="No secret waits for its rotation.">
            {secrets!.nodes.map((secret) => (
              <li key={secret.id}>
                <SecretLink secret={secret} />
                <Note>due since {dayWords(secret.rotation!.nextAt)}</Note>
              </li>
            ))}
          </Items>
        </>
      )}
    </Card>
  )
}

const countWords = (count: number) => (count === 1 ? 'One secret should have a new value' : `${count.toLocaleString('en')} secrets should have new values`)

/** Secrets that the server tried to rotate, and could not. */
export function FailingCard() {
  const asked = useFresh(HomeOverdueDocument, { first: most })
  return (
    <Card title="Rotations that fail" asked={asked}>
      {({ secrets }) => {
        const failing = secrets!.nodes.filter(({ rotation }) => rotation?.lastError)
        return (
          <>
            <Items none="No rotation by the server has failed.">
              {failing.slice(0, few).map((secret) => (
                <li key={secret.id}>
                  <SecretLink secret={secret} />
                  <Note>{secret.rotation!.lastError}</Note>
                </li>
              ))}
            </Items>
            {failing.length > few && <Note>and {failing.length - few} more</Note>}
            {secrets!.totalCount > most && <Note>These are of the first {most} secrets that are overdue.</Note>}
          </>
        )
      }}
    </Card>
  )
}

type OverdueSecret = NonNullable<HomeOverdueQuery['secrets']>['nodes'][number]

function SecretLink({ secret: { id, name } }: { secret: OverdueSecret }) {
  const { workspaceId } = useParams({ from })
  return (
    <Anchor className="breaks" renderRoot={(props) => <Link to="/w/$workspaceId/secrets/$secretId" params={{ workspaceId, secretId: id }} {...props} />}>
      {name}
    </Anchor>
  )
}

function AllOverdue() {
  const { workspaceId } = useParams({ from })
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/w/$workspaceId/secrets" params={{ workspaceId }} search={{ overdue: true }} {...props} />}>
      All overdue secrets
    </Anchor>
  )
}
