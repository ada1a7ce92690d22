import type { JSX } from "preact";

import type { Page } from "../shell/page.ts";

const docs = [
  {
    href: "/docs/",
    title: "Guides",
    about: "Training, models, norms, sweeps, browsers: with search, without a network",
  },
  {
    href: "/docs/optimizers/",
    title: "Optimizers",
    about: "Formula, state, options and measured cost of each",
  },
  { href: "/docs/api/", title: "API", about: "Every function and type that the packages export" },
] as const;

/** The first page: what there is, with a sentence each. */
export function HomePage({ pages }: { readonly pages: readonly Page[] }): JSX.Element {
  return (
    <>
      <h1>Train neural networks with the optimizers that came after Adam</h1>
      <p class="lead">
        Your runs as they go, several of them against each other, and pages to find out what an optimizer does
        by touching it. Everything here comes from this machine.
      </p>
      <Group title="Laboratory" id="laboratory" pages={pages.filter(({ group }) => group === "laboratory")} />
      <Group
        title="Explorables"
        id="explorables"
        pages={pages.filter(({ group }) => group === "explorable")}
      />
      <section aria-labelledby="docs">
        <h2 id="docs">Docs</h2>
        <ul class="cards">
          {docs.map(({ href, title, about }) => (
            <li key={href}>
              <a href={href}>
                <strong>{title}</strong>
                <span>{about}</span>
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly id: string;
  readonly pages: readonly Page[];
}

function Group({ title, id, pages }: GroupProps): JSX.Element | null {
  if (pages.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="cards">
        {pages.map((page) => (
          <li key={page.path}>
            <a href={page.path}>
              <strong>{page.title}</strong>
              <span>{page.about}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
