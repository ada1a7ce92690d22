import { terminalText } from "./terminalText.ts";
import { visibleWidth } from "./visibleWidth.ts";

/** What of a terminal is needed to redraw lines in place. */
export interface Screen {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";

/**
 * Lines at the bottom of a terminal that are redrawn in place. Lines must fit the width: one that wraps would be
 * counted wrong, so wider ones are left out. `stop` leaves the last state standing and gives the cursor back; the end of
 * the process does so too, whatever ends it short of a kill.
 */
export class LiveLines {
  readonly #screen: Screen;
  #drawn = 0;
  #hidden = false;
  readonly #giveBack = (): void => {
    if (this.#hidden) this.#screen.write(SHOW_CURSOR);
    this.#hidden = false;
  };

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  get width(): number {
    return Math.max(20, (this.#screen.columns ?? 80) - 1); // the last column makes some terminals wrap
  }

  draw(lines: readonly string[]): void {
    const room = Math.max(1, (this.#screen.rows ?? 24) - 1);
    const fitting = lines
      .map(terminalText)
      .filter((line) => visibleWidth(line) <= this.width)
      .slice(-room);
    const start = this.#hidden ? "" : HIDE_CURSOR;
    if (!this.#hidden) process.once("exit", this.#giveBack);
    this.#hidden = true;
    this.#screen.write(`${start}${this.#back()}${fitting.map((line) => `${line}\n`).join("")}`);
    this.#drawn = fitting.length;
  }

  /** Writes a line above the live ones, to stay. */
  log(line: string, lines: readonly string[]): void {
    this.#screen.write(`${this.#back()}${terminalText(line)}\n`);
    this.#drawn = 0;
    this.draw(lines);
  }

  stop(): void {
    process.off("exit", this.#giveBack);
    this.#giveBack();
    this.#drawn = 0;
  }

  /** To the first live line, clearing from there to the end of the screen. */
  #back(): string {
    return this.#drawn > 0 ? `\u001b[${this.#drawn}A\r\u001b[J` : "\r\u001b[J";
  }
}
