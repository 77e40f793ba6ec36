const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
// A page that is turned does not end a connection that the next page wants.
const LINGER_MS = 2_000;

/** A websocket that comes back by itself, later and later while the server is away, and tells anew what is wanted. */
export class Reconnecting {
  private socket: WebSocket | null = null;
  private wanted = false;
  private wait = FIRST_WAIT_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly path: string,
    private readonly greetings: () => string[],
    private readonly take: (text: string) => void,
  ) {}

  get isConnected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  readonly subscribeToState = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Whether there shall be a connection. */
  want(wanted: boolean): void {
    this.wanted = wanted;
    clearTimeout(this.timer);
    if (!wanted) {
      this.timer = setTimeout(() => this.close(), LINGER_MS);
    } else if (!this.socket) {
      this.open();
    }
  }

  /** Ends it for good. */
  end(): void {
    this.wanted = false;
    clearTimeout(this.timer);
    this.close();
  }

  /** Sends now; what is sent without a connection must be among the greetings. */
  send(text: string): void {
    if (this.isConnected) {
      this.socket?.send(text);
    }
  }

  private open(): void {
    const socket = new WebSocket(new URL(this.path, location.href.replace(/^http/, "ws")));
    this.socket = socket;
    socket.onopen = () => {
      this.wait = FIRST_WAIT_MS;
      for (const greeting of this.greetings()) {
        socket.send(greeting);
      }
      this.tell();
    };
    socket.onmessage = (message: MessageEvent<string>) => this.take(message.data);
    socket.onclose = () => {
      if (this.socket !== socket) {
        return;
      }
      this.socket = null;
      this.tell();
      if (this.wanted) {
        // Not all pages of a campus at the same moment.
        this.timer = setTimeout(() => this.open(), this.wait * (0.7 + Math.random() * 0.6));
        this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
      }
    };
  }

  private close(): void {
    const socket = this.socket;
    this.socket = null;
    if (socket?.readyState === WebSocket.CONNECTING) {
      // Browsers complain of a connection that is ended before it began.
      socket.onopen = () => socket.close();
    } else {
      socket?.close();
    }
    this.tell();
  }

  private tell(): void {
    for (const watcher of this.watchers) {
      watcher();
    }
  }
}
