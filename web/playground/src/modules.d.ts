declare module '*/prettier/standalone.mjs' {
  export function format(text: string, options: Record<string, unknown>): Promise<string>
}
