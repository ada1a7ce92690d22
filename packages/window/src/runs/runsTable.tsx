import { Component, type JSX } from "preact";

import { link, query, setQuery } from "../address/address.ts";
import type { RunEntry } from "../data/runEntry.ts";
import { loss, plain, share, short, when } from "../format/quantities.ts";
import type { GroupKey } from "./arrangeRuns.ts";

interface Column {
  readonly key: keyof RunEntry;
  readonly title: string;
  readonly text?: true;
  readonly cell: (run: RunEntry) => string;
}

const columns: readonly Column[] = [
  { key: "valLoss", title: "validation loss", cell: ({ valLoss }) => loss(valLoss) },
  { key: "optimizer", title: "optimizer", text: true, cell: ({ optimizer }) => optimizer },
  { key: "model", title: "model", text: true, cell: ({ model }) => model },
  { key: "learningRate", title: "learning rate", cell: ({ learningRate }) => plain(learningRate) },
  { key: "seed", title: "seed", cell: ({ seed }) => String(seed) },
  { key: "steps", title: "steps", cell: ({ steps }) => short(steps) },
  { key: "trainLoss", title: "training loss", cell: ({ trainLoss }) => loss(trainLoss) },
  { key: "valAccuracy", title: "accuracy", cell: ({ valAccuracy }) => share(valAccuracy) },
  { key: "msPerStep", title: "ms a step", cell: ({ msPerStep }) => plain(msPerStep) },
  { key: "created", title: "begun", cell: ({ created }) => when(created) },
];

const withoutAccuracy = columns.filter(({ key }) => key !== "valAccuracy");

/** Rows that a page begins with: more make grouping and sorting slow. */
const FIRST_ROWS = 50;

export interface RunsTableProps {
  readonly runs: readonly RunEntry[];
  readonly sort: string;
  readonly groupBy: GroupKey | undefined;
  readonly chosen: ReadonlySet<string>;
}

export function RunsTable({ runs, sort, groupBy, chosen }: RunsTableProps): JSX.Element {
  if (runs.length === 0) return <p class="empty">No run is like that. Take words out of the filter.</p>;
  const accuracy = runs.some(({ valAccuracy }) => valAccuracy !== null);
  const shown = accuracy ? columns : withoutAccuracy;
  const all = query.value.get("rows") === "all";
  const most = all ? runs.length : FIRST_ROWS;
  return (
    <div class="scroll">
      <table class="runs">
        <caption class="visually-hidden">Runs</caption>
        <thead>
          <tr>
            <th>
              <span class="visually-hidden">choose</span>
            </th>
            <SortHeader column={{ key: "id", title: "run", text: true, cell: ({ id }) => id }} sort={sort} />
            {shown.map((column) => (
              <SortHeader key={column.key} column={column} sort={sort} />
            ))}
          </tr>
        </thead>
        {grouped(runs, groupBy, most).map(({ name, members, shown: rows }) => (
          <tbody key={name}>
            {groupBy !== undefined && <GroupRow name={name} members={members} span={shown.length + 2} />}
            {rows.map((run) => (
              <Row key={run.id} run={run} columns={shown} chosen={chosen.has(run.id)} />
            ))}
          </tbody>
        ))}
      </table>
      {runs.length > most && (
        <p class="more">
          <button type="button" onClick={() => setQuery({ rows: "all" })}>
            Show {runs.length - most} more
          </button>
        </p>
      )}
    </div>
  );
}

function SortHeader({ column, sort }: { readonly column: Column; readonly sort: string }): JSX.Element {
  const { key, title, text } = column;
  const direction = sort === key ? "ascending" : sort === `-${key}` ? "descending" : undefined;
  return (
    <th class={text && "text"} aria-sort={direction}>
      <button type="button" onClick={() => setQuery({ sort: direction === "ascending" ? `-${key}` : key })}>
        {title}
        <span aria-hidden="true">{direction === "ascending" ? " ↑" : direction === "descending" ? " ↓" : ""}</span>
      </button>
    </th>
  );
}

function GroupRow({ name, members, span }: { name: string; members: readonly RunEntry[]; span: number }) {
  const losses = members.flatMap(({ valLoss }) => valLoss ?? []);
  const best = losses.length === 0 ? "" : `, best validation loss ${loss(Math.min(...losses))}`;
  return (
    <tr class="group">
      <th class="text" scope="rowgroup" colSpan={span}>
        {name}
        <span class="quiet">
          {" "}
          {members.length} {members.length === 1 ? "run" : "runs"}
          {best}
        </span>
      </th>
    </tr>
  );
}

interface RowProps {
  readonly run: RunEntry;
  readonly columns: readonly Column[];
  readonly chosen: boolean;
}

/** Stays as it is while its run does: a letter in the filter makes no row again. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate({ run, columns: shown, chosen }: RowProps): boolean {
    return run !== this.props.run || shown !== this.props.columns || chosen !== this.props.chosen;
  }

  override render({ run, columns: shown, chosen }: RowProps): JSX.Element {
    const choose = (): void => {
      const now = query.peek().getAll("run");
      setQuery({ run: chosen ? now.filter((id) => id !== run.id) : [...now, run.id] });
    };
    return (
      <tr>
        <td>
          <input type="checkbox" checked={chosen} onChange={choose} aria-label={`choose ${run.id}`} />
        </td>
        <th class="text" scope="row">
          <a href={link("/run", { run: run.id })}>{run.id}</a>
          {run.status !== "finished" && <span class={`badge ${run.status}`}>{run.status}</span>}
        </th>
        {shown.map((column) => (
          <td key={column.key} class={column.text && "text"}>
            {column.cell(run)}
          </td>
        ))}
      </tr>
    );
  }
}

interface Group {
  readonly name: string;
  readonly members: readonly RunEntry[];
  /** Of the members, those that have a row. */
  readonly shown: readonly RunEntry[];
}

/** Runs by group, with rows for the first `most` of all. */
function grouped(runs: readonly RunEntry[], by: GroupKey | undefined, most: number): Group[] {
  const groups = new Map<string, RunEntry[]>();
  for (const run of runs) {
    const name = by === undefined ? "" : String(run[by] ?? "none");
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [run]);
    else members.push(run);
  }
  let left = most;
  return [...groups].map(([name, members]) => {
    const shown = members.slice(0, left);
    left -= shown.length;
    return { name, members, shown };
  });
}
