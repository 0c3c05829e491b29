// SPDX-License-Identifier: AGPL-3.0-or-later
// What the launch video shows, second by second. Runs in a page; video.js
// loads it there.
//
//  0 s  a dark room; a lantern lights up over an open book
//  4 s  outside, a path: one lamp after another begins to glow, people run by
// 10 s  the library at the end of it is bright, and so is the whole way
(() => {
  // The middle of the path from near to far: x, y, and its width there.
  const WAY = [
    [400, 1150, 700], [520, 930, 430], [610, 850, 300], [800, 782, 196],
    [985, 728, 132], [1010, 684, 92], [900, 648, 66], [742, 618, 50],
    [690, 590, 37], [752, 566, 27], [828, 549, 20], [846, 534, 15],
  ];
  const RUNNER_OF_WIDTH = 0.0046;
  const SCENE_2 = 3.9; // seconds; the scenes blend in the last one of these
  const BLEND = 0.9;

  const clamp = (v) => Math.min(1, Math.max(0, v));
  // 0 before `from`, 1 after `to`, smooth between.
  const ease = (t, from, to) => {
    const u = clamp((t - from) / (to - from));
    return u * u * (3 - 2 * u);
  };
  const mix = (a, b, u) => a.map((v, i) => v + (b[i] - v) * u);

  // Catmull-Rom through the points of the way, u of them from the near end.
  function along(u) {
    const i = Math.min(Math.max(Math.floor(u), 0), WAY.length - 2);
    const t = u - i;
    const p = [i - 1, i, i + 1, i + 2].map(
      (k) => WAY[Math.min(Math.max(k, 0), WAY.length - 1)]);
    return [0, 1, 2].map((d) => 0.5 * (2 * p[1][d] + (p[2][d] - p[0][d]) * t +
      (2 * p[0][d] - 5 * p[1][d] + 4 * p[2][d] - p[3][d]) * t * t +
      (3 * p[1][d] - p[0][d] - 3 * p[2][d] + p[3][d]) * t * t * t));
  }

  const parse = (text) =>
    new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const NS = "http://www.w3.org/2000/svg";
  const uses = (svg, id) => [...svg.querySelectorAll(`use[href="#${id}"]`)];
  const view = (svg, from, to, u) =>
    svg.setAttribute("viewBox", mix(from, to, u).map((v) => v.toFixed(2)).join(" "));

  // ---- the room ----

  function room(text) {
    const svg = parse(text);
    const dark = document.createElementNS(NS, "rect");
    for (const [k, v] of Object.entries({ width: 1600, height: 900, fill: "#070818" }))
      dark.setAttribute(k, v);
    svg.append(dark);
    const glows = [...svg.querySelectorAll('[fill="url(#glow)"]')];
    const lantern = svg.querySelector('path[fill="url(#lamp)"]');
    return (t) => {
      const lit = ease(t, 0.7, 1.9) * (1 + 0.025 * Math.sin(t * 9) * ease(t, 2, 2.4));
      dark.setAttribute("opacity", 0.82 - 0.82 * Math.min(1, lit));
      lantern.setAttribute("opacity", 0.25 + 0.75 * Math.min(1, lit));
      glows.forEach((g) => g.setAttribute("opacity", lit * 0.9));
      view(svg, [0, 0, 1600, 900], [240, 96, 1120, 630], ease(t, 0.4, 5.2));
      return svg;
    };
  }

  // ---- the path ----

  // Lamps that aren't lit yet stand below those that shine.
  function unlit(svg) {
    const lamp = svg.querySelector("#l").cloneNode(true);
    lamp.id = "l0";
    lamp.querySelector("circle").remove();
    lamp.querySelector('[fill="url(#lamp)"]').setAttribute("fill", "#3a3560");
    svg.querySelector("defs").append(lamp);
    for (const u of uses(svg, "l")) {
      const under = u.cloneNode();
      under.setAttribute("href", "#l0");
      u.before(under);
    }
  }

  // A second pose, with the feet together: two make a step.
  function secondPose(svg) {
    const pose = svg.querySelector("#r").cloneNode(true);
    const d = {
      "M3-49 20-40M-4-48-15-26": "M2-49 9-28M-3-48 2-27",
      "M20-40 13-9M-15-26l-26 3M10-79 25-65": "M9-28-4-4M2-27l-20 8M10-79 24-66",
      "M13-9l9 3M-41-23l-4 9M25-65l19-6M8-84 11-92M2-79-15-68l2 15":
        "M-4-4l9 2M-18-19l-6 8M24-66l20-5M8-84 11-92M2-79-10-64l6 13",
    };
    pose.id = "r2";
    for (const p of pose.querySelectorAll("path"))
      p.setAttribute("d", d[p.getAttribute("d")] ?? p.getAttribute("d"));
    svg.querySelector("defs").append(pose);
  }

  // Each begins at a place of the way and comes on by so much a second.
  const PEOPLE = [
    { id: "r", from: 0.1, pace: 0.215 },
    { id: "r", from: 1.75, pace: 0.26, hair: true },
    { id: "r", from: 3.1, pace: 0.21 },
    { id: "r", from: 4.3, pace: 0.19, hair: true },
    { id: "r", from: 5.5, pace: 0.16 },
    { id: "w", from: 6.6, pace: 0.09 },
    { id: "w", from: 6.75, pace: 0.09, small: 0.68 },
  ];

  function crowd(svg) {
    for (const id of ["r", "h", "w"])
      uses(svg, id).forEach((u) => u.remove());
    const layer = document.createElementNS(NS, "g");
    svg.querySelector("#front").before(layer);
    return (t) => {
      layer.replaceChildren();
      for (const [i, who] of [...PEOPLE.entries()].reverse()) {
        const u = who.from + who.pace * (t - SCENE_2 + BLEND);
        const [x, y, w] = along(u);
        const size = w * RUNNER_OF_WIDTH * (who.small ?? 1);
        const left = along(u + 0.04)[0] < x ? -1 : 1;
        const step = t * 5.2 + i * 0.37;
        const hop = who.id === "r" ? Math.abs(Math.sin(step * Math.PI)) * 7 : 0;
        const pose = who.id === "r" && step % 1 < 0.5 ? "r2" : who.id;
        for (const id of who.hair ? [pose, "h"] : [pose]) {
          const use = document.createElementNS(NS, "use");
          use.setAttribute("href", `#${id}`);
          use.setAttribute("transform", `translate(${x} ${y - w * 0.04 - hop * size})` +
            `scale(${left * size} ${size})`);
          layer.append(use);
        }
      }
    };
  }

  function path(text) {
    const svg = parse(text);
    unlit(svg);
    secondPose(svg);
    const walk = crowd(svg);
    const byNearness = (a) => a.sort((p, q) => height(q) - height(p));
    const height = (u) => +/translate\(\S+ ([\d.]+)/.exec(u.getAttribute("transform"))[1];
    const lamps = byNearness(uses(svg, "l"));
    const pools = byNearness(uses(svg, "p"));
    const library = [...svg.querySelectorAll("#lights, #home")];
    const stars = [...svg.querySelectorAll("#stars path")];
    const hanging = uses(svg, "b").map((u) => [u, u.getAttribute("transform")]);
    return (t) => {
      const lit = (i) => ease(t, SCENE_2 + i * 0.5, SCENE_2 + i * 0.5 + 0.7);
      lamps.forEach((u, i) => u.setAttribute("opacity", lit(i)));
      pools.forEach((u, i) => u.setAttribute("opacity", lit(i)));
      library.forEach((g) => g.setAttribute("opacity", 0.12 + 0.88 * ease(t, 8.6, 9.8)));
      stars.forEach((g, i) => g.setAttribute("opacity",
        (i ? 1 : 0.6) * (0.8 + 0.2 * Math.sin(t * (1.7 + i) + i))));
      hanging.forEach(([u, place], i) => u.setAttribute("transform",
        `${place} rotate(${2.4 * Math.sin(t * 1.5 + i * 1.3)} 0 -66)`));
      walk(t);
      view(svg, [330, 396, 896, 504], [0, 0, 1600, 900], ease(t, SCENE_2 + 0.4, 10.8));
      return svg;
    };
  }

  // ---- the film ----

  async function draw(canvas, svg, film, alpha) {
    svg.setAttribute("width", film.width);
    svg.setAttribute("height", film.height);
    const img = new Image();
    img.src = `data:image/svg+xml,${encodeURIComponent(
      new XMLSerializer().serializeToString(svg))}`;
    await img.decode();
    canvas.globalAlpha = alpha;
    canvas.drawImage(img, 0, 0, film.width, film.height);
  }

  function base64(chunk) {
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    let s = "";
    for (const b of data) s += String.fromCharCode(b);
    return btoa(s);
  }

  window.record = async (film, lanterns, poster) => {
    const canvas = new OffscreenCanvas(film.width, film.height).getContext("2d");
    const frames = [];
    const inside = room(poster);
    const outside = path(lanterns);
    const encoder = new VideoEncoder({
      output: (c) => frames.push({
        ms: Math.round(c.timestamp / 1000), key: c.type === "key", data: base64(c),
      }),
      error: (e) => { throw e; },
    });
    encoder.configure({
      codec: "vp09.00.21.08", width: film.width, height: film.height,
      bitrate: film.bitrate, framerate: film.fps, latencyMode: "quality",
    });
    for (let i = 0; i < film.fps * film.seconds; i++) {
      const t = i / film.fps;
      const blend = ease(t, SCENE_2 - BLEND, SCENE_2);
      if (blend < 1) await draw(canvas, inside(t), film, 1);
      if (blend > 0) await draw(canvas, outside(t), film, blend);
      const frame = new VideoFrame(canvas.canvas, { timestamp: t * 1e6 });
      encoder.encode(frame, { keyFrame: i % (2 * film.fps) === 0 });
      frame.close();
    }
    await encoder.flush();
    return frames;
  };
})();
