import "./runs.css";
import type { JSX } from "preact";

import { link, query, setQuery } from "../address/address.ts";
import { ask } from "../data/ask.ts";
import { useLive } from "../data/live.ts";
import type { RunEntry, RunList } from "../data/runEntry.ts";
import { useAnswer } from "../data/useAnswer.ts";
import { Failure } from "../shell/failure.tsx";
import { filterRuns, groupKeys, isGroupKey, sortRuns } from "./arrangeRuns.ts";
import { FolderLinks } from "./folderLinks.tsx";
import { RunsTable } from "./runsTable.tsx";

/** Every run that is there, filtered, sorted and grouped as the address says; several are chosen to compare them. */
export function RunsPage(): JSX.Element {
  const live = useLive(() => []);
  const list = useAnswer((signal) => {
    live.list.value;
    return ask<RunList>("/api/runs", {}, signal);
  });
  const { value, error } = list.value;
  if (value === undefined) return error === undefined ? <Waiting /> : <Failure error={error} />;
  const wanted = query.value.get("q") ?? "";
  const status = query.value.get("status") ?? "";
  const sort = query.value.get("sort") ?? "-created";
  const group = query.value.get("group") ?? "";
  const shown = filterRuns(sorted(value.runs, sort), wanted, status);
  const chosen = query.value.getAll("run").filter((id) => value.runs.some((run) => run.id === id));
  return (
    <>
      <h1>Runs</h1>
      <FolderLinks folders={value.folders} />
      <form class="controls" role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          <span class="visually-hidden">Filter</span>
          <input
            type="search"
            value={wanted}
            placeholder="Filter: muon seed=1 loss<2"
            aria-describedby="filter-help"
            onInput={({ currentTarget }) => setQuery({ q: currentTarget.value || undefined })}
          />
        </label>
        <label>
          state
          <select
            value={status}
            onChange={({ currentTarget }) => setQuery({ status: currentTarget.value || undefined })}
          >
            <option value="">any</option>
            <option value="finished">finished</option>
            <option value="running">running</option>
            <option value="unfinished">unfinished</option>
          </select>
        </label>
        <label>
          group by
          <select
            value={group}
            onChange={({ currentTarget }) => setQuery({ group: currentTarget.value || undefined })}
          >
            <option value="">nothing</option>
            {groupKeys.map((key) => (
              <option key={key} value={key}>
                {key}
              </option>
            ))}
          </select>
        </label>
        <span class="quiet" aria-live="polite">
          {shown.length} of {value.runs.length} runs
        </span>
        <span class="chosen">
          {chosen.length > 0 && (
            <button type="button" onClick={() => setQuery({ run: undefined })}>
              Choose none
            </button>
          )}
          <button
            type="button"
            onClick={() => setQuery({ run: shown.slice(0, MOST_CHOSEN).map(({ id }) => id) })}
          >
            Choose these
          </button>
          <a
            class="action"
            href={link("/compare", { run: chosen })}
            aria-disabled={chosen.length === 0 ? "true" : undefined}
          >
            Compare {chosen.length > 0 ? chosen.length : ""}
          </a>
        </span>
      </form>
      <p id="filter-help" class="visually-hidden">
        Words must be in the name, optimizer, model or data; settings as seed=1, steps&gt;100, loss&lt;2.
      </p>
      <RunsTable
        runs={shown}
        sort={sort}
        groupBy={isGroupKey(group) ? group : undefined}
        chosen={new Set(chosen)}
      />
      {value.unreadable.length > 0 && (
        <details>
          <summary>{value.unreadable.length} folders cannot be read</summary>
          <ul>
            {value.unreadable.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Sorted once for a list, not for every letter of a filter. */
function sorted(runs: readonly RunEntry[], sort: string): readonly RunEntry[] {
  if (latest?.runs !== runs || latest.sort !== sort) latest = { runs, sort, order: sortRuns(runs, sort) };
  return latest.order;
}
let latest:
  | { readonly runs: readonly RunEntry[]; readonly sort: string; readonly order: readonly RunEntry[] }
  | undefined;

/** An address has its length. */
const MOST_CHOSEN = 500;

function Waiting(): JSX.Element {
  return (
    <>
      <h1>Runs</h1>
      <p class="quiet">Looking through the folders …</p>
    </>
  );
}
