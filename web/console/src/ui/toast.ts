import { notifications } from '@mantine/notifications'

/** Says in a corner of the page, for a few seconds, what was done. */
export const toast = (message: string) => notifications.show({ message, color: 'teal', withBorder: true, closeButtonProps: { 'aria-label': 'Close' } })
