// Searches the names, fields and summaries of the reference. The page reads without it, too.
"use strict";
(function () {
  var box = document.getElementById("search");
  var list = document.getElementById("results");
  var count = document.getElementById("count");
  var up = document.body.getAttribute("data-up");
  function rank(row, word) {
    var name = row[0].toLowerCase();
    if (name === word) return 0;
    if (name.indexOf(word) === 0) return 1;
    if (name.indexOf(word) > 0) return 2;
    if (row[4].toLowerCase().indexOf(word) >= 0) return 3;
    if (row[3].toLowerCase().indexOf(word) >= 0) return 4;
    return -1;
  }
  function show() {
    var word = box.value.trim().toLowerCase();
    list.textContent = "";
    count.textContent = "";
    if (!word) return;
    var found = window.iflux
      .map(function (row, at) { return { row: row, at: at, rank: rank(row, word) }; })
      .filter(function (hit) { return hit.rank >= 0; })
      .sort(function (a, b) { return a.rank - b.rank || a.at - b.at; });
    var most = 30;
    count.textContent = found.length === 1 ? "1 result" : found.length + " results";
    if (found.length > most) count.textContent += ", the first " + most + " of them here";
    found.slice(0, most).forEach(function (hit) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      link.href = up + hit.row[2];
      link.textContent = hit.row[1] + " " + hit.row[0];
      item.appendChild(link);
      item.appendChild(document.createTextNode(" " + hit.row[3]));
      list.appendChild(item);
    });
  }
  box.addEventListener("input", show);
  box.form.addEventListener("submit", function (event) {
    event.preventDefault();
    var first = list.querySelector("a");
    if (first) first.focus();
  });
})();
