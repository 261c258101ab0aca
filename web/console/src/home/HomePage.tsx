import { SimpleGrid, Skeleton } from '@mantine/core'
import { useHere, useMay } from '../app/Workspace'
import { HomeStartDocument } from '../generated'
import { PageHead } from '../ui/PageHead'
import { FirstSteps } from './FirstSteps'
import { HighRiskCard } from './HighRiskCard'
import { RejectedCard } from './RejectedCard'
import { FailingCard, OverdueCard } from './RotationCards'
import { UsageCard } from './UsageCard'
import { useFresh } from './useFresh'

/** Data → Home: what deserves a look, or what to do first. */
export function HomePage() {
  const { name, region } = useHere().workspace
  const { data, error } = useFresh(HomeStartDocument, {})
  const isEmpty = data && !data.datastores?.nodes.length && !data.secrets?.nodes.length
  return (
    <>
      <PageHead title="Home" below={<span className="breaks">{`${name}, ${region}`}</span>} />
      {!data && !error && <Skeleton height={240} aria-label="Loading the workspace" />}
      {isEmpty && <FirstSteps />}
      {(error || isEmpty === false) && <Cards />}
    </>
  )
}

/** What a role may not see is not asked for. */
function Cards() {
  const mayWrite = useMay('EDITOR')
  const mayAudit = useMay('ADMIN')
  return (
    <SimpleGrid className="cards" cols={{ base: 1, md: 2 }}>
      <OverdueCard />
      <FailingCard />
      {mayAudit && <HighRiskCard />}
      {mayWrite && <RejectedCard />}
      <UsageCard />
    </SimpleGrid>
  )
}
