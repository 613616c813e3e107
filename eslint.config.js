import { existsSync, readdirSync } from "node:fs";

import prettier from "eslint-config-prettier";
import { createNodeResolver, importX } from "eslint-plugin-import-x";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** One arrow that must not be drawn: files under `target` don't import from `from`, save `except`. */
const forbid = (target, from, except, message) => ({ target, from, ...(except && { except }), message });

/** Each folder of dapp/features is a room of its own. */
const features = existsSync("dapp/features")
  ? readdirSync("dapp/features", { withFileTypes: true }).filter((entry) => entry.isDirectory())
  : [];

/** The arrows of docs/architecture.md: dapp, scripts, services -> sdk -> typechain-types; flows -> adapters -> core. */
const arrows = [
  forbid("./dapp", "./sdk", ["./index.ts"], "The DApp knows the SDK by its index only."),
  forbid("./scripts", "./sdk", ["./index.ts", "./node.ts"], "Scripts know the SDK by its index only."),
  forbid("./services", "./sdk", ["./index.ts", "./node.ts"], "Services know the SDK by its index only."),
  ...["./dapp", "./scripts", "./services"].map((target) =>
    forbid(target, "./typechain-types", undefined, "Contracts are spoken to through the SDK."),
  ),
  forbid("./dapp", "./scripts", undefined, "The DApp is built without the command line."),
  forbid("./dapp", "./services", undefined, "Services are reached over HTTP."),
  forbid("./services", "./scripts", undefined, "Services don't depend on the command line."),
  forbid("./services", "./dapp", undefined, "Services don't depend on the DApp."),
  ...["./dapp", "./scripts", "./services", "./test"].map((from) =>
    forbid("./sdk", from, undefined, "Nothing points back: the SDK knows none of its users."),
  ),
  forbid("./sdk/flows", "./typechain-types", undefined, "Contracts are spoken to through the adapters."),
  forbid(
    "./sdk/flows",
    "./sdk",
    ["./flows", "./adapters", "./core", "./types.ts", "./errors.ts"],
    "Nothing points back.",
  ),
  forbid("./sdk/adapters", "./sdk", ["./adapters", "./core", "./types.ts", "./errors.ts"], "Nothing points back."),
  forbid("./sdk/core", "./sdk", ["./core", "./types.ts", "./errors.ts"], "Nothing points back."),
  forbid("./sdk/core", "./typechain-types", undefined, "The core is pure."),
  ...["./sdk/types.ts", "./sdk/errors.ts"].map((target) =>
    forbid(target, "./sdk", ["./types.ts", "./errors.ts", "./errors-care.ts"], "Nothing points back."),
  ),
  ...features.map(({ name }) =>
    forbid(`./dapp/features/${name}`, "./dapp/features", [`./${name}`], "Features don't import each other."),
  ),
];

/** Dependencies with one door each; code beside it goes through the door. */
const doors = {
  "age-encryption": ["sdk/core/envelope.ts"],
  "ipfs-http-client": ["sdk/adapters/ipfs.ts"],
};

/** What code that a browser runs can't import. */
const nodeOnly = { group: ["node:*"], message: "This runs in browsers: no Node built-ins." };

/** `no-restricted-imports` as every file has it, with what `file` may import besides. */
const restrictedImports = ({ allow = [], patterns = [] } = {}) => [
  "error",
  {
    paths: Object.entries(doors)
      .filter(([name]) => !allow.includes(name))
      .map(([name, [door]]) => ({ name, message: `Only ${door} imports ${name}.` })),
    patterns,
  },
];

export default defineConfig(
  globalIgnores(["artifacts/", "cache/", "coverage/", "dist/", ".salus/", "typechain-types/"]),
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [
        createNodeResolver({
          extensions: [".ts", ".tsx", ".js", ".json"],
          extensionAlias: { ".js": [".ts", ".tsx", ".js"] },
        }),
      ],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
    },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-imports": restrictedImports(),
      "import-x/no-restricted-paths": ["error", { zones: arrows }],
      "import-x/no-cycle": "error",
      "import-x/first": "error",
      "import-x/no-duplicates": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
    },
  },
  {
    files: ["sdk/**/*.ts", "dapp/**/*.{ts,tsx}"],
    ignores: ["sdk/node.ts", "sdk/adapters/*-file.ts"],
    rules: {
      "no-restricted-imports": restrictedImports({ patterns: [nodeOnly] }),
      "no-restricted-globals": ["error", "Buffer", "process", "global", "__dirname", "require"],
    },
  },
  ...Object.entries(doors).map(([name, files]) => ({
    files,
    rules: { "no-restricted-imports": restrictedImports({ allow: [name], patterns: [nodeOnly] }) },
  })),
  {
    files: ["dapp/**/*.{ts,tsx}"],
    extends: [reactHooks.configs.flat.recommended],
    rules: {
      // An event handler may be async: what it rejects with is shown by the error boundary's listener.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ["scripts/**", "services/**", "test/**"],
    rules: { "no-console": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      // Tests check our envelope and our node with other people's programs, too.
      "no-restricted-imports": "off",
      // `expect(x).to.be.true` is an assertion.
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      // Helpers return the interface of a provider; a test may know which one it made.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
  {
    files: ["**/*.{js,mjs}"],
    extends: [tseslint.configs.strict],
  },
  prettier,
);
