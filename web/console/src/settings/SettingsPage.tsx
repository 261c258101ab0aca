import { useQuery } from '@apollo/client/react'
import { Code, Divider, Skeleton, Stack, Text, Title } from '@mantine/core'
import { problemOf } from '../app/problem'
import { useHere, useMay } from '../app/Workspace'
import { SettingsDocument, type SettingsQuery } from '../generated'
import { bytes } from '../ui/bytes'
import { Copyable } from '../ui/Copyable'
import { Facts } from '../ui/Facts'
import { PageHead } from '../ui/PageHead'
import { ProblemNote } from '../ui/ProblemNote'
import { When } from '../ui/When'
import { SettingsForm } from './SettingsForm'

/** Workspace → Settings: what everybody may know of it, and what admins may change. */
export function SettingsPage() {
  const { workspace } = useHere()
  const isAdmin = useMay('ADMIN')
  const { data, error, refetch } = useQuery(SettingsDocument, { variables: { isAdmin } })
  const own = data?.workspace

  return (
    <>
      <PageHead title="Settings" below="Of this workspace" />
      {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={160} aria-label="Loading the settings" />}
      {own && (
        <Stack gap="lg">
          <Facts
            facts={{
              Name: isAdmin ? undefined : workspace.name,
              Region: workspace.region,
              Created: <When time={own.createdAt} />,
              Stored: stored(own.usage),
              Files: Number(own.usage.objectCount).toLocaleString('en'),
              Secrets: own.usage.secretCount.toLocaleString('en'),
              'A reveal needs a reason': isAdmin ? undefined : workspace.requireRevealReason ? 'Yes' : 'No',
              Id: <Copyable text={workspace.id} label="Copy the id" />,
              'Address of the API': <Copyable text={`${location.origin}/graphql`} label="Copy the address" />,
            }}
          />
          {isAdmin && (
            <>
              <Divider />
              <SettingsForm key={workspace.id} />
              <Divider />
              <TrustedDocuments documents={data.trustedDocuments} />
            </>
          )}
        </Stack>
      )}
    </>
  )
}

/** How much is stored, what is promised to uploads under way, and what may be. */
function stored({ usedBytes, reservedBytes, limitBytes }: NonNullable<SettingsQuery['workspace']>['usage']): string {
  const reserved = reservedBytes === '0' ? '' : `, and ${bytes(reservedBytes)} for uploads under way`
  return `${bytes(usedBytes)}${reserved}, ${limitBytes === null ? 'without a limit' : `of ${bytes(limitBytes)}`}`
}

/** The documents that programs may be held to. A build tool writes the list, so this page only says what there is. */
function TrustedDocuments({ documents }: { documents: SettingsQuery['trustedDocuments'] }) {
  return (
    <Stack gap="xs">
      <Title order={2}>Trusted documents</Title>
      <Text c="var(--console-quiet)" maw={640}>
        GraphQL documents that programs may name by their ids, and that an API key may be held to. A build sets the list, by the mutation{' '}
        <Code>setTrustedDocuments</Code>.
      </Text>
      {documents ? (
        <Facts
          facts={{
            Documents: documents.documentCount.toLocaleString('en'),
            Revision: documents.revision,
            Set: (
              <>
                <When time={documents.setAt} /> by {documents.setBy.label}
              </>
            ),
          }}
        />
      ) : (
        <Text>None were ever set.</Text>
      )}
    </Stack>
  )
}
