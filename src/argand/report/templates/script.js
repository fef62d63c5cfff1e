"use strict";
// Sorting and filtering of the first table; without scripts it stays a plain table.
(function () {
  const table = document.querySelector("#page-answer table");
  if (!table) return;
  document.documentElement.classList.add("scripted");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const heads = Array.from(table.tHead.rows[0].cells);
  const words = document.getElementById("page-filter");
  const kind = document.getElementById("page-kind");
  const shown = document.getElementById("page-shown");

  function value(row, column) {
    const text = row.cells[column].dataset.sort;
    const number = Number(text);
    return text === "" || Number.isNaN(number) ? text : number;
  }

  function sort(column, descending) {
    const sign = descending ? -1 : 1;
    rows.sort(function (a, b) {
      const x = value(a, column), y = value(b, column);
      if (x === "" || y === "") return (x === "") - (y === "");  // what is unknown comes last
      return sign * (typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y)));
    });
    body.append(...rows);
    heads.forEach(function (head, k) {
      if (k === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  heads.forEach(function (head, k) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", function () {
      const now = head.getAttribute("aria-sort");
      sort(k, now ? now === "ascending" : head.dataset.first === "descending");
    });
  });

  function filter() {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const kinds = row.dataset.kinds.split(" ");
      const visible = wanted.every((word) => text.includes(word)) && (!kind.value || kinds.includes(kind.value));
      row.hidden = !visible;
      count += visible;
    }
    shown.textContent = count + " of " + rows.length + " shown";
  }
  words.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  filter();
})();
