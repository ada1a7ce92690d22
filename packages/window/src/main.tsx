import "./style/base.css";
import { render } from "preact";

import { followLinks } from "./address/followLinks.ts";
import { pages } from "./pages.tsx";
import { App } from "./shell/app.tsx";

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
followLinks((path) => pages.some((page) => page.path === path));
render(<App pages={pages} />, root);
