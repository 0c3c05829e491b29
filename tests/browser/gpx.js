// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs that nobody ran: each at a time and place of its own.

let made = 0;

/** A GPX file as a watch writes it: a wandering way at about 3 m/s, ended
 *  `hoursAgo` hours ago. {name, mimeType, buffer}, as file inputs take it. */
export function run({ metres = 3000, hoursAgo = 0 } = {}) {
  const nth = ++made;
  const seconds = Math.round(metres / 3);
  // Two hours apart, and none as long: the same person may send them all.
  const ended = Date.now() - (hoursAgo + nth * 2) * 3_600_000;
  const started = Math.floor(ended / 1000) - seconds;
  let lat = 10 + (nth % 50) + Math.random();
  let lon = 20 + Math.random();
  let heading = Math.random() * 6.28;
  const points = [];
  for (let s = 0; s <= seconds; s += 2) {
    // No body goes evenly: a run that does is sent to review.
    const speed = 3 + 0.3 * Math.sin(s / 40) + 0.4 * (Math.random() - 0.5);
    heading += (Math.random() - 0.5) * 0.1;
    lat += (2 * speed * Math.cos(heading)) / 111_200;
    lon += (2 * speed * Math.sin(heading)) /
      (111_320 * Math.cos((lat * Math.PI) / 180));
    const time = new Date((started + s) * 1000).toISOString();
    points.push(`<trkpt lat="${lat.toFixed(7)}" lon="${lon.toFixed(7)}">` +
      `<ele>${(50 + 5 * Math.sin(s / 90)).toFixed(1)}</ele>` +
      `<time>${time}</time></trkpt>`);
  }
  const text = '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<gpx version="1.1" creator="a test" ' +
    'xmlns="http://www.topografix.com/GPX/1/1"><trk><type>running</type>' +
    `<trkseg>\n${points.join("\n")}\n</trkseg></trk></gpx>\n`;
  return {
    name: `run-${nth}.gpx`,
    mimeType: "application/gpx+xml",
    buffer: Buffer.from(text),
  };
}
