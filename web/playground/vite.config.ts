import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { compressed } from '../shared/compressed.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const assets = here('../../internal/httpserver/pages/assets/playground')

export default defineConfig({
  root: here('.'),
  base: '/playground/',
  plugins: [compressed(assets)],
  resolve: {
    alias: [
      // GraphiQL formats variables with Prettier's JavaScript parser and printer, half a megabyte: jsonc-parser, which is there anyway, does it too.
      { find: /^prettier\/(plugins\/estree|parser-babel)$/, replacement: here('src/prettier-none.ts') },
      { find: /^prettier\/standalone$/, replacement: here('src/prettier.ts') },
    ],
  },
  build: {
    outDir: assets,
    emptyOutDir: true,
    assetsDir: '',
    // A data: URL would need its own permission in the page's Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    license: { fileName: 'licenses.md' },
    chunkSizeWarningLimit: 4096,
    reportCompressedSize: false,
    // "use client" means something to servers that render React; there is none here.
    rolldownOptions: {
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
      // What others wrote is in files of its own, so that a change of ours changes the one small file.
      output: {
        codeSplitting: {
          groups: [
            { name: 'monaco', test: /node_modules\/monaco-editor\// },
            { name: 'prettier', test: /node_modules\/prettier\// },
            { name: 'vendor', test: /node_modules|vite\/|rolldown/ },
          ],
        },
      },
    },
  },
})
