"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { documents, passages, matches, families } = data;
  const BATCH = 20; // cards built at a time
  const LONG = 2000; // UTF-16 units of a passage shown before its reader asks for the rest
  const KINDS = ["replace", "delete", "insert"];
  const byId = (id) => document.getElementById(id);
  const count = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many || one + "s"}`;
  const push = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));
  const familyAt = new Map(families.map((family, index) => [family.id, index]));

  // ---- small builders: text always goes in as text, never as markup -------------------------------------------
  function el(name, attributes, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "onclick") node.addEventListener("click", value);
      else if (value !== undefined && value !== null && value !== "") node.setAttribute(key, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }
  const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  function chance(value) {
    if (typeof value !== "number") return String(value);
    if (value === 0) return "0";
    if (value >= 0.01 && value < 10000) return value.toPrecision(2).replace(/\.?0+$/, "");
    const [digits, power] = value.toExponential(0).split("e");
    const raised = [...power.replace("+", "")].map((c) => (c === "-" ? "⁻" : SUPERSCRIPT[c])).join("");
    return (digits === "1" ? "" : digits + " × ") + "10" + raised;
  }
  const number = (value, digits) => (typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: digits }) : String(value));
  const name = (doc) => documents[doc].title || documents[doc].id;
  const label = (doc) => {
    const { id, title, source, date } = documents[doc];
    return [source, date, title ? id : ""];
  };
  // Each piece on its own, so that an Arabic name does not turn round the date beside it.
  const line = (...pieces) => pieces.filter(Boolean).flatMap((piece, index) => [index ? " · " : "", el("bdi", {}, piece)]);
  const span = (p) => `${passages[p].start.toLocaleString("en")}–${passages[p].stop.toLocaleString("en")}`;

  // ---- the text of one side: context, words, marks -------------------------------------------------------------
  function flow(parent, text) { // blank lines become gaps, single line ends flow unless asked for
    text.split(/((?:[ \t\r]*\n){2,})/).forEach((piece, index) => {
      if (index % 2) parent.append(el("span", { class: "par" }, "\n\n"));
      else if (piece) parent.append(piece);
    });
  }
  // `edits` is flat: kind, a start, a stop, b start, b stop, in UTF-16 units from the passage's first character.
  function words(p, edits, side, limit) {
    const { doc, before, text, after, cut } = passages[p];
    const node = el("p", { class: "words", dir: "auto", lang: documents[doc].lang });
    let end = Math.min(limit, text.length);
    if (end < text.length && /[\uDC00-\uDFFF]/.test(text[end])) end -= 1;
    if (before) node.append(el("span", { class: "context" }, (cut[0] ? "… " : "") + before));
    let at = 0;
    for (let i = 0; i < edits.length; i += 5) {
      const start = edits[i + 1 + 2 * side], stop = edits[i + 2 + 2 * side], kind = KINDS[edits[i]];
      if (start >= end || start < at) { if (start >= end) break; continue; }
      flow(node, text.slice(at, start));
      if (start === stop) {
        node.append(el("span", { class: "gap", title: "words missing here", "data-e": i }));
      } else {
        const mark = el("span", { class: kind === "replace" ? "replace" : "only", "data-e": i });
        flow(mark, text.slice(start, Math.min(stop, end)));
        node.append(mark);
      }
      at = Math.min(stop, end);
    }
    flow(node, text.slice(at, end));
    if (end < text.length) node.append("…");
    else if (after) node.append(el("span", { class: "context" }, after + (cut[1] ? " …" : "")));
    return node;
  }
  function side(p, edits, which, limit) {
    const { doc, text } = passages[p];
    const node = el("section", { class: "side" },
      el("h2", { dir: "auto" }, el("button", { class: "link", type: "button", title: "Only matches of this document", onclick: () => go({ doc: documents[doc].id }) }, name(doc))),
      el("p", { class: "where" }, ...line(...label(doc), span(p))));
    if (text !== undefined) node.append(words(p, edits, which, limit));
    return node;
  }

  function card(m) {
    const [a, b, similarity, score, expected, family, nWords, edits] = matches[m];
    const longest = Math.max((passages[a].text || "").length, (passages[b].text || "").length);
    const pair = el("div", { class: "pair" });
    const fill = (limit) => pair.replaceChildren(side(a, edits, 0, limit), side(b, edits, 1, limit));
    fill(longest > LONG * 1.25 ? LONG : Infinity);
    const meter = el("span", { class: "meter", "aria-hidden": "true" }, el("i"));
    meter.firstChild.style.width = 100 * similarity + "%";
    const kin = familyAt.has(family) ? families[familyAt.get(family)] : null;
    const node = el("article", { class: "match", id: "m" + (m + 1) },
      el("div", { class: "facts" },
        el("a", { class: "rank", href: "#match=" + (m + 1), title: "Link to this match" }, "No. " + (m + 1).toLocaleString("en")),
        el("span", {}, meter, el("b", {}, Math.floor(100 * similarity + 1e-9) + " %"), " alike"),
        el("span", {}, el("b", {}, number(nWords, 1)), " words"),
        el("span", {}, "score ", el("b", {}, number(score, 0)), " bits"),
        el("span", {}, "by chance ", el("b", {}, chance(expected))),
        kin ? el("button", { class: "link fam", type: "button", onclick: () => go({ family }) }, `family ${family}: ${count(kin.n, "document")}`)
          : el("span", { class: "fam" }, "family " + family)),
      pair);
    if (longest > LONG * 1.25) {
      const button = el("button", { class: "wide whole", type: "button", onclick: () => { fill(Infinity); button.parentNode.remove(); paint(); } },
        `Show the whole passage (${count(longest, "character")})`);
      node.append(el("div", { style: "padding: 0 18px 14px" }, button));
    }
    return node;
  }

  // ---- state: filters live in the address, so that a view can be linked ----------------------------------------
  const state = { q: "", doc: "", family: null, sort: "rank", match: null };
  let shown = [], built = 0;
  const fold = (text) => {
    const joined = text.replace(/[-\u00ad\u2010]\s*\n\s*/g, "").replace(/\s+/g, " ");
    return (/^[\x00-\x7f]*$/.test(joined) ? joined : joined.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‘’]/g, "'").replace(/[“”«»„]/g, '"')).toLowerCase();
  };
  const folded = [];
  const has = (p, query) => {
    if (folded[p] === undefined) folded[p] = fold((passages[p].text || "") + "\n" + Object.values(documents[passages[p].doc]).join("\n"));
    return folded[p].includes(query);
  };
  function wanted() {
    const query = fold(state.q.trim()), typed = fold(state.doc.trim());
    const exact = typed && documents.some((d) => fold(d.id) === typed);
    const isDoc = documents.map((d) => !typed || (exact ? fold(d.id) === typed : fold([d.id, d.title, d.source].join(" ")).includes(typed)));
    const hit = passages.map((_, p) => !query || has(p, query));
    const result = [];
    for (let m = 0; m < matches.length; m++) {
      const [a, b] = matches[m];
      if ((hit[a] || hit[b]) && (isDoc[passages[a].doc] || isDoc[passages[b].doc])) result.push(m);
    }
    return result;
  }
  const date = (m) => {
    const both = [documents[passages[matches[m][0]].doc].date, documents[passages[matches[m][1]].doc].date].filter(Boolean).sort();
    return both[0] || "\uffff";
  };
  const ORDERS = {
    rank: null,
    edited: (x, y) => matches[x][2] - matches[y][2] || x - y,
    words: (x, y) => matches[y][6] - matches[x][6] || x - y,
    date: (x, y) => (date(x) < date(y) ? -1 : date(x) > date(y) ? 1 : x - y),
  };
  function go(change) {
    Object.assign(state, { match: null }, change);
    const hash = Object.entries(state).filter(([key, value]) => value !== null && value !== "" && !(key === "sort" && value === "rank"))
      .map(([key, value]) => key + "=" + encodeURIComponent(value)).join("&");
    history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
    render();
    if (change.family !== undefined || change.doc !== undefined) scrollTo({ top: Math.min(scrollY, document.querySelector(".top").offsetHeight) });
  }
  function read() {
    const hash = new URLSearchParams(location.hash.slice(1));
    state.q = hash.get("q") || "";
    state.doc = hash.get("doc") || "";
    state.family = hash.has("family") ? Number(hash.get("family")) : null;
    state.sort = hash.get("sort") in ORDERS ? hash.get("sort") : "rank";
    state.match = hash.has("match") ? Number(hash.get("match")) : null;
  }

  // ---- lists that grow as they are read: everything is in the file, the page holds what was scrolled to --------
  function watch(node, grow) {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting) || !grow()) return;
      observer.unobserve(node); // observed anew, so that it reports again if the end is still in view
      observer.observe(node);
    }, { rootMargin: "900px" });
    observer.observe(node);
  }
  function growMatches() { // returns whether there was anything left to show
    if (built >= shown.length) { byId("more").replaceChildren(); return false; }
    const end = Math.min(built + BATCH, shown.length);
    byId("matches").append(...shown.slice(built, end).map(card));
    built = end;
    const left = shown.length - built;
    byId("more").replaceChildren(...(left ? [el("button", { class: "wide", type: "button", onclick: growMatches }, count(left, "more match", "more matches"))] : []));
    paint();
    return true;
  }
  let listed = [], famBuilt = 0;
  const famEnd = el("li", { "aria-hidden": "true", style: "height: 1px" });
  function growFamilies() {
    if (famBuilt >= listed.length) return false;
    for (const index of listed.slice(famBuilt, famBuilt + 40)) {
      const { id, n, members, fullest } = families[index];
      const dates = members.map((p) => documents[passages[p].doc].date).filter(Boolean).sort();
      const when = !dates.length ? "" : dates[0] === dates[dates.length - 1] ? dates[0] : dates[0] + " to " + dates[dates.length - 1];
      const p = passages[fullest];
      famEnd.before(el("li", {}, el("button", { type: "button", "aria-pressed": String(state.family === id), onclick: () => go({ family: state.family === id ? null : id }) },
        el("span", { class: "what", dir: "auto", lang: documents[p.doc].lang }, p.text === undefined ? "family " + id : p.text.slice(0, 160).replace(/[-\u2010]\n/g, "").replace(/[\uD800-\uDBFF]$/, "")),
        el("span", { class: "who" }, [count(n, "document"), members.length > n ? count(members.length, "passage") : "", when].filter(Boolean).join(" · ")))));
    }
    famBuilt = Math.min(famBuilt + 40, listed.length);
    return true;
  }
  function showFamily() {
    const box = byId("family"), index = familyAt.get(state.family);
    box.hidden = index === undefined;
    if (box.hidden) return;
    const { id, n, members, fullest } = families[index];
    const groups = new Map();
    for (const p of members) push(groups, passages[p].doc, p);
    const order = [...groups.keys()].sort((x, y) => { // dated first, earliest first; else by place in the collection
      const [dx, dy] = [documents[x].date || "\uffff", documents[y].date || "\uffff"];
      return dx < dy ? -1 : dx > dy ? 1 : x - y;
    });
    const list = el("ol"), button = el("button", { class: "wide whole", type: "button" });
    let at = 0;
    const grow = () => {
      for (const doc of order.slice(at, at + 60)) list.append(el("li", {},
        el("time", {}, documents[doc].date || ""),
        el("span", { dir: "auto" }, el("button", { class: "link", type: "button", onclick: () => go({ doc: documents[doc].id }) }, ...line(documents[doc].source, name(doc)))),
        el("span", { class: "at" }, groups.get(doc).map(span).join(", "))));
      at = Math.min(at + 60, order.length);
      button.hidden = at >= order.length;
      button.textContent = count(order.length - at, "more document");
    };
    button.addEventListener("click", grow);
    grow();
    box.replaceChildren(
      el("h2", {}, `Family ${id}: ${count(n, "document")}, ${count(members.length, "passage")}`, el("button", { class: "link", type: "button", onclick: () => go({ family: null }) }, "show all")),
      ...(passages[fullest].text === undefined ? [] : [el("p", { class: "where" }, "Fullest wording: ", ...line(documents[passages[fullest].doc].source, name(passages[fullest].doc), span(fullest))), words(fullest, [], 0, LONG)]),
      list, button);
  }

  // ---- marks of the search words, without touching the text ----------------------------------------------------
  function paint() {
    if (!("highlights" in CSS)) return;
    CSS.highlights.delete("find");
    const query = state.q.trim();
    if (!query) return;
    const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s+/g, "\\s+"), "giu");
    const ranges = [];
    for (const block of document.querySelectorAll("main .words")) {
      const nodes = [], walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      let text = "";
      while (walker.nextNode()) { nodes.push([text.length, walker.currentNode]); text += walker.currentNode.data; }
      const place = (offset) => { const [start, node] = nodes.findLast(([from]) => from <= offset); return [node, offset - start]; };
      for (const found of text.matchAll(pattern)) {
        const range = document.createRange();
        range.setStart(...place(found.index));
        range.setEnd(...place(found.index + found[0].length));
        ranges.push(range);
      }
    }
    CSS.highlights.set("find", new Highlight(...ranges));
  }

  function render() {
    for (const key of ["q", "doc", "sort"]) if (byId(key).value !== state[key]) byId(key).value = state[key];
    const found = wanted();
    const filtered = state.q.trim() || state.doc.trim();
    const withMatches = new Set(found.map((m) => matches[m][5]));
    listed = families.map((_, index) => index).filter((index) => !filtered || withMatches.has(families[index].id));
    famBuilt = 0;
    byId("famlist").replaceChildren(famEnd);
    byId("nfam").textContent = filtered ? `${listed.length.toLocaleString("en")} of ${families.length.toLocaleString("en")}` : families.length.toLocaleString("en");
    growFamilies();
    showFamily();
    shown = state.family === null ? found : found.filter((m) => matches[m][5] === state.family);
    if (state.match !== null) shown = matches[state.match - 1] ? [state.match - 1] : []; // a link to one match
    if (ORDERS[state.sort]) shown = [...shown].sort(ORDERS[state.sort]);
    built = 0;
    byId("matches").replaceChildren();
    const all = !filtered && state.family === null && state.match === null;
    byId("count").replaceChildren(all ? (matches.length ? count(matches.length, "match", "matches") : "No shared passages were found.") : `${shown.length.toLocaleString("en")} of ${count(matches.length, "match", "matches")} `,
      ...(all ? [] : [" ", el("button", { class: "link", type: "button", onclick: () => go({ q: "", doc: "", family: null }) }, "show all")]));
    growMatches();
  }

  function skipped() {
    const box = byId("skipped");
    if (!data.skipped.length) return;
    const reasons = new Map();
    for (const [id, reason] of data.skipped) push(reasons, reason, id);
    const body = el("details", {}, el("summary", {}, count(data.skipped.length, "document"), " skipped"));
    for (const [reason, ids] of reasons) {
      const list = el("ul"), button = el("button", { class: "wide", type: "button" });
      let at = 0;
      const grow = () => {
        list.append(...ids.slice(at, at + 200).map((id) => el("li", { dir: "auto" }, id)));
        at = Math.min(at + 200, ids.length);
        button.hidden = at >= ids.length;
        button.textContent = count(ids.length - at, "more document");
      };
      button.addEventListener("click", grow);
      grow();
      body.append(el("p", { class: "where" }, `${count(ids.length, "document")}: ${reason}`), list, button);
    }
    body.open = data.skipped.length <= 10;
    box.append(body);
  }

  // ---- wiring --------------------------------------------------------------------------------------------------
  let timer;
  const later = (change) => { clearTimeout(timer); timer = setTimeout(() => go(change()), 150); };
  byId("bar").addEventListener("submit", (event) => event.preventDefault());
  byId("q").addEventListener("input", () => later(() => ({ q: byId("q").value })));
  byId("doc").addEventListener("input", () => { suggest(); later(() => ({ doc: byId("doc").value })); });
  byId("doc").addEventListener("focus", suggest, { once: true });
  byId("sort").addEventListener("change", () => go({ sort: byId("sort").value }));
  byId("lines").addEventListener("change", () => document.body.classList.toggle("lines", byId("lines").checked));
  function suggest() {
    const typed = fold(byId("doc").value.trim()), options = [];
    for (const d of documents) {
      if (options.length >= 60) break; // suggestions only: the filter itself looks at all documents
      if (fold([d.id, d.title, d.source].join(" ")).includes(typed)) options.push(el("option", { value: d.id, label: [d.source, d.title].filter(Boolean).join(": ") }));
    }
    byId("docs").replaceChildren(...options);
  }
  for (const [type, on] of [["mouseover", true], ["mouseout", false]]) {
    document.addEventListener(type, (event) => {
      const mark = event.target.closest && event.target.closest(".match [data-e]");
      if (mark) for (const twin of mark.closest(".match").querySelectorAll(`[data-e="${mark.dataset.e}"]`)) twin.classList.toggle("hot", on);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); byId("q").focus(); }
  });
  addEventListener("hashchange", () => { read(); render(); });

  byId("app").hidden = false;
  if (innerWidth <= 1080) byId("families").open = false;
  if (!families.length) byId("families").hidden = true;
  if (!passages.some((p) => p.text !== undefined)) for (const node of document.querySelectorAll(".legend, #q, .pick:has(#lines)")) node.hidden = true;
  read();
  skipped();
  render();
  watch(byId("more"), growMatches);
  watch(famEnd, growFamilies);
})();
