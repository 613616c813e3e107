/** The DApp from the outside in: theme, data, configuration, session, routes. */
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { HashRouter } from "react-router";

import { ErrorBoundary } from "../components/ErrorBoundary.js";
import { loadConfig } from "../lib/config.js";
import { ConfigProvider } from "../lib/connection.js";
import { isSalusFailure } from "../lib/errors.js";
import { SessionProvider } from "../lib/session.js";
import { discoverWallets } from "../lib/wallets.js";
import { ConfigScreen } from "./ConfigScreen.js";
import { Resumption } from "./Resumption.js";
import { AppRoutes } from "./routes.js";
import { Shell } from "./Shell.js";
import { cssVariablesResolver, theme } from "./theme.js";

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A local chain is there when the internet isn't, so the browser's idea of being online says nothing.
      networkMode: "always",
      staleTime: 2_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 && (!isSalusFailure(error) || isSalusFailure(error, "CHAIN_UNREACHABLE")),
      retryDelay: 500,
    },
    mutations: { networkMode: "always" },
  },
});

discoverWallets();

/** The whole DApp. */
export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <ErrorBoundary>
          <Configured />
        </ErrorBoundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}

function Configured() {
  const {
    data: config,
    error,
    refetch,
  } = useQuery({
    queryKey: ["config"],
    queryFn: loadConfig,
    staleTime: Infinity,
    retry: false,
    // `npm start` serves the page before the contracts are there.
    refetchInterval: ({ state }) => (state.data ? false : 2_000),
  });
  useEffect(() => {
    // Loaded only where there are personas: a real deployment never has the code.
    if (config && config.personas.length > 0) {
      void import("../lib/demo-wallet.js").then(({ announceDemoWallets }) => announceDemoWallets(config));
    }
  }, [config]);
  if (error) return <ConfigScreen error={error} retry={() => void refetch()} />;
  if (!config) return null;
  return (
    <ConfigProvider value={config}>
      <SessionProvider>
        {/* Places after the #, so that any web server can serve deep links without being set up for it. */}
        <HashRouter>
          <Resumption />
          <Shell>
            <ErrorBoundary>
              <AppRoutes />
            </ErrorBoundary>
          </Shell>
        </HashRouter>
      </SessionProvider>
    </ConfigProvider>
  );
}
