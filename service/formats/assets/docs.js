// Shows the answer of an operation where it is described. Without this the forms lead to the answer itself.
"use strict";

const LONGEST_SHOWN = 100_000;

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function address(form) {
  let path = form.dataset.address;
  const query = new URLSearchParams();
  for (const field of form.elements) {
    if (!field.name || !field.value) continue;
    const encoded = field.value.split("/").map(encodeURIComponent).join("/");
    if ("inPath" in field.dataset) path = path.replace(`{${field.name}}`, () => encoded);
    else query.append(field.name, field.value);
  }
  return query.size ? `${path}?${query}` : path;
}

function command(url, accept) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  return `curl ${accept ? `-H ${quoted(`Accept: ${accept}`)} ` : ""}${quoted(url)}`;
}

async function bodyText(response) {
  const type = response.headers.get("content-type") ?? "";
  if (!/^text\/|json|xml/.test(type)) return `${(await response.blob()).size} bytes of ${type || "nothing"}`;
  const text = await response.text();
  const shown = /json$/.test(type) ? JSON.stringify(JSON.parse(text), null, 2) : text;
  return shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}…` : shown;
}

function region(name, text) {
  const block = element("pre", "", { tabindex: "0", role: "region", "aria-label": name });
  block.append(element("code", text));
  return block;
}

for (const hidden of document.querySelectorAll("[data-scripted]")) hidden.hidden = false;

for (const form of document.querySelectorAll(".docs form")) {
  const answer = form.nextElementSibling;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const url = address(form);
    const accept = form.querySelector("[data-accept]")?.value;
    answer.hidden = false;
    answer.replaceChildren(element("p", "Asking …"));
    try {
      const response = await fetch(url, { headers: accept ? { Accept: accept } : {} });
      const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      const line = element("p", "");
      line.append(element("strong", `${response.status} ${response.statusText} `), element("a", url, { href: url }));
      answer.replaceChildren(
        line,
        region("As a command", command(url, accept)),
        region("Headers of the answer", headers),
        region("The answer", await bodyText(response)),
      );
    } catch (error) {
      answer.replaceChildren(element("p", `There is no answer from ${url}: ${error.message}`));
    }
  });
}

// A link to an operation, a problem or a shape opens it.
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener("hashchange", open);
open();
