import { Breadcrumbs, Group, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTitle } from './title'

/** The top of a page: where it stands, what it is called, and what can be done. */
export function PageHead({ title, above, below, children }: { title: string; above?: ReactNode; below?: ReactNode; children?: ReactNode }) {
  useTitle(title)
  return (
    <header>
      {above && (
        <Breadcrumbs mb={4} aria-label="Breadcrumb" component="nav">
          {above}
          <span />
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="start" mb="lg">
        <div style={{ minWidth: 0 }}>
          <Title order={1} className="breaks">
            {title}
          </Title>
          {below && (
            <Text component="div" c="var(--console-quiet)" size="sm" mt={4}>
              {below}
            </Text>
          )}
        </div>
        {children && <Group gap="xs">{children}</Group>}
      </Group>
    </header>
  )
}

