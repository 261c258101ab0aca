import { Anchor } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { EventLink } from '../audit/EventLink'
import { OutcomeMark } from '../audit/marks'
import { Target } from '../audit/Target'
import { HomeHighRiskDocument } from '../generated'
import { Card } from './Card'
import { Items, Note } from './Items'
import { useFresh } from './useFresh'

const few = 5
const high = { risk: 'HIGH' } as const

/** The last events that are worth an alert. */
export function HighRiskCard() {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  const asked = useFresh(HomeHighRiskDocument, { first: few })
  const all = (
    <Anchor size="sm" renderRoot={(props) => <Link to="/w/$workspaceId/audit" params={{ workspaceId }} search={high} {...props} />}>
      All high-risk events
    </Anchor>
  )
  return (
    <Card title="High-risk events" link={all} asked={asked}>
      {({ auditEvents }) => (
        <Items none="Nothing of high risk is on record.">
          {auditEvents!.nodes.map((event) => (
            <li key={event.id}>
              <span className="value breaks">{event.action}</span> <Target event={event} />
              <Note>
                <EventLink event={event} within={high} /> by {event.actor.label} {event.outcome !== 'ALLOWED' && <OutcomeMark outcome={event.outcome} />}
              </Note>
            </li>
          ))}
        </Items>
      )}
    </Card>
  )
}
