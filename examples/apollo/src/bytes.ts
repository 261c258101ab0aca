const unit = new Intl.NumberFormat(undefined, { style: 'unit', unit: 'byte', unitDisplay: 'long' })

/** Writes a BigInt of the API, a decimal string, for people. */
export const bytes = (count: string) => unit.format(BigInt(count))
