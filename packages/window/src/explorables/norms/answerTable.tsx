import type { JSX } from "preact";

import type { Answer } from "./normPicture.ts";

const vector = (point: readonly number[]): string => `(${point.map((x) => x.toFixed(3)).join(", ")})`;

/** What the norm answers, in numbers. */
export function AnswerTable({
  answer: { dual, lmo, step, inner, lmoValue },
  gradient,
}: {
  readonly answer: Answer;
  readonly gradient: readonly number[];
}): JSX.Element {
  return (
    <table class="numbers">
      <tbody>
        <Row name="gradient" formula="G" value={vector(gradient)} />
        <Row name="oracle" formula="lmo(G)" value={vector(lmo)} id="lmo" />
        <Row name="its size" formula="‖lmo(G)‖" value={lmoValue.toFixed(3)} />
        <Row name="descent along it" formula="⟨G, lmo(G)⟩" value={inner.toFixed(3)} />
        <Row name="dual norm" formula="‖G‖*" value={dual.toFixed(3)} id="dual" />
        <Row name="steepest descent" formula="‖G‖* · lmo(G)" value={vector(step)} id="step" />
      </tbody>
    </table>
  );
}

function Row(props: {
  readonly name: string;
  readonly formula: string;
  readonly value: string;
  readonly id?: string;
}): JSX.Element {
  return (
    <tr>
      <th class="text" scope="row">
        {props.name}
      </th>
      <td class="text formula">{props.formula}</td>
      <td id={props.id}>{props.value}</td>
    </tr>
  );
}
