import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType, JSX } from "preact";

import { path } from "../address/address.ts";
import { Failure } from "./failure.tsx";
import { Header } from "./header.tsx";
import { Loading } from "./loading.tsx";
import type { Page } from "./page.ts";
import { Shield } from "./shield.tsx";

type Shown =
  | { readonly state: "loading" }
  | { readonly state: "ready"; readonly path: string; readonly view: ComponentType }
  | { readonly state: "failed"; readonly error: unknown };

/** Header and the page of the address. */
export function App({ pages }: { readonly pages: readonly Page[] }): JSX.Element {
  const shown = useSignal<Shown>({ state: "loading" });
  useSignalEffect(() => {
    const wanted = path.value;
    const page = pages.find((one) => one.path === wanted);
    document.title = page === undefined ? "Not found · Steepest" : `${page.title} · Steepest`;
    if (page === undefined) {
      shown.value = { state: "failed", error: new Error(`there is no page ${wanted}`) };
      return;
    }
    void page.load().then(
      (view) => {
        if (path.peek() === wanted) shown.value = { state: "ready", path: wanted, view };
      },
      (error: unknown) => {
        if (path.peek() === wanted) shown.value = { state: "failed", error };
      },
    );
  });
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <Header pages={pages} />
      <main id="main" tabIndex={-1}>
        <Content shown={shown.value} />
      </main>
    </>
  );
}

function Content({ shown }: { readonly shown: Shown }): JSX.Element {
  if (shown.state === "loading") return <Loading />;
  if (shown.state === "failed") return <Failure error={shown.error} />;
  const View = shown.view;
  return (
    <Shield key={shown.path}>
      <View />
    </Shield>
  );
}
