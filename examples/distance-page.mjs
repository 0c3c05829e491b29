// SPDX-License-Identifier: Apache-2.0
// What distance.html does: each file chosen or dropped becomes a card with
// its distance, its time and its shape.
import { load } from "./everystep-track.mjs";

const SHAPE_SIZE = 100;
const SHAPE_POINTS = 400; // more can't be seen
const SVG = "http://www.w3.org/2000/svg";
const BY = {
    device: "counted by the device",
    positions: "measured from the positions",
};

const track = load(fetch("everystep-track.wasm"));
const list = document.querySelector("ol");
const input = document.querySelector("input");
const pick = document.querySelector(".pick");

function element(name, text, className = "") {
    return Object.assign(document.createElement(name),
        { textContent: text, className });
}

/** 3725 is "1:02:05". */
function clock(seconds) {
    const s = Math.round(seconds);
    const two = (n) => String(n % 60).padStart(2, "0");
    return s < 3600 ? `${Math.floor(s / 60)}:${two(s)}`
        : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60))}:${two(s)}`;
}

/** The way as a line without a place, or null where there is none. */
function shape(points) {
    const known = [];
    points.lat_deg.forEach((lat, i) => {
        if (!Number.isNaN(lat))
            known.push(i);
    });
    if (known.length < 2)
        return null;
    const lat0 = points.lat_deg[known[0]], lon0 = points.lon_deg[known[0]];
    const wide = Math.cos(lat0 * Math.PI / 180);
    const step = Math.ceil(known.length / SHAPE_POINTS);
    const xy = known.filter((_, k) => k % step === 0
        || k === known.length - 1).map((i) => {
        const east = points.lon_deg[i] - lon0; // the short way round
        return [(east - 360 * Math.round(east / 360)) * wide,
            lat0 - points.lat_deg[i]];
    });
    const [left, top] = [0, 1].map((k) => Math.min(...xy.map((p) => p[k])));
    const [right, end] = [0, 1].map((k) => Math.max(...xy.map((p) => p[k])));
    const scale = SHAPE_SIZE / (Math.max(right - left, end - top) || 1);
    const at = ([x, y]) => [
        (x - (left + right) / 2) * scale, (y - (top + end) / 2) * scale,
    ].map((v) => (v + SHAPE_SIZE / 2).toFixed(1)).join(",");

    const svg = document.createElementNS(SVG, "svg");
    const line = document.createElementNS(SVG, "polyline");
    svg.setAttribute("viewBox",
        `-2 -2 ${SHAPE_SIZE + 4} ${SHAPE_SIZE + 4}`);
    svg.setAttribute("aria-hidden", "true");
    line.setAttribute("points", xy.map(at).join(" "));
    svg.append(line);
    return svg;
}

function card(name, activity) {
    const m = activity.measure();
    const li = document.createElement("li");
    const drawn = shape(activity.points());
    const far = m.distance_m === null ? "no distance"
        : `${(m.distance_m / 1000).toFixed(3)} km`;
    const about = [m.sport === "generic" ? "" : m.sport,
        m.elapsed_s === null ? "" : clock(m.elapsed_s),
        m.elevation_gain_m > 0 ? `${Math.round(m.elevation_gain_m)}\u00a0m\u00a0up` : "",
    ].filter((s) => s !== "").join(" · ");
    li.append(element("h2", name),
        element("p", far, "far"),
        element("p", about));
    if (m.distance_source in BY)
        li.append(element("p", BY[m.distance_source]));
    if (drawn)
        li.append(drawn);
    return li;
}

function wrong(name, error) {
    const li = document.createElement("li");
    li.append(element("h2", name), element("p", error.message, "wrong"));
    return li;
}

async function add(files) {
    for (const chosen of files) {
        try {
            const file = await (await track).read(await chosen.arrayBuffer());
            for (const a of file.activities)
                list.append(card(a.member ?? chosen.name, a));
            for (const { member, error } of file.failed)
                list.append(wrong(member, error));
            file.close();
        } catch (error) {
            list.append(wrong(chosen.name, error));
        }
    }
}

input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = ""; // the same file may be chosen again
    return add(files);
});
for (const [type, over] of [["dragover", true], ["dragleave", false],
    ["drop", false]])
    pick.addEventListener(type, (e) => {
        e.preventDefault();
        pick.classList.toggle("over", over);
    });
pick.addEventListener("drop", (e) => add([...e.dataTransfer.files]));
