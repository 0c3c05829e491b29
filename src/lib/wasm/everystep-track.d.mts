// SPDX-License-Identifier: Apache-2.0
// What of everystep-track.mjs our pages use.
interface Activity {
  measure(): { distance_m: number | null; counted_elapsed_s: number | null;
    counted_timer_s: number | null; moving_s: number | null; sport: string;
    points: number; distance_source: string | null;
    started_at: string | null; verdict: string };
  points(): { lat_deg: Float64Array; lon_deg: Float64Array };
}
export function load(source: Promise<Response>): Promise<{
  read(file: ArrayBuffer): Promise<{ activities: Activity[]; close(): void }>;
}>;
