// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be wrong with a page that only a browser sees. Each of these
// resolves to a list of faults in words; an empty one is good.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Runs in the page.
function faultsOfLayout(tables) {
  const found = [];
  const says = (el) => `<${el.tagName.toLowerCase()} class="${el.className.baseVal ??
    el.className}"> ${el.textContent.trim().replace(/\s+/g, " ").slice(0, 60)}`;
  const styles = new Map();
  const style = (el) => {
    if (!styles.has(el)) styles.set(el, getComputedStyle(el));
    return styles.get(el);
  };
  const up = (el, is) => {
    while (el && !is(el)) el = el.parentElement;
    return el;
  };
  // Only for screen readers, or not before it is reached by keyboard.
  const speck = (el) => style(el).position === "absolute" &&
    el.clientWidth <= 1 && el.clientHeight <= 1;
  const aside = (el) => el.closest(".skip:not(:focus), svg") || up(el, speck) ||
    !el.checkVisibility({ visibilityProperty: true });

  const root = document.documentElement;
  const boxes = tables ? [root, ...document.querySelectorAll(".scroll")] : [root];
  for (const box of boxes.filter((b) => b.scrollWidth > b.clientWidth)) {
    const { left, right } = box.getBoundingClientRect();
    const out = [...box.querySelectorAll("*")].filter((el) => {
      const r = el.getBoundingClientRect();
      return r.width && (r.left < left - 1 || r.right > right + 1);
    });
    found.push(`wider than ${says(box).slice(0, 30)}: ` +
      (out.map(says).slice(0, 3).join(" | ") || "something"));
  }

  // An ellipsis is a cut that one sees; what it cuts stands whole elsewhere.
  const ellipsis = (s) => s.textOverflow === "ellipsis";
  const cuts = (s) => /hidden|clip/.test(s.overflowX + s.overflowY) &&
    !ellipsis(s);
  for (const el of document.body.querySelectorAll("*")) {
    if (!cuts(style(el)) || aside(el) || !el.textContent.trim()) continue;
    if (el.scrollWidth > el.clientWidth + 1 ||
        el.scrollHeight > el.clientHeight + 1)
      found.push(`cut: ${says(el)}`);
  }

  // The middle of each line of text: fonts' own boxes may touch each other.
  // At the end of the page, where a bar that stays must leave the last lines.
  scrollTo(0, root.scrollHeight);
  const stays = (el) => up(el, (e) => /fixed|sticky/.test(style(e).position));
  const lines = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const el = node.parentElement;
    if (!node.data.trim() || aside(el) ||
        el.closest("script, style, option, textarea, datalist")) continue;
    const half = parseFloat(style(el).fontSize) / 4;
    const range = document.createRange();
    range.selectNodeContents(node);
    const frame = up(el, (e) => cuts(style(e)) || ellipsis(style(e)))
      ?.getBoundingClientRect() ?? { left: -Infinity, right: Infinity,
        top: -Infinity, bottom: Infinity };
    for (const r of range.getClientRects()) {
      const middle = (r.top + r.bottom) / 2;
      const left = Math.max(r.left, frame.left);
      const right = Math.min(r.right, frame.right);
      const seen = frame.top < middle && middle < frame.bottom;
      if (seen && right - left > 2)
        lines.push({ el, stays: Boolean(stays(el)), left: left + 1,
          right: right - 1, top: middle - half, bottom: middle + half });
    }
  }
  const last = lines.filter((l) => !l.stays)
    .reduce((a, b) => (b.bottom > a.bottom ? b : a), { bottom: -Infinity });
  const touch = (a, b) => a.el !== b.el && a.left < b.right &&
    b.left < a.right && a.top < b.bottom && b.top < a.bottom &&
    (a.stays === b.stays || a === last || b === last);
  for (const [i, a] of lines.entries()) {
    const b = lines.slice(i + 1).find((o) => touch(a, o));
    if (b) found.push(`overlap: ${says(a.el)} and ${says(b.el)}`);
  }
  scrollTo(0, 0);
  return found.slice(0, 10);
}

/** Nothing wider than the page, no text cut, no text on another's. Without
 *  `tables`, those may be scrolled in their own frame. */
export function layout(page, { tables = true } = {}) {
  return page.evaluate(faultsOfLayout, tables);
}

// Beside what axe asks by itself: WCAG 2.2's 24 px.
const RULES = { "target-size": { enabled: true } };

/** What axe finds; `only` names rules, else all of them. */
export async function axe(page, only) {
  await page.evaluate(AXE);
  return page.evaluate(async ([rules, values]) => {
    const options = values ? { runOnly: { type: "rule", values } } : { rules };
    const { violations } = await window.axe.run(document, options);
    return violations.map((v) => `${v.id}: ${v.nodes.map((n) =>
      `${n.target.join(" ")} (${n.any[0]?.message ?? n.html})`).join(", ")}`);
  }, [RULES, only]);
}

const LANDMARKS = ["banner", "main", "contentinfo"];
const CONTROLS = ["button", "link", "textbox", "checkbox", "radio", "combobox",
  "listbox", "searchbox", "spinbutton", "slider", "switch", "DisclosureTriangle"];

/** What a screen reader makes of the page: its landmarks, its headings, and
 *  that whatever can be used has a name. */
export async function order(page) {
  const client = await page.context().newCDPSession(page);
  const { nodes } = await client.send("Accessibility.getFullAXTree");
  await client.detach();
  // they come level by level; a page is read down each branch
  const byId = new Map(nodes.map((n) => [n.nodeId, n]));
  const branch = (n) => [n, ...(n.childIds ?? []).map((id) => byId.get(id))
    .filter(Boolean).flatMap(branch)];
  const seen = branch(nodes[0]).filter((n) => !n.ignored).map((n) => ({
    role: n.role.value,
    name: (n.name?.value ?? "").trim(),
    level: n.properties?.find((p) => p.name === "level")?.value.value,
  }));
  const of = (role) => seen.filter((n) => n.role === role);
  const found = [];
  // what another site frames has the head and the foot of that site
  const framed = await page.$("body.embed");
  for (const role of framed ? ["main"] : LANDMARKS)
    if (of(role).length !== 1) found.push(`${of(role).length} × ${role}`);
  for (const role of ["navigation", "region", "search"]) {
    const names = of(role).map((n) => n.name);
    if (names.includes("") && (role !== "search" || names.length > 1))
      found.push(`${role} without a name`);
    if (new Set(names).size < names.length)
      found.push(`${role} twice: ${names.join(", ")}`);
  }
  let level = 0;
  for (const h of of("heading")) {
    if (h.level > level + 1) found.push(`h${h.level} "${h.name}" after h${level}`);
    if (!h.name) found.push(`an empty h${h.level}`);
    level = h.level;
  }
  if (of("heading").filter((h) => h.level === 1).length !== 1)
    found.push("not one h1");
  for (const { role, name } of seen)
    if (CONTROLS.includes(role) && !name) found.push(`${role} without a name`);
  return found;
}

/** On a phone there is one column: what comes later in the document, and can
 *  be read or reached, stands further down. */
export function downwards(page) {
  return page.evaluate(() => {
    const found = [];
    let deepest = -Infinity;
    for (const el of document.querySelectorAll("main :is(h1, h2, h3, form)")) {
      if (!el.checkVisibility() || el.getBoundingClientRect().width <= 1) continue;
      const { top } = el.getBoundingClientRect();
      if (top < deepest - 1)
        found.push(`stands above what it follows: ${el.textContent.trim()
          .slice(0, 40)}`);
      deepest = Math.max(deepest, top);
    }
    return found;
  });
}

// Runs in the page: the size of each text but of those that are large anyway.
function sizes() {
  return [...document.querySelectorAll("main :is(p, li, a, label, td, dd)")]
    .map((el) => parseFloat(getComputedStyle(el).fontSize));
}

/** With text twice as large (WCAG 1.4.4): every text grows, and at each of
 *  `widths` nothing is cut. Leaves the page so. */
export async function larger(page, widths) {
  const was = await page.evaluate(sizes);
  await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
  const now = await page.evaluate(sizes);
  const found = was.filter((px, i) => px < 24 && now[i] < 1.9 * px)
    .map((px) => `a text stays at ${px} px`);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    found.push(...(await layout(page, { tables: false }))
      .map((fault) => `twice as large at ${width} px: ${fault}`));
  }
  return found;
}

/** What moves, or would, although the reader asked that nothing does. */
export function moving(page) {
  return page.evaluate(() => {
    const found = document.getAnimations().map((a) =>
      `${a.effect?.target?.outerHTML.slice(0, 60)} moves`);
    for (const el of document.querySelectorAll("*")) {
      const s = getComputedStyle(el);
      if (/[1-9]/.test(s.transitionDuration) || s.scrollBehavior === "smooth")
        found.push(`${el.outerHTML.slice(0, 60)} would move`);
    }
    return found;
  });
}
