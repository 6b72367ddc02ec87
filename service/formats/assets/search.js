// A service answers a search itself. Where the site is served as files, Pagefind finds the words, and this script
// shows the results. Its index is next to this script, in one folder or more.

const BUNDLES = new URL("pagefind/", import.meta.url);
const SHOWN = 20;

const words = (new URLSearchParams(location.search).get("q") ?? "").trim();
const found = document.getElementById("bs-found");
const list = document.getElementById("bs-results");
const more = document.getElementById("bs-more");

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

// Only the text and the marks of an excerpt, whatever an article contains.
function marked(excerpt) {
  const body = new DOMParser().parseFromString(excerpt, "text/html").body;
  return [...body.childNodes].map((node) =>
    node.nodeName === "MARK" ? element("mark", node.textContent) : node.textContent);
}

function entry({ meta, excerpt }) {
  const link = element("a", meta.title);
  link.href = meta.address;
  const made = element("article", element("h2", link), element("p", ...marked(excerpt)));
  if (meta.date) {
    const date = element("p", meta.date);
    date.className = "quiet";
    made.append(date);
  }
  made.className = "entry";
  if (meta.language !== document.documentElement.lang) made.lang = meta.language;
  made.dir = "auto";
  return made;
}

async function show(results) {
  more.hidden = true;
  const shown = await Promise.all(results.slice(0, SHOWN).map((result) => result.data()));
  list.append(...shown.map(entry));
  more.hidden = results.length <= SHOWN;
  more.onclick = () => show(results.slice(SHOWN));
}

async function search() {
  document.querySelector(".bs-search input[name=q]")?.setAttribute("value", words);
  found.textContent = "Searching …";
  const [pagefind, others] = await Promise.all([
    import(new URL("0/pagefind.js", BUNDLES)),
    fetch(new URL("0/parts.json", BUNDLES)).then((response) => response.json()),
  ]);
  await Promise.all(others.map((folder) => pagefind.mergeIndex(new URL(folder, BUNDLES).href)));
  const { results } = await pagefind.search(words);
  const count = results.length.toLocaleString("en");
  found.textContent = results.length ? `${count} result${results.length === 1 ? "" : "s"} for “${words}”`
    : `Nothing was found for “${words}”.`;
  await show(results);
}

if (words) {
  search().catch((error) => {
    found.textContent = "The search does not work here at the moment.";
    throw error;
  });
}
