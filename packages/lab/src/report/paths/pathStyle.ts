import { strokeOf } from "../palette.ts";

interface Colours {
  readonly page: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
}

const ofPage: Colours = {
  page: "var(--page)",
  ink: "var(--ink)",
  soft: "var(--soft)",
  line: "var(--line)",
};
const onWhite: Colours = { page: "#ffffff", ink: "#1d2126", soft: "#59616b", line: "#dcdad5" };

const plane = ({
  ink,
  soft,
  line,
}: Colours): string => `.paths{width:100%;max-width:774px;height:auto;font:14px system-ui,sans-serif}
.paths text{fill:${ink}}.paths .ticks text,.paths .soft{fill:${soft};font-size:12px}
.paths path{fill:none;stroke-linejoin:round;stroke-linecap:round}
.paths .contours path{stroke:${soft};stroke-width:.8}
.paths .frame{fill:none;stroke:${line}}
.paths .minimum{stroke:${ink};stroke-width:2}
`;

const marks = (of: string, colour: string, { page }: Colours): string =>
  `${of} .line{stroke:${colour};stroke-width:1.8}${of} .halo{stroke:${page};stroke-width:4;opacity:.8}
${of} .steps{stroke:${colour};stroke-width:4.4}
${of} .start{fill:${page};stroke:${colour};stroke-width:2}${of} .end{fill:${colour};stroke:${page};stroke-width:1.5}
`;

/** What a picture of paths needs of the style sheet of a page, which knows the colours of the series. */
export const pathStyle = plane(ofPage) + marks(".paths", "var(--c)", ofPage);

/** The style sheet of a picture that stands alone, on white; without variables, which not every viewer of SVG knows. */
export const standaloneStyle = (count: number): string =>
  `.paths{background:${onWhite.page}}${plane(onWhite)}${Array.from({ length: count }, (_, i) => {
    const { light, dashes } = strokeOf(i);
    const dashed = dashes === "none" ? "" : `.paths .s${i} .line{stroke-dasharray:${dashes}}\n`;
    return marks(`.paths .s${i}`, light, onWhite) + dashed;
  }).join("")}`;
