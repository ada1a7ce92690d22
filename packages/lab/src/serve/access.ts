import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Whether the request may be answered; `enter`: its token is right and goes into a cookie. */
export type Access = "granted" | "enter" | "refused";

const COOKIE = "steepest_token";
const ONLY_HERE = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Without a token, only requests to a name of this machine: a page of the network that has its own name point here gets no answer.
 * With one, whoever has it.
 */
export function accessOf(request: IncomingMessage, url: URL, token: string | undefined): Access {
  if (token === undefined) return ONLY_HERE.test(request.headers.host ?? "") ? "granted" : "refused";
  const given = url.searchParams.get("token");
  if (given !== null) return same(given, token) ? "enter" : "refused";
  const cookies = (request.headers.cookie ?? "").split(";").map((part) => part.trim().split("="));
  const held = cookies.some(([name, value = ""]) => name === COOKIE && same(value, token));
  return held ? "granted" : "refused";
}

export const tokenCookie = (token: string): string => `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/`;

function same(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
