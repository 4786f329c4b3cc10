import type { SingleBar } from "cli-progress";
import { cutMiddle } from "./plain-table.ts";
import type { Terminal } from "./terminal.ts";

/** One after another, what takes its time. */
export interface Stage {
  /** What is done, as in `DenseNet121: reference`. */
  readonly label: string;
  /** In units of the stage; null where nobody knows how much there is to do. */
  readonly total: number | null;
  /**
   * What else to say of it, beside the share that is done: fields of which the last are left out where there is no room.
   * Each is as wide at every moment, so that the line does not move.
   */
  tell?(done: number, milliseconds: number): readonly string[];
}

/** How far something has come, in one line of a terminal that is gone when it ends. */
export interface Progress {
  begin(stage: Stage): void;
  /** How much of the stage is done by now. */
  reach(done: number): void;
  /** Leaves the line as it was before; another stage may begin after that. */
  end(): void;
}

/** Shows progress on standard error, where that is a terminal on which a line can be written anew. */
export async function progressOn(terminal: Terminal, isQuiet: boolean): Promise<Progress> {
  if (!terminal.errIsTerminal || isQuiet || terminal.env.TERM === "dumb") return silent;
  const { default: library } = await import("cli-progress");
  return new Line(terminal, (options) => new library.SingleBar(options));
}

const silent: Progress = { begin() {}, reach() {}, end() {} };

/** What is over sooner is not worth a line that comes and goes. */
const patience = 200;

class Line implements Progress {
  readonly #terminal: Terminal;
  readonly #make: (options: object) => SingleBar;
  #stage: Stage = { label: "", total: null };
  #done = 0;
  #since = 0;
  #bar: SingleBar | null = null;
  #waiting: NodeJS.Timeout | null = null;
  #first = 0;

  constructor(terminal: Terminal, make: (options: object) => SingleBar) {
    this.#terminal = terminal;
    this.#make = make;
  }

  begin(stage: Stage): void {
    [this.#stage, this.#done, this.#since] = [stage, 0, performance.now()];
    if (this.#bar) this.#bar.update(0);
    else if (!this.#waiting) {
      this.#first = this.#since;
      this.#waiting = setTimeout(() => this.#show(), patience);
    }
  }

  reach(done: number): void {
    this.#done = done;
    // Where work leaves no time for timers.
    if (!this.#bar && performance.now() - this.#first > patience) this.#show();
    this.#bar?.update(done);
  }

  end(): void {
    if (this.#waiting) clearTimeout(this.#waiting);
    this.#bar?.stop();
    this.#waiting = null;
    this.#bar = null;
  }

  #show(): void {
    if (this.#waiting) clearTimeout(this.#waiting);
    const { err } = this.#terminal;
    const columns = () => this.#width();
    const stream = {
      isTTY: true,
      // Of the window as it is when the line is written.
      get columns() {
        return columns();
      },
      write: (text: string) => {
        err(text);
        return true;
      },
    };
    // The cursor and the way lines are broken are left alone: what is not changed need not be restored.
    this.#bar = this.#make({ stream, format: () => this.#line(), linewrap: true, clearOnComplete: true });
    this.#bar.start(1, 0);
  }

  /** In the last column some terminals go on to the next line. */
  #width(): number {
    return (this.#terminal.columns ?? 80) - 1;
  }

  #line(): string {
    const { label, total, tell } = this.#stage;
    const width = this.#width();
    if (total === null) return cutMiddle(`${label} …`, width);
    const share = total > 0 ? Math.min(1, this.#done / total) : 1;
    const percent = `${Math.floor(100 * share)} %`.padStart(5);
    const least = shortestBar + percent.length + 3;
    const fields = tell?.(this.#done, performance.now() - this.#since) ?? [];
    const about = fieldsWithin(fields, width - label.length - least);
    const name = cutMiddle(label, width - least - about.length);
    const room = width - name.length - percent.length - about.length - 3;
    return `${name}  ${this.#drawn(share, Math.max(0, Math.min(longestBar, room)))} ${percent}${about}`;
  }

  #drawn(share: number, length: number): string {
    const [full, empty] = this.#terminal.errShowsUnicode ? ["█", "░"] : ["#", "."];
    const filled = Math.round(share * length);
    return full.repeat(filled) + empty.repeat(length - filled);
  }
}

/** The first of the fields, as many as there is room for. */
function fieldsWithin([first, ...others]: readonly string[], room: number): string {
  if (first === undefined) return "";
  return others.reduce(
    (told, field) => (told !== "" && told.length + field.length <= room ? told + field : told),
    first.length + 2 <= room ? `  ${first}` : "",
  );
}

const shortestBar = 10;
const longestBar = 30;
