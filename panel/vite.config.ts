import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server that `npm run dev` talks to. */
const server = process.env.CORDBOARD_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    // The Content-Security-Policy has no room for `data:` fonts or styles, and one rule is simpler to keep.
    assetsInlineLimit: 0,
    sourcemap: false,
    // The browser phone is a page of its own, so that it alone may have the microphone.
    rolldownOptions: { input: ['index.html', 'call.html'] },
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    // The name that the browser used goes on, because the server takes the panel's calls from its own site only.
    proxy: Object.fromEntries(['/panel/', '/call/', '/sip', '/docs', '/llms', '/platform_api', '/request', '/logs'].map((path) => [path, { target: server, changeOrigin: false, ws: path === '/sip' }])),
  },
});
