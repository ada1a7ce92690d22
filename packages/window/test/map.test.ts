import { catalog, optimizerNames } from "steepest";
import { expect, test } from "vitest";

import { namedIn, relations, relationsOf, relationsWith } from "../src/explorables/map/claims.ts";
import { allMethods, byGeometry, matches, stateClassOf } from "../src/explorables/map/spectra.ts";

test("the map has every method of the catalogue once, in a region and a group", () => {
  const methods = allMethods();
  expect(methods.map(({ name }) => name)).toEqual(optimizerNames());
  const grouped = byGeometry(methods).flatMap(([geometry, group]) =>
    group.map(({ name, entry }) => [name, geometry === entry.geometry]),
  );
  expect(grouped).toHaveLength(Object.keys(catalog).length);
  expect(grouped.every(([, right]) => right)).toBe(true);
});

test("state is read from the formula, of hidden weights with default options", () => {
  const known = {
    sgd: "none",
    lion: "one",
    signsgd: "none",
    adamw: "two",
    muon: "one",
    swan: "none",
    ademamix: "more",
    soap: "more",
    adafactor: "less",
    racs: "less",
    hyperball: "inner",
    normuon: "one",
    dion: "more",
  } as const;
  for (const [name, state] of Object.entries(known))
    expect([name, allMethods().find((one) => one.name === name)?.state]).toEqual([name, state]);
  expect(stateClassOf("0 (mn with momentum)")).toBe("none");
  expect(stateClassOf("3mn")).toBe("more");
});

test("a relation is a sentence of a test that names another method", () => {
  expect(namedIn("soap with both sides skipped is Adam, eps before")).toEqual(["adam", "soap"]);
  expect(namedIn("no scale, like sgdm")).toEqual([]);
  const claims = {
    soap: [{ says: "soap without sides is Adam", test: "a.test.ts" }],
    adam: [
      { says: "soap without sides is Adam", test: "a.test.ts" },
      { says: "stays finite", test: "b.test.ts" },
    ],
  };
  expect(relationsOf(claims)).toEqual([
    { from: "adam", to: "soap", says: "soap without sides is Adam", test: "a.test.ts" },
  ]);
  expect(relations.length).toBeGreaterThan(20);
  expect(relationsWith("adam").some(({ from, to }) => [from, to].includes("soap"))).toBe(true);
});

test("words are searched for in all that is said of a method", () => {
  const [muon] = allMethods().filter(({ name }) => name === "muon");
  if (muon === undefined) throw new Error("no muon");
  expect(matches(muon, "SPECTRAL jordan")).toBe(true);
  expect(matches(muon, "spectral kronecker")).toBe(false);
});
