(() => {
  "use strict";
  // What works without a script is plain HTML; this adds the search, copying, and a filter that the address remembers.
  const $ = (selector) => Array.from(document.querySelectorAll(selector));
  const search = document.getElementById("search");
  for (const button of $(".copy")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const area = document.createElement("textarea");
      area.value = button.dataset.id;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.classList.add("done");
      button.focus();
    });
  }
  if (!search) return;
  for (const part of $(".search")) part.hidden = false;
  const radios = $(".filter input");
  const cards = $(".card");
  const words = new Map();
  const said = (node) => {
    if (!words.has(node)) words.set(node, node.textContent.toLowerCase());
    return words.get(node);
  };
  const apply = () => {
    const query = search.value.trim().toLowerCase();
    const chosen = radios.some((radio) => radio.checked && radio.value !== "all");
    let left = 0;
    for (const card of cards) {
      const found = !query || said(card).includes(query);
      card.classList.toggle("gone", !found);
      const pieces = Array.from(card.querySelectorAll(".evidence"));
      const some = query && pieces.some((piece) => said(piece).includes(query));
      for (const piece of pieces) piece.classList.toggle("gone", Boolean(some) && !said(piece).includes(query));
      for (const more of card.querySelectorAll("details.more")) if (query || chosen) more.open = true;
      if (getComputedStyle(card).display !== "none") left += 1;
    }
    document.getElementById("nothing").hidden = left > 0;
  };
  const write = () => {
    const parts = radios.filter((radio) => radio.checked && radio.value !== "all").map((radio) => [radio.name, radio.value]);
    if (search.value.trim()) parts.push(["q", search.value.trim()]);
    const hash = parts.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    if (hash || location.hash.startsWith("#?")) location.replace(`#?${hash}`);
    apply();
  };
  const read = () => {
    if (!location.hash.startsWith("#?")) return;
    const wanted = new URLSearchParams(location.hash.slice(2));
    search.value = wanted.get("q") || "";
    for (const radio of radios) {
      const value = wanted.get(radio.name) || "all";
      radio.checked = radio.value === value;
      if (radio.checked && value !== "all" && radio.closest("details")) radio.closest("details").open = true;
    }
    apply();
  };
  for (const radio of radios) radio.addEventListener("change", write);
  search.addEventListener("input", write);
  document.getElementById("reset").addEventListener("click", () => {
    search.value = "";
    for (const radio of radios) radio.checked = radio.value === "all";
    write();
  });
  addEventListener("hashchange", read);
  read();
})();
