import { Component, type ReactNode } from "react";
import { Fault } from "../parts/states";

/** Keeps a page's fault to that page. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    // A page's file that is not there is of an earlier version of the server: the whole page is loaded anew, as the browser remembers what failed.
    const again = () => (isMissingFile(error) ? location.reload() : this.setState({ error: null }));
    return error ? <Fault error={error} again={again} /> : this.props.children;
  }
}

// In Chromium, Firefox and Safari, in this order.
function isMissingFile(error: unknown): boolean {
  const text = error instanceof Error ? error.message : "";
  return /dynamically imported module|error loading dynamically|Importing a module script failed/i.test(text);
}
