import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

import { slowTests } from "./slowTests.ts";

/** The order of test files: project by project, the longest first, so that the workers end together. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const place = ({ moduleId }: TestSpecification): number => {
      const at = slowTests.indexOf(relative(root, moduleId));
      return at === -1 ? slowTests.length : at;
    };
    const projectOf = ({ project }: TestSpecification): string => project.name;
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(projectOf))];
    return projects.flatMap((name) =>
      sorted.filter((file) => projectOf(file) === name).toSorted((a, b) => place(a) - place(b)),
    );
  }
}
