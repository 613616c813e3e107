import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

import { contentSecurityPolicy } from "./scripts/csp.js";

/** Puts the policy before everything else in the built page. Vite's dev server needs inline scripts, so only there. */
const contentSecurityPolicyTag: Plugin = {
  name: "salus:content-security-policy",
  apply: "build",
  transformIndexHtml: () => [
    {
      tag: "meta",
      attrs: {
        "http-equiv": "Content-Security-Policy",
        content: contentSecurityPolicy({ connect: process.env.SALUS_CONNECT_SRC }),
      },
      injectTo: "head-prepend",
    },
  ],
};

export default defineConfig({
  root: fileURLToPath(new URL("dapp", import.meta.url)),
  // Relative addresses: the files work under any path of any web server.
  base: process.env.SALUS_BASE ?? "./",
  plugins: [react(), contentSecurityPolicyTag],
  build: {
    outDir: fileURLToPath(new URL("dist", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // scripts/bundle-size.ts reads what the first page loads from it.
    manifest: true,
    // Files instead of data: addresses, which the policy refuses for fonts and scripts.
    assetsInlineLimit: 0,
    // Every browser that has es2022 preloads modules by itself.
    modulePreload: { polyfill: false },
  },
  // The worker loads parts of itself when first needed, which only modules can.
  worker: { format: "es" },
  server: { host: "127.0.0.1" },
  preview: { host: "127.0.0.1" },
});
