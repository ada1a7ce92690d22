import { resolve } from "node:path";

import { UsageError } from "../plan/usageError.ts";
import { queueSyntax } from "./queueSyntax.ts";

/** Where a queue is. */
export type QueueAddress =
  | {
      readonly kind: "postgres" | "redis";
      /** With whatever secrets it has: only for connecting. */
      readonly url: string;
      /** For people: without password. */
      readonly name: string;
    }
  | { readonly kind: "folder"; readonly folder: string; readonly name: string };

const schemes: Readonly<Record<string, "postgres" | "redis">> = {
  "postgres:": "postgres",
  "postgresql:": "postgres",
  "redis:": "redis",
  "rediss:": "redis",
  "valkey:": "redis",
};

/** Reads what `--queue` was given. Throws `UsageError`, which never repeats a password. */
export function parseQueueAddress(text: string): QueueAddress {
  if (text.trim() === "") throw new UsageError(`--queue is empty: expected ${queueSyntax}`);
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (scheme === undefined) {
    const folder = resolve(text);
    return { kind: "folder", folder, name: folder };
  }
  const kind = schemes[`${scheme.toLowerCase()}:`];
  if (kind === undefined) throw new UsageError(`--queue cannot be of ${scheme}://: expected ${queueSyntax}`);
  // With an @ behind the host, it may be a part of the password that looks like one.
  if (!URL.canParse(text) || /^[^/]*\/\/[^/]*\/.*@/.test(text)) {
    throw new UsageError(
      `the ${scheme}:// address after --queue cannot be read: expected ${queueSyntax}; signs like @ and / in a password ` +
        "are written %40 and %2F",
    );
  }
  const url = new URL(text);
  const name = `${url.protocol}//${url.username === "" ? "" : `${url.username}@`}${url.host}${url.pathname}`;
  const known = url.protocol === "valkey:" ? text.replace(/^valkey/i, "redis") : text;
  return { kind, url: known, name };
}
