import { createTheme, type MantineColorsTuple } from '@mantine/core'

const teal: MantineColorsTuple = [
  '#e8f8f5',
  '#d3efe9',
  '#a6dfd3',
  '#76cebc',
  '#50c0a9',
  '#38b79c',
  '#23a88d',
  '#128d76',
  '#0b7461',
  '#055b4c',
]

/** A button without a text needs a name. */
const closable = { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } }

/** How everything looks. Shade 8 gives white text the contrast that WCAG AA asks for. */
export const theme = createTheme({
  primaryColor: 'teal',
  primaryShade: { light: 8, dark: 8 },
  colors: { teal },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650', sizes: { h1: { fontSize: '1.6rem' }, h2: { fontSize: '1.15rem' } } },
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: closable,
    Drawer: closable,
    Notification: closable,
  },
})
