"use strict";
/* The incidents over the map, on a canvas of their own: points, or groups with sums; what is under the pointer; names of
   places. Nothing here asks the server; a frame costs the same however many incidents a group stands for. */
window.MapMarks = (map, pane, words, colour) => {
  const sheet = document.createElement("canvas"), pen = sheet.getContext("2d"), hover = document.createElement("div");
  const KINDS = ["reported", "corroborated", "contested"], number = (n) => n.toLocaleString(document.documentElement.lang);
  const brief = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumSignificantDigits: 3 });
  sheet.className = "names"; sheet.setAttribute("aria-hidden", "true");
  hover.className = "hover"; hover.hidden = true;
  pane.append(sheet, hover);
  let shown = [], places = [], inks = {};

  /* The diameter of so many deaths: the cube root, so that one and a thousand are both seen. */
  const size = (deaths) => Math.min(4 + 5 * Math.cbrt(deaths || 0), 64);
  const range = (low, high) => (low === null ? "?" : low === high ? number(low) : `${number(low)}–${number(high)}`);

  function point(all, k) {
    const status = Math.max(KINDS.indexOf(all.status[k]), 0);
    return {
      lat: all.lat[k], lon: all.lon[k], id: all.id[k], parts: [0, 1, 2].map((one) => Number(one === status)), incidents: 1,
      core: size(all.low[k]), halo: size(all.high[k]), faint: all.coarse[k],
      told: [all.day[k], all.area[k], `${all.act[k].replaceAll("_", " ")}: ${range(all.low[k], all.high[k])}`, words[KINDS[status]]],
    };
  }

  function group(all, k) {
    const parts = KINDS.map((kind) => all[kind][k]), n = all.incidents[k], unsaid = all.unsaid[k];
    const core = Math.max(size(all.low[k]), n > 1 ? 20 : 0);
    const told = [`${words.incidents}: ${number(n)}`, `${words.deaths}: ${range(all.low[k], all.high[k])}`];
    if (unsaid && unsaid < n) told.push(`${words.unsaid}: ${number(unsaid)}`);
    KINDS.forEach((kind, one) => { if (parts[one]) told.push(`${words[kind]}: ${number(parts[one])}`); });
    told.push(n > 1 ? words.nearer : words.open);
    return { lat: all.lat[k], lon: all.lon[k], id: all.id[k], parts, incidents: n, core, halo: Math.max(size(all.high[k]), core), faint: n === 1, told };
  }

  const paint = () => {
    for (const name of ["deaths-soft", "deaths", "ink", "muted", "land", "panel"]) inks[name] = colour(name);
    inks.kinds = [inks["deaths-soft"], inks.deaths, inks.ink];
  };

  /* Pixels of a place, on the copy of the world that is looked at. */
  const project = (lon, lat, middle) => map.project([lon + 360 * Math.round((middle - lon) / 360), lat]);

  function disc(x, y, radius) { pen.beginPath(); pen.arc(x, y, radius, 0, 2 * Math.PI); pen.fill(); }

  function core(one) {
    pen.globalAlpha = one.faint ? .45 : .85;
    const all = one.parts.reduce((sum, part) => sum + part, 0);
    let from = -Math.PI / 2;
    one.parts.forEach((part, kind) => {
      if (!part) return;
      pen.fillStyle = inks.kinds[kind];
      if (part === all) return disc(one.x, one.y, one.core / 2);
      const to = from + 2 * Math.PI * part / all;
      pen.beginPath(); pen.moveTo(one.x, one.y); pen.arc(one.x, one.y, one.core / 2, from, to); pen.fill();
      from = to;
    });
  }

  function label(one) {
    const text = brief.format(one.incidents), half = pen.measureText(text).width / 2 + 3;
    pen.globalAlpha = .85; pen.fillStyle = inks.panel;
    pen.beginPath(); pen.roundRect(one.x - half, one.y - 8, 2 * half, 16, 8); pen.fill();
    pen.globalAlpha = 1; pen.fillStyle = inks.ink; pen.fillText(text, one.x, one.y + 4);
  }

  function incidents(width, height, middle) {
    const seen = [];
    for (const one of shown) {
      const at = project(one.lon, one.lat, middle);
      one.x = at.x; one.y = at.y;
      one.seen = at.x > -40 && at.y > -40 && at.x < width + 40 && at.y < height + 40;
      if (one.seen) seen.push(one);
    }
    pen.fillStyle = inks.deaths; pen.globalAlpha = .16;
    for (const one of seen) if (one.halo > one.core) disc(one.x, one.y, one.halo / 2);
    seen.forEach(core);
    pen.font = "600 11.5px system-ui, sans-serif"; pen.textAlign = "center";
    for (const one of seen) if (one.incidents > 1) label(one);
    pen.globalAlpha = 1; pen.textAlign = "start";
  }

  /* Names of places: the largest first, none over another. MapLibre would want fonts from a server. */
  function names(width, height, middle) {
    pen.font = "11.5px system-ui, sans-serif"; pen.lineWidth = 3; pen.lineJoin = "round"; pen.strokeStyle = inks.land;
    const taken = shown.filter((one) => one.seen && one.incidents > 1).map((one) => ({ x: one.x - 16, y: one.y, w: 32 })), marks = taken.length;
    for (const place of places) {
      if (taken.length - marks > width / 22) break;
      const { x, y } = project(place[2], place[1], middle);
      if (x < 0 || y < 8 || x > width - 20 || y > height - 4) continue;
      const w = place[4] ??= pen.measureText(place[0]).width + 10;
      if (!taken.every((t) => x > t.x + t.w || x + w < t.x || Math.abs(y - t.y) > 15)) continue;
      taken.push({ x, y, w });
      pen.fillStyle = inks.muted; disc(x, y, 1.8);
      pen.strokeText(place[0], x + 5, y + 4); pen.fillStyle = inks.ink; pen.fillText(place[0], x + 5, y + 4);
    }
  }

  function draw() {
    const ratio = window.devicePixelRatio || 1, width = pane.clientWidth, height = pane.clientHeight, middle = map.getCenter().lng;
    if (sheet.width !== Math.round(width * ratio) || sheet.height !== Math.round(height * ratio)) {
      sheet.width = Math.round(width * ratio); sheet.height = Math.round(height * ratio);
      sheet.style.width = `${width}px`; sheet.style.height = `${height}px`;
    }
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    incidents(width, height, middle);
    names(width, height, middle);
  }

  /* The mark under a point of the pane: the last drawn, which lies on top. */
  function at(x, y) {
    for (let k = shown.length - 1; k >= 0; k--) {
      const one = shown[k];
      if (one.seen && Math.hypot(one.x - x, one.y - y) <= Math.max(one.core / 2, 6)) return one;
    }
    return null;
  }

  map.on("mousemove", ({ point: { x, y } }) => {
    const one = at(x, y);
    hover.hidden = !one;
    map.getCanvas().style.cursor = one ? "pointer" : "";
    if (!one) return;
    hover.textContent = one.told.join("\n");
    const left = x + 14 + hover.offsetWidth > pane.clientWidth ? x - 14 - hover.offsetWidth : x + 14;
    hover.style.transform = `translate(${Math.max(left, 0)}px, ${Math.max(Math.min(y + 10, pane.clientHeight - hover.offsetHeight), 0)}px)`;
  });
  for (const over of ["mouseout", "dragstart", "zoomstart"]) map.on(over, () => { hover.hidden = true; });
  map.on("click", ({ point: { x, y } }) => {
    const one = at(x, y);
    if (one && one.id) location.assign(`/incidents/${encodeURIComponent(one.id)}`);
    else if (one) map.easeTo({ center: [one.lon, one.lat], zoom: map.getZoom() + 1.5 });
  });
  map.on("render", draw);
  paint();
  return {
    show(answer) {
      const { points, groups } = answer;
      shown = points.id.map((_, k) => point(points, k)).concat(groups.id.map((_, k) => group(groups, k)));
      shown.sort((a, b) => b.core - a.core);
      hover.hidden = true;
      pane.dataset.marks = String(shown.length);
      draw();
    },
    name(given) { places = given; draw(); },
    recolour() { paint(); draw(); },
  };
};
