// Photos and links of an article: numbers them in the order shown and gives them ↑ ↓ buttons.
// Without script the number of each place is typed into its field.
// Whoever leaves the form with something unsaved is asked by the browser whether to.
"use strict";

function rowsOf(group) {
  return Array.from(group.querySelectorAll(".inline-related.has_original, .inline-related.last-related, .inline-related, tr.form-row"))
    .filter((row) => !row.classList.contains("empty-form") && !row.classList.contains("tabular"));
}

function renumber(group) {
  rowsOf(group).forEach((row, index) => {
    const field = row.querySelector("input[name$='-position']");
    if (field) field.value = String(index + 1);
    const label = row.querySelector(":scope > h3 .inline_label");
    if (label) label.textContent = `#${index + 1} · [photo(${index + 1})]`;
  });
}

function addButtons(group, row) {
  if (row.querySelector(".desk-move")) return;
  const place = row.querySelector(":scope > h3") || row.querySelector("td.field-position");
  if (!place) return;
  const box = document.createElement("span");
  box.className = "desk-move";
  for (const [sign, step] of [["↑", -1], ["↓", 1]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.addEventListener("click", () => {
      const rows = rowsOf(group);
      const other = rows[rows.indexOf(row) + step];
      if (!other) return;
      if (step < 0) other.before(row);
      else other.after(row);
      renumber(group);
      button.focus();
    });
    box.append(button);
  }
  place.append(box);
}

function arrange(group) {
  group.classList.add("has-desk-move");
  rowsOf(group).forEach((row) => addButtons(group, row));
}

document.addEventListener("DOMContentLoaded", () => {
  const groups = ["photos-group", "related_links-group"]
    .map((id) => document.getElementById(id))
    .filter((group) => group && group.querySelector("input[name$='-position']"));
  for (const group of groups) {
    arrange(group);
    if (group.id === "photos-group") renumber(group);
  }
  document.addEventListener("formset:added", (event) => {
    const group = groups.find((candidate) => candidate.contains(event.target));
    if (!group) return;
    arrange(group);
    renumber(group);
  });
});

function askBeforeLeaving(form) {
  const editors = () => Object.values(window.CKEDITOR?.instances || {});
  // The texts in editors reach their fields only when the form is sent.
  const fields = () => {
    const data = new FormData(form);
    for (const text of form.querySelectorAll("[data-type=ckeditortype]")) data.delete(text.name);
    return JSON.stringify([...data].map(([name, value]) => [name, value.name ?? value]));
  };
  // What the server gave back with errors is nowhere saved.
  const refused = Boolean(document.querySelector(".errornote"));
  const before = fields();
  let sent = false;
  const changed = () => refused || fields() !== before || editors().some((editor) => editor.checkDirty());

  form.addEventListener("submit", (event) => {
    sent = !event.defaultPrevented;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && changed()) event.preventDefault();
  });
}

// After what other scripts put into the fields of a page that has just come.
window.addEventListener("load", () => {
  const form = document.getElementById("article_form");
  if (form) askBeforeLeaving(form);
});
