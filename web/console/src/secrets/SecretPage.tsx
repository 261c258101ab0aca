import { useQuery } from '@apollo/client/react'
import { Anchor, Button, Skeleton, Tabs } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { problemOf } from '../app/problem'
import { EventsOf } from '../audit/EventsOf'
import { SecretDocument } from '../generated'
import { Empty } from '../ui/Empty'
import { PageHead } from '../ui/PageHead'
import { ProblemNote } from '../ui/ProblemNote'
import { References } from './References'
import { SecretActions } from './SecretActions'
import { SecretOverview } from './SecretOverview'
import { Versions } from './Versions'

const from = '/w/$workspaceId/secrets/$secretId'

/** One secret: what is known of it, its versions, and who uses it. */
export function SecretPage() {
  const { workspaceId, secretId } = useParams({ from })
  const { tab } = useSearch({ from })
  const navigate = useNavigate({ from })
  const { data, error, refetch } = useQuery(SecretDocument, { variables: { id: secretId } })
  const secret = data?.secret
  const above = (
    <Anchor renderRoot={(props) => <Link to="/w/$workspaceId/secrets" params={{ workspaceId }} {...props} />} size="sm">
      Secrets
    </Anchor>
  )

  if (!secret) {
    return (
      <>
        <PageHead title="Secret" above={above} />
        {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton height={200} aria-label="Loading the secret" />}
        {data && (
          <Empty Icon={IconKey} title="There is no such secret" text="It may have been deleted, and destroyed since.">
            <Button variant="default" renderRoot={(props) => <Link to="/w/$workspaceId/secrets" params={{ workspaceId }} {...props} />}>
              To all secrets
            </Button>
          </Empty>
        )}
      </>
    )
  }
  return (
    <>
      <PageHead title={secret.name} above={above} below={secret.description && <span className="breaks">{secret.description}</span>}>
        <EventsOf id={secret.id} />
        <SecretActions secret={secret} />
      </PageHead>
      <SecretOverview secret={secret} />
      <Tabs
        mt="xl"
        keepMounted={false}
        value={tab ?? 'versions'}
        onChange={(to) => void navigate({ search: { tab: to === 'references' ? 'references' : undefined }, replace: true })}
      >
        <Tabs.List>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
          <Tabs.Tab value="references">Who uses it</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="versions" pt="md">
          <Versions secret={secret} />
        </Tabs.Panel>
        <Tabs.Panel value="references" pt="md">
          <References secretId={secret.id} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
