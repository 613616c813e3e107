/** Starts the DApp. */
import "./app/styles.js";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app/App.js";
import { reloadForNewBuild } from "./app/newBuild.js";

reloadForNewBuild();

const container = document.getElementById("root");
if (!container) throw new Error("index.html has no #root");
createRoot(container).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
