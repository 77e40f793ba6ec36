import { Component, type ReactNode } from "react";
import { Fault } from "../parts/states";

/** Keeps a page's fault to that page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error ? <Fault error={this.state.error} again={() => this.setState({ error: null })} /> : this.props.children;
  }
}
