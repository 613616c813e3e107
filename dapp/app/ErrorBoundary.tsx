/** Catches what a page throws while it renders, and says so instead of leaving the screen blank. */
import { Component, type ReactNode } from "react";

import { ErrorNotice } from "../components/Notice.js";

/** Shows an error in place of its children. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <ErrorNotice error={error} retry={() => window.location.reload()} />;
  }
}
