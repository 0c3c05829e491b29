// SPDX-License-Identifier: AGPL-3.0-or-later
// The gallery's own page: a file that opens from the disk and asks for nothing
// but its pictures.

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; background: Canvas; color: CanvasText; }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap;
  gap: .5rem 1.5rem; align-items: center; padding: .75rem 1.5rem;
  background: Canvas; border-bottom: 1px solid #8886; }
h1 { font-size: 1.1rem; margin: 0; }
fieldset { display: flex; gap: .75rem; border: 0; margin: 0; padding: 0; }
legend { float: left; margin-inline-end: .5rem; opacity: .7; }
main { padding: 0 1.5rem 4rem; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1rem; }
.shots { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1rem; }
figure { margin: 0; }
figure img { display: block; border: 1px solid #8886; border-radius: 6px;
  height: auto; }
figure.w320 img { width: 240px; }
figure.w1280 img { width: 560px; }
figcaption { font-size: .8rem; opacity: .75; margin-block: .25rem; }
ul { color: #c33; font-size: .8rem; max-width: 34rem; padding-inline-start: 1rem;
  overflow-wrap: anywhere; }
[hidden] { display: none !important; }
`;

const SCRIPT = `
const form = document.querySelector("form");
function filter() {
  const chosen = new FormData(form);
  const of = (name) => chosen.getAll(name);
  const text = String(chosen.get("text")).toLowerCase();
  for (const section of document.querySelectorAll("section")) {
    let some = false;
    for (const f of section.querySelectorAll("figure")) {
      const d = f.dataset;
      f.hidden = !(of("lang").includes(d.lang) && of("width").includes(d.width)
        && of("scheme").includes(d.scheme)
        && (!chosen.get("bad") || "bad" in d));
      some ||= !f.hidden;
    }
    section.hidden = !some || !section.id.includes(text);
  }
}
form.addEventListener("input", filter);
form.addEventListener("submit", (e) => e.preventDefault());
`;

function escaped(text) {
  return String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

function choices(name, legend, values) {
  const boxes = values.map((v) => `<label><input type="checkbox" checked
    name="${name}" value="${v}"> ${v}</label>`);
  return `<fieldset><legend>${legend}</legend>${boxes.join("")}</fieldset>`;
}

function figure(s) {
  const what = `${s.lang}, ${s.scheme}, ${s.width} px`;
  const faults = s.faults.map((f) => `<li>${escaped(f)}</li>`).join("");
  return `<figure class="w${s.width}" data-lang="${s.lang}"
    data-scheme="${s.scheme}" data-width="${s.width}"
    ${faults ? "data-bad" : ""}>
    <a href="${s.file}"><img loading="lazy" src="${s.file}"
      alt="${escaped(`${s.page}: ${what}`)}"></a>
    <figcaption>${what}</figcaption>${faults ? `<ul>${faults}</ul>` : ""}
  </figure>`;
}

/** The page for what has been drawn so far. */
export function indexOf(shots) {
  const distinct = (key) => [...new Set(shots.map((s) => s[key]))];
  const pages = new Map();
  for (const s of shots) {
    const id = `${s.group}-${s.page}`;
    if (!pages.has(id)) pages.set(id, []);
    pages.get(id).push(s);
  }
  const sections = [...pages].map(([id, of]) => `<section id="${escaped(id)}">
    <h2>${escaped(of[0].group)}: ${escaped(of[0].page)}</h2>
    <div class="shots">${of.sort((a, b) => a.width - b.width)
      .map(figure).join("")}</div></section>`);
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Gallery</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>${STYLE}</style></head>
<body><form><header><h1>${pages.size} pages, ${shots.length} pictures</h1>
<label>Page <input name="text" type="search"></label>
${choices("lang", "Language", distinct("lang"))}
${choices("scheme", "Scheme", distinct("scheme"))}
${choices("width", "Width", distinct("width"))}
<label><input type="checkbox" name="bad" value="1"> only with faults</label>
</header></form><main>${sections.join("\n")}</main>
<script>${SCRIPT}</script></body></html>
`;
}
