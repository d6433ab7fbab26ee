"use strict";
/* The drawing of the map: Plotly's MapLibre over data of this server alone; no tiles, no glyphs, nothing from elsewhere. */
(() => {
  const box = document.getElementById("mapping"), pane = document.getElementById("map");
  if (!box || !pane || !window.Plotly) return;
  const told = document.getElementById("told"), status = document.getElementById("status");
  const slider = document.getElementById("slider"), when = document.getElementById("when");
  const span = Number(box.dataset.months), KINDS = ["reported", "corroborated", "contested"];
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const size = (deaths) => Math.min(4 + 2.2 * Math.sqrt(deaths || 0), 46);
  const place = (geometry, type = "FeatureCollection") =>
    ({ type, features: geometry.map((one) => ({ type: "Feature", properties: {}, geometry: one })) });
  const polygon = (rings) => ({ type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) });
  const square = ([lat, lon]) => polygon([[[lon - .25, lat - .25], [lon + .25, lat - .25], [lon + .25, lat + .25], [lon - .25, lat + .25], [lon - .25, lat - .25]]]);

  /* Slanted lines inside rings: where lat - lon is a multiple of the step, between crossings of the border. */
  function hatch(rings, step) {
    const edges = [];
    for (const ring of rings)
      for (let k = 0; k < ring.length; k++) {
        const a = ring[k], b = ring[(k + 1) % ring.length];
        if (a[1] - a[0] !== b[1] - b[0]) edges.push([a, b]);
      }
    const ends = edges.flat().map((one) => one[1] - one[0]), lines = [];
    for (let c = Math.ceil(Math.min(...ends) / step) * step; c < Math.max(...ends); c += step) {
      const cuts = [];
      for (const [a, b] of edges) {
        const u = a[1] - a[0] - c, v = b[1] - b[0] - c;
        if (u < 0 !== v < 0) cuts.push(a[0] + (b[0] - a[0]) * u / (u - v));
      }
      cuts.sort((x, y) => x - y);
      for (let k = 0; k + 1 < cuts.length; k += 2) lines.push([[cuts[k], cuts[k] + c], [cuts[k + 1], cuts[k + 1] + c]]);
    }
    return lines;
  }

  function bounds(data) {
    const lons = data.incidents.lon.concat(data.areas.flatMap((a) => a.rings.flatMap((r) => r.map((p) => p[0]))), data.cells.map((c) => c[1]));
    const lats = data.incidents.lat.concat(data.areas.flatMap((a) => a.rings.flatMap((r) => r.map((p) => p[1]))), data.cells.map((c) => c[0]));
    const least = (all) => all.reduce((x, y) => Math.min(x, y), Infinity), most = (all) => all.reduce((x, y) => Math.max(x, y), -Infinity);
    return lons.length ? { west: least(lons), east: most(lons), south: least(lats), north: most(lats) } : { west: -60, east: 120, south: -40, north: 60 };
  }

  const unseen = (data, at) => data.areas.filter((a) => a.rings.length && !a.seen.slice(Math.max(0, at - span + 1), at + 1).includes("o"));

  function layers(data, at) {
    const made = [], CLASSES = [.05, .2, .4, .7], shade = [.18, .36, .58, .82];
    const drawn = data.areas.filter((a) => a.chance !== null && a.rings.length).map((a) => [a.chance, polygon(a.rings)])
      .concat(data.cells.map((c) => [c[2], square(c)]));
    CLASSES.forEach((low, k) => {
      const own = drawn.filter(([chance]) => chance >= low && chance < (CLASSES[k + 1] ?? 2)).map(([, shape]) => shape);
      if (own.length) made.push({ sourcetype: "geojson", source: place(own), type: "fill", color: colour("ahead"), opacity: shade[k], below: "traces" });
    });
    const lines = unseen(data, at).flatMap((a) => a.hatch);
    if (lines.length) made.push({ sourcetype: "geojson", source: place([{ type: "MultiLineString", coordinates: lines }]), type: "line", color: colour("hatch"), opacity: .75, line: { width: .8 }, below: "traces" });
    const borders = data.areas.filter((a) => a.rings.length).flatMap((a) => a.rings.map((r) => r.concat([r[0]])));
    if (borders.length) made.push({ sourcetype: "geojson", source: place([{ type: "MultiLineString", coordinates: borders }]), type: "line", color: colour("muted"), opacity: .8, line: { width: .8 }, below: "traces" });
    return made;
  }

  function traces(data, at) {
    const one = data.incidents, rows = KINDS.map(() => []), wide = [], from = at - span + 1;
    for (let k = 0; k < one.id.length; k++)
      if (one.month[k] >= from && one.month[k] <= at) {
        rows[Math.max(KINDS.indexOf(one.status[k]), 0)].push(k);
        if ((one.high[k] ?? 0) > (one.low[k] ?? 0)) wide.push(k);
      }
    const pick = (name, ks) => ks.map((k) => one[name][k]);
    const text = (k) => `${one.day[k]}<br>${one.area[k]}<br>${one.act[k].replaceAll("_", " ")}: ${one.low[k] === null ? "?" : one.low[k] === one.high[k] ? one.low[k] : `${one.low[k]}–${one.high[k]}`}`;
    const base = { type: "scattermap", mode: "markers", hoverinfo: "text", showlegend: false };
    const made = [{ ...base, lat: pick("lat", wide), lon: pick("lon", wide), hoverinfo: "skip", marker: { size: wide.map((k) => size(one.high[k])), color: colour("deaths"), opacity: .16 } }];
    const shades = [colour("deaths-soft"), colour("deaths"), colour("ink")];
    rows.forEach((ks, kind) => made.push({
      ...base, lat: pick("lat", ks), lon: pick("lon", ks), text: ks.map(text), customdata: pick("id", ks),
      marker: { size: ks.map((k) => size(one.low[k])), color: shades[kind], opacity: ks.map((k) => (one.coarse[k] ? .45 : .85)) },
    }));
    const shown = rows.reduce((sum, ks) => sum + ks.length, 0);
    status.textContent = shown ? `${told.dataset.some} ${shown.toLocaleString()}. ${data.left ? told.dataset.left : ""}` : told.dataset.none;
    return made;
  }

  let hatched = "";
  async function change(data, at) {
    const made = traces(data, at), below = layers(data, at), now = JSON.stringify(unseen(data, at).map((a) => a.unit));
    const all = (name) => made.map((one) => one[name] ?? null), marker = (name) => made.map((one) => one.marker[name]);
    const rows = { lat: all("lat"), lon: all("lon"), text: all("text"), customdata: all("customdata"), "marker.size": marker("size"), "marker.opacity": marker("opacity") };
    if (now !== hatched) { hatched = now; await Plotly.update(pane, rows, { "map.layers": below }); }
    else await Plotly.restyle(pane, rows);
  }

  /* Names of places: the largest first, none over another. MapLibre would want fonts from a server. */
  function names(map, places) {
    const sheet = document.createElement("canvas"), pen = sheet.getContext("2d");
    sheet.className = "names";
    sheet.setAttribute("aria-hidden", "true");
    pane.append(sheet);
    const write = () => {
      const ratio = window.devicePixelRatio || 1, width = pane.clientWidth, height = pane.clientHeight;
      if (sheet.width !== width * ratio) { sheet.width = width * ratio; sheet.height = height * ratio; sheet.style.width = `${width}px`; sheet.style.height = `${height}px`; }
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.clearRect(0, 0, width, height);
      pen.font = "11.5px system-ui, sans-serif";
      pen.lineWidth = 3; pen.strokeStyle = colour("land"); pen.lineJoin = "round";
      const taken = [];
      for (const [name, lat, lon] of places) {
        if (taken.length > width / 22) break;
        const { x, y } = map.project([lon, lat]);
        if (x < 0 || y < 8 || x > width - 20 || y > height - 4) continue;
        const w = pen.measureText(name).width + 10, free = taken.every((t) => x > t.x + t.w || x + w < t.x || Math.abs(y - t.y) > 15);
        if (!free) continue;
        taken.push({ x, y, w });
        pen.fillStyle = colour("muted"); pen.beginPath(); pen.arc(x, y, 1.8, 0, 7); pen.fill();
        pen.strokeText(name, x + 5, y + 4); pen.fillStyle = colour("ink"); pen.fillText(name, x + 5, y + 4);
      }
    };
    map.on("render", write); write();
  }

  async function draw() {
    const answer = await fetch(box.dataset.source, { credentials: "same-origin" });
    if (!answer.ok) throw new Error("no data");
    const data = await answer.json(), edge = bounds(data);
    const step = Math.max((edge.east - edge.west) / 90, .02);
    for (const area of data.areas) area.hatch = area.rings.length ? hatch(area.rings, step) : [];
    box.hidden = false;
    const zoom = Math.log2(Math.min(pane.clientWidth / (edge.east - edge.west + .5), pane.clientHeight / (edge.north - edge.south + .5) * .9) * 360 / 512) ;
    const style = () => ({ version: 8, sources: {}, layers: [{ id: "land", type: "background", paint: { "background-color": colour("land") } }] });
    const layout = (at) => ({
      margin: { l: 0, r: 0, t: 0, b: 0 }, paper_bgcolor: "rgba(0,0,0,0)", hoverlabel: { bgcolor: colour("panel"), bordercolor: colour("line"), font: { color: colour("ink"), size: 13 } },
      map: { style: style(), center: { lon: (edge.west + edge.east) / 2, lat: (edge.south + edge.north) / 2 }, zoom, layers: layers(data, at), uirevision: "kept" }, uirevision: "kept",
    });
    const options = { displayModeBar: false, scrollZoom: true, responsive: true };
    let at = data.months.length - 1, waiting = false;
    const label = () => { when.textContent = data.months[at]; slider.setAttribute("aria-valuetext", data.months[at]); };
    slider.max = String(at); slider.value = String(at); label();
    const show = async () => {
      pane.querySelectorAll(".names").forEach((one) => one.remove());
      hatched = "";
      await Plotly.newPlot(pane, traces(data, at), layout(at), options);
      const part = pane._fullLayout.map && pane._fullLayout.map._subplot;
      if (part && part.map) names(part.map, data.places);
      pane.on("plotly_click", (event) => { const id = event.points[0] && event.points[0].customdata; if (id) location.assign(`/incidents/${encodeURIComponent(id)}`); });
    };
    await show();
    /* One change at a time: what the slider passed over while one was drawn is left out. */
    const follow = async () => {
      waiting = true;
      for (let done = -1; done !== at;) { done = at; await change(data, done); }
      waiting = false;
    };
    slider.addEventListener("input", () => { at = Number(slider.value); label(); if (!waiting) follow(); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (!waiting) show(); });
    pane.dataset.ready = "yes";
  }
  draw().catch(() => { box.hidden = false; pane.hidden = true; status.textContent = told.dataset.failed; });
})();
