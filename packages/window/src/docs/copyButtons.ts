const SAID_MS = 1500;

/** A button at every block of code and every formula that copies its source. */
export function copyButtons(): void {
  for (const figure of document.querySelectorAll("article figure")) {
    const source = figure.querySelector("pre")?.textContent ?? "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", () => {
      void navigator.clipboard.writeText(source).then(
        () => say(button, "Copied"),
        () => say(button, "Not allowed"),
      );
    });
    figure.append(button);
  }
}

function say(button: HTMLButtonElement, text: string): void {
  button.textContent = text;
  setTimeout(() => {
    button.textContent = "Copy";
  }, SAID_MS);
}
