// Everything works without this: it only saves a few keystrokes.
"use strict";

const search = document.querySelector(".bs-search input[type=search]");

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing || !search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const said = document.getElementById(button.dataset.says);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = `Copied: ${field.value}`;
    } catch {
      // Without a secure connection there is no clipboard: the address is selected, ready to be copied.
      said.textContent = document.execCommand("copy") ? `Copied: ${field.value}` : "Press Ctrl+C to copy.";
    }
  });
}

// A reader on this device opens `feed:` and an address (no browser does, and HTML checkers reject it).
for (const link of document.querySelectorAll("a[data-scheme]")) link.href = `${link.dataset.scheme}:${link.href}`;
