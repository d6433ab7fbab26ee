"use strict";
/* The drawing of the map: MapLibre of Plotly over data of this server alone; no tiles, no glyphs, nothing from elsewhere.
   The incidents of the view are asked for as it and the slider move, and drawn by MapMarks; what lies below is given to
   MapLibre once, and only its states change. */
(() => {
  const box = document.getElementById("mapping"), pane = document.getElementById("map");
  if (!box || !pane || !window.Plotly || !window.MapMarks) return;
  const told = document.getElementById("told"), status = document.getElementById("status");
  const written = new Intl.DateTimeFormat(document.documentElement.lang, { year: "numeric", month: "short", timeZone: "UTC" });
  const slider = document.getElementById("slider"), when = document.getElementById("when");
  const span = Number(box.dataset.months), STEPS = [1, 2, 4, 8, 16, 32], LEAST = 52, NEAR = 220, KEPT = 80;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const many = (features) => ({ type: "FeatureCollection", features });
  const feature = (id, geometry, properties = {}) => ({ type: "Feature", id, properties, geometry });
  const square = ([lat, lon]) => [[[lon - .25, lat - .25], [lon + .25, lat - .25], [lon + .25, lat + .25], [lon - .25, lat + .25], [lon - .25, lat - .25]]];

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

  /* Below the incidents: chances in classes, areas nobody watched, borders; each one layer with a style by its data. */
  const LAYERS = () => [
    { id: "chances", type: "fill", source: "chances", paint: { "fill-color": colour("ahead"), "fill-opacity": ["step", ["get", "chance"], 0, .05, .18, .2, .36, .4, .58, .7, .82] } },
    { id: "unseen", type: "line", source: "unseen", paint: { "line-color": colour("hatch"), "line-width": .8, "line-opacity": ["case", ["boolean", ["feature-state", "unseen"], false], .75, 0] } },
    { id: "borders", type: "line", source: "borders", paint: { "line-color": colour("muted"), "line-width": .8, "line-opacity": .8 } },
  ];

  function lay(map, data, wide) {
    const areas = data.areas.map((area, id) => ({ ...area, id })).filter((area) => area.rings.length), step = Math.max(wide / 90, .02);
    const shapes = {
      chances: areas.filter((a) => a.chance !== null).map((a) => feature(a.id, { type: "MultiPolygon", coordinates: a.rings.map((r) => [r.concat([r[0]])]) }, { chance: a.chance }))
        .concat(data.cells.map((c, k) => feature(data.areas.length + k, { type: "Polygon", coordinates: square(c) }, { chance: c[2] }))),
      unseen: areas.map((a) => feature(a.id, { type: "MultiLineString", coordinates: hatch(a.rings, step) })),
      borders: areas.map((a) => feature(a.id, { type: "MultiLineString", coordinates: a.rings.map((r) => r.concat([r[0]])) })),
    };
    for (const layer of LAYERS()) { map.addSource(layer.id, { type: "geojson", data: many(shapes[layer.id]) }); map.addLayer(layer); }
    return areas;
  }

  function recolour(map) {
    map.setPaintProperty("land", "background-color", colour("land"));
    for (const { id, paint } of LAYERS())
      for (const [name, value] of Object.entries(paint)) if (name.endsWith("-color")) map.setPaintProperty(id, name, value);
  }

  /* What is hatched in the months up to one: areas of which nobody is known to have watched any of them. */
  function watched(map, areas, at) {
    for (const area of areas) {
      const unseen = !area.seen.slice(Math.max(0, at - span + 1), at + 1).includes("o");
      if (unseen !== area.unseen) { area.unseen = unseen; map.setFeatureState({ source: "unseen", id: area.id }, { unseen }); }
    }
  }

  /* The view with a margin, in squares of the grid: of the least side that leaves room between groups. */
  function looked(map) {
    const bounds = map.getBounds(), [w, s, e, n] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const cell = .5 * pane.clientWidth / Math.max(e - w, 1e-6), fit = STEPS.find((step) => step * cell >= LEAST) ?? 32;
    const turn = 360 * Math.round((w + e) / 720), more = { x: (e - w) / 2, y: (n - s) / 2 };
    const [west, east] = [w - more.x - turn, e + more.x - turn], whole = west < -180 || east > 180;
    return {
      step: cell > NEAR ? 0 : fit, need: whole ? [-180, s, 180, n] : [w - turn, s, e - turn, n],
      ask: [whole ? -180 : west, Math.max(s - more.y, -90), whole ? 180 : east, Math.min(n + more.y, 90)],
    };
  }
  const holds = (one, view) => one && one.step === view.step && one.box[0] <= view.need[0] && one.box[2] >= view.need[2]
    && one.box[1] <= Math.max(view.need[1], -90) && one.box[3] >= Math.min(view.need[3], 90);

  function asking(map, marks, months) {
    const kept = [];
    let wanted = "", busy = false;
    const show = (one) => {
      marks.show(one);
      const some = one.incidents ? `${told.dataset.some} ${one.incidents.toLocaleString(document.documentElement.lang)}.` : told.dataset.none;
      const text = one.left ? `${some} ${told.dataset.left}` : some;
      if (status.textContent !== text) status.textContent = text;
    };
    async function ask(month, view) {
      const query = new URLSearchParams({ until: month, months: span, step: view.step, box: view.ask.map((one) => one.toFixed(4)).join(",") });
      const answer = await fetch(`${box.dataset.incidents}?${query}`, { credentials: "same-origin" });
      if (!answer.ok) throw new Error("no data");
      kept.unshift({ ...await answer.json(), month });
      kept.length = Math.min(kept.length, KEPT);
    }
    /* One question at a time: what was passed over while one was out is never asked. */
    return async function follow(at) {
      wanted = months[at];
      if (busy) return;
      busy = true;
      try {
        for (let month = ""; ;) {
          const view = looked(map), found = kept.find((one) => one.month === wanted && holds(one, view));
          if (found) { show(found); break; }
          if (month === wanted + view.ask) break;
          month = wanted + view.ask;
          await ask(wanted, view);
        }
      } catch { status.textContent = told.dataset.failed; } finally { busy = false; }
    };
  }

  async function draw() {
    const answer = await fetch(box.dataset.source, { credentials: "same-origin" });
    if (!answer.ok) throw new Error("no data");
    const data = await answer.json(), [south, west, north, east] = data.window ?? [-40, -60, 60, 120];
    box.hidden = false;
    const zoom = Math.log2(Math.min(pane.clientWidth / (east - west + .5), pane.clientHeight / (north - south + .5) * .9) * 360 / 512);
    const style = { version: 8, sources: {}, layers: [{ id: "land", type: "background", paint: { "background-color": colour("land") } }] };
    const layout = { margin: { l: 0, r: 0, t: 0, b: 0 }, paper_bgcolor: "rgba(0,0,0,0)", hovermode: false, map: { style, center: { lon: (west + east) / 2, lat: (south + north) / 2 }, zoom } };
    await Plotly.newPlot(pane, [{ type: "scattermap", lat: [], lon: [], hoverinfo: "skip" }], layout, { displayModeBar: false, scrollZoom: true, responsive: true });
    const map = pane._fullLayout.map._subplot.map, areas = lay(map, data, east - west);
    map.dragRotate.disable(); map.touchZoomRotate.disableRotation();
    const marks = MapMarks(map, pane, told.dataset, colour), follow = asking(map, marks, data.months);
    let at = data.months.length - 1;
    slider.max = String(at); slider.value = String(at);
    const turn = () => {
      at = Number(slider.value);
      when.textContent = written.format(new Date(`${data.months[at]}-01`)); slider.setAttribute("aria-valuetext", when.textContent);
      watched(map, areas, at);
      return follow(at);
    };
    marks.name(data.places);
    slider.addEventListener("input", turn);
    map.on("moveend", () => follow(at));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { recolour(map); marks.recolour(); });
    await turn();
    pane.dataset.ready = "yes";
  }
  draw().catch(() => { box.hidden = false; pane.hidden = true; status.textContent = told.dataset.failed; });
})();
