import { defineConfig } from 'vite';

import { oneFile } from './scripts/one_file';

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
    rollupOptions: { input: 'report.html' },
  },
});
