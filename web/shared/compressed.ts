import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'fflate'
import type { Plugin } from 'vite'

/**
 * Replaces each built file by its gzip. fflate is JavaScript: its bytes do not change with the zlib of a Node release or with the CPU,
 * and without a time stamp the same input gives the same file.
 */
export function compressed(folder: string): Plugin {
  return {
    name: 'compressed',
    closeBundle() {
      for (const file of readdirSync(folder, { withFileTypes: true, recursive: true })) {
        if (!file.isFile()) continue
        const path = `${file.parentPath}/${file.name}`
        writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9, mtime: 0 }))
        rmSync(path)
      }
    },
  }
}
