/**
 * The DApp's Content-Security-Policy, said once: `npm run build` puts it into a meta tag, and the web server of
 * `npm start` sends it as a header. A document that slips past the previews can then run and fetch nothing.
 */

/** Where the page may connect: itself, and a chain and an IPFS node on this machine. A host widens it at build. */
const LOCAL_CONNECT = ["http://127.0.0.1:*", "ws://127.0.0.1:*", "http://localhost:*", "ws://localhost:*"];

/**
 * The policy as one header value.
 *
 * @param options.connect extra sources for `connect-src`, separated by spaces (`SALUS_CONNECT_SRC`); they replace the
 *   local defaults, so a hosted DApp can't be talked into asking programs on its reader's own machine.
 * @param options.header true for the HTTP header: `frame-ancestors` has no effect in a meta tag.
 */
export function contentSecurityPolicy(options: { connect?: string; header?: boolean } = {}): string {
  const connect = options.connect === undefined ? LOCAL_CONNECT : options.connect.split(/\s+/).filter(Boolean);
  const directives: Record<string, string[]> = {
    "default-src": ["'none'"],
    // WebAssembly is how the page hashes and decodes; 'wasm-unsafe-eval' allows it and no other evaluation.
    "script-src": ["'self'", "'wasm-unsafe-eval'"],
    // Mantine writes its theme and its responsive styles into style elements and attributes.
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "blob:", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'", ...connect],
    "worker-src": ["'self'"],
    "manifest-src": ["'self'"],
    "media-src": ["'self'", "blob:"],
    "frame-src": ["'none'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
  };
  if (options.header === true) directives["frame-ancestors"] = ["'none'"];
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(" ")}`)
    .join("; ");
}
