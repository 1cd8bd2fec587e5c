(function () {
  var maps = document.querySelectorAll(".map"), bar = document.querySelector(".frames");
  if (!bar || maps.length < 2) return;
  function show(place) {
    maps.forEach(function (one, k) { one.hidden = k !== place; });
    bar.querySelectorAll("button").forEach(function (one, k) { one.setAttribute("aria-pressed", String(k === place)); });
  }
  maps.forEach(function (one, k) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = one.getAttribute("data-label");
    button.addEventListener("click", function () { show(k); });
    bar.appendChild(button);
  });
  show(maps.length - 1);
})();
