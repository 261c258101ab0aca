import { Center, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import type { ComponentType, ReactNode } from 'react'

/** What stands in the place of a list that has nothing: what it is for, and what to do next. */
export function Empty({
  Icon,
  title,
  text,
  children,
}: {
  Icon: ComponentType<{ size?: number; 'aria-hidden'?: boolean }>
  title: string
  text: string
  children?: ReactNode
}) {
  return (
    <Center py={48}>
      <Stack align="center" maw={440} ta="center" gap="sm">
        <ThemeIcon size={56} radius="xl" variant="light">
          <Icon size={28} aria-hidden />
        </ThemeIcon>
        <Title order={2}>{title}</Title>
        <Text c="var(--console-quiet)">{text}</Text>
        {children}
      </Stack>
    </Center>
  )
}
