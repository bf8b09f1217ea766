import { defineConfig } from 'vite';

import { oneFile } from './scripts/one_file';

// One page per call: what two pages share would become a file of its own.
const input = process.env['HFTSIM_PAGE'] ?? 'report.html';

export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [oneFile()],
  build: {
    target: 'es2021',
    modulePreload: false,
    cssCodeSplit: false,
    emptyOutDir: true,
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    rollupOptions: { input },
  },
});
