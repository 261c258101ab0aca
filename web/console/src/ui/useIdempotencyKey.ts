import { useMemo } from 'react'

/** A key that stays while the inputs do, so that what is sent again after a broken connection is done once. */
export const useIdempotencyKey = (...inputs: unknown[]): string => useMemo(() => crypto.randomUUID(), inputs)
