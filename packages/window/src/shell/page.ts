import type { ComponentType } from "preact";

/** A page of the app. Its code is loaded when somebody opens it. */
export interface Page {
  readonly path: `/${string}`;
  readonly title: string;
  /** One sentence for the home page. */
  readonly about: string;
  /** Where the home page and the header list it; `none`: it is only reached from other pages. */
  readonly group: "laboratory" | "explorable" | "none";
  load(): Promise<ComponentType>;
}
