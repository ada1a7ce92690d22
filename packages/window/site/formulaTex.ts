/** Words of capitals, and of two letters, that are no products. */
const words = new Set([
  "RMS",
  "SVD",
  "QR",
  "of",
  "or",
  "at",
  "in",
  "is",
  "no",
  "if",
  "by",
  "to",
  "as",
  "on",
  "max",
  "min",
]);
const operators = new Set([
  "min",
  "max",
  "argmin",
  "argmax",
  "sign",
  "log",
  "exp",
  "tr",
  "orth",
  "polar",
  "lmo",
  "clip",
  "mean",
]);

const superscripts = new Map(
  [..."⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀᵏᵖᵗⁱⁿ*"].map((sign, i) => [sign, [..."0123456789+-⊤kptin*"][i] ?? ""]),
);
const subscripts = new Map(
  [..."₀₁₂₃₄₅₆₇₈₉₊₋ₖᵢⱼₙₘₜₐₗᵣₚ"].map((sign, i) => [sign, [..."0123456789+-kijnmtalrp"][i] ?? ""]),
);
superscripts.delete("*");

const signs: Readonly<Record<string, string>> = {
  "←": "\\leftarrow ",
  "→": "\\to ",
  "·": "\\cdot ",
  "−": "-",
  "×": "\\times ",
  "⊗": "\\otimes ",
  "⊙": "\\odot ",
  "‖": "\\Vert ",
  "|": "\\vert ",
  "⟨": "\\langle ",
  "⟩": "\\rangle ",
  "≤": "\\le ",
  "≥": "\\ge ",
  "≈": "\\approx ",
  Σ: "\\sum ",
  "⊤": "\\top ",
  "{": "\\{",
  "}": "\\}",
  "%": "\\%",
  "#": "\\#",
  "&": "\\&",
  $: "\\$",
  "~": "\\sim ",
  "…": "\\ldots ",
  "½": "\\tfrac12 ",
};
const accents: Readonly<Record<string, string>> = {
  "\u0302": "\\hat",
  "\u0303": "\\tilde",
  "\u0304": "\\bar",
};

/**
 * A line of a formula as the catalogue writes it, `V ← b2·V + (1−b2)G²`, as TeX. Letters alone and in products are variables, longer
 * runs are words; a root reaches over its bracket or the next sign.
 */
export function formulaTex(line: string): string {
  const text = line.normalize("NFD").replaceAll(/\s+/g, " ").trim();
  return new Reader(text).all();
}

/** `mn` and `PRᵀ` are products, `of` and `RMS` words. */
const isProduct = (letters: string): boolean =>
  !words.has(letters) &&
  (/^[A-Za-z]{2}$/.test(letters) || (letters === letters.toUpperCase() && /^[A-Z]{3}$/.test(letters)));

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  all(): string {
    let tex = "";
    while (this.#at < this.#text.length) tex += this.#next();
    return tex;
  }

  #match(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, "uy");
    sticky.lastIndex = this.#at;
    const [found] = sticky.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #next(): string {
    const coefficient = this.#match(/[a-z][0-9]+/);
    if (coefficient !== undefined) return `${coefficient[0]}_{${coefficient.slice(1)}}`;
    const letters = this.#match(/[A-Za-z]{2,}(?:'s)?(?![\u0302\u0303\u0304])/);
    if (letters !== undefined) return this.#letters(letters);
    if (this.#match(/√/) !== undefined) return `\\sqrt{${this.#reach()}}`;
    if (this.#match(/ /) !== undefined) return this.#isWordHere() ? "\\ " : " ";
    if (this.#match(/\^/) !== undefined) return `^{${this.#reach()}}`;
    if (this.#match(/_/) !== undefined) return `_{${this.#match(/[A-Za-z0-9]+|[*∞]/) ?? this.#reach()}}`;
    const one = this.#match(/./) ?? "";
    const script = this.#scripts(one, superscripts, "^") ?? this.#scripts(one, subscripts, "_");
    if (script !== undefined) return script;
    const accent = this.#match(/[\u0302\u0303\u0304]/);
    if (accent !== undefined) return `${accents[accent]}{${one}}`;
    return signs[one] ?? one;
  }

  #letters(letters: string): string {
    if (operators.has(letters)) return `\\operatorname{${letters}}`;
    if (isProduct(letters)) return [...letters].join(" ");
    const call = this.#text[this.#at] === "(";
    return call ? `\\operatorname{${letters}}` : `\\text{${letters}}`;
  }

  /** Spaces of prose are kept, those of mathematics are TeX's. */
  #isWordHere(): boolean {
    const before = /([A-Za-z]{2,}|[,:;])$/.exec(this.#text.slice(0, this.#at - 1))?.[1] ?? "";
    const after = /^([A-Za-z]{2,})(?![A-Za-z(])/.exec(this.#text.slice(this.#at))?.[1] ?? "";
    return [before, after].some((text) => text !== "" && !isProduct(text));
  }

  #scripts(first: string, known: ReadonlyMap<string, string>, mark: string): string | undefined {
    if (!known.has(first)) return undefined;
    let all = first;
    for (
      let sign = this.#text[this.#at];
      sign !== undefined && known.has(sign);
      sign = this.#text[this.#at]
    ) {
      all += sign;
      this.#at++;
    }
    return `${mark}{${[...all]
      .map((sign) => known.get(sign))
      .join("")
      .replaceAll("⊤", "\\top ")}}`;
  }

  /** What stands in the brackets that follow, else the next sign with its accent. */
  #reach(): string {
    if (this.#text[this.#at] !== "(") return this.#match(/[0-9]+/) ?? this.#next();
    let depth = 0;
    let end = this.#at;
    do {
      if (this.#text[end] === "(") depth++;
      if (this.#text[end] === ")") depth--;
      end++;
    } while (depth > 0 && end < this.#text.length);
    const inside = this.#text.slice(this.#at + 1, end - 1);
    this.#at = end;
    return new Reader(inside).all();
  }
}
