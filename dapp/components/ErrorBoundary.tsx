/** Catches what a page, or a part of it, throws while it renders, and says so instead of leaving the screen blank. */
import { Component, type ReactNode } from "react";

import { ErrorNotice } from "./Notice.js";

interface Props {
  children: ReactNode;
  /** What the children show: they are tried anew with another one. */
  of?: unknown;
  /** What is shown in place of the children; the error itself, if left out. */
  instead?: ReactNode;
}

interface State {
  /** Null as long as nothing was thrown; what is thrown may itself be anything. */
  thrown: { error: unknown } | null;
  of: unknown;
}

/** Shows an error in place of its children. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { thrown: null, of: this.props.of };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { thrown: { error } };
  }

  static getDerivedStateFromProps({ of }: Props, before: State): Partial<State> | null {
    return of === before.of ? null : { thrown: null, of };
  }

  override render() {
    const { children, instead } = this.props;
    const { thrown } = this.state;
    if (thrown === null) return children;
    return instead ?? <ErrorNotice error={thrown.error} retry={() => window.location.reload()} />;
  }
}
