import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compressed } from '../shared/compressed.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const assets = here('../../internal/httpserver/pages/assets/console')

export default defineConfig({
  root: here('.'),
  base: '/console/',
  plugins: [react(), compressed(assets)],
  build: {
    outDir: assets,
    emptyOutDir: true,
    assetsDir: '',
    // A data: URL would need its own permission in the page's Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    license: { fileName: 'licenses.md' },
    chunkSizeWarningLimit: 1024,
    reportCompressedSize: false,
    // "use client" means something to servers that render React; there is none here.
    rolldownOptions: {
      // Else the helpers that every page needs stand beside Papa Parse, which is on the first page then.
      output: { codeSplitting: { groups: [{ name: 'csv', test: /papaparse/ }] } },
      onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
    },
  },
})
