"""A row of native select boxes, for choices that have no better place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anywidget
import solara
import traitlets

from stackcraft.viz.dashboard.parts.native import Shown


class Choice(anywidget.AnyWidget):
    """Select boxes in a row.

    `boxes` is a list of {"name", "title", "options": [[value, words], ...], "value"}; `chosen` is [counter, name,
    value].
    """

    _esm = """
    export default { render({ model, el }) {
      let count = 0;
      const draw = () => {
        const focused = el.contains(document.activeElement) ? document.activeElement.name : "";
        el.replaceChildren(...model.get("boxes").map((box) => {
          const label = document.createElement("label"), select = document.createElement("select");
          select.name = box.name; label.className = "choice";
          for (const [value, words] of box.options) {
            const option = document.createElement("option");
            option.value = value; option.textContent = words; select.append(option);
          }
          select.value = box.value;
          select.addEventListener("change", () => {
            model.set("chosen", [++count, box.name, select.value]); model.save_changes();
          });
          label.append(box.title + " ", select);
          return label;
        }));
        if (focused) { const again = el.querySelector('select[name="' + focused + '"]'); if (again) again.focus(); }
      };
      el.classList.add("choice-row"); model.on("change:boxes", draw); draw();
    } };
    """
    boxes = traitlets.List(traitlets.Dict()).tag(sync=True)
    chosen = traitlets.List().tag(sync=True)


def box(name: str, title: str, options: Sequence[tuple[str, str]], value: str) -> dict[str, Any]:
    """One select box."""
    return {"name": name, "title": title, "options": [list(one) for one in options], "value": value}


@solara.component
def Choices(boxes: Sequence[Mapping[str, Any]], on_choice: Callable[[str, str], None]) -> None:
    """The boxes in a row; `on_choice(name, value)` is called with what is picked."""
    widget = solara.use_memo(Choice, [])
    latest = solara.use_ref(on_choice)
    latest.current = on_choice

    def listen() -> Any:
        def picked(change: Any) -> None:
            latest.current(change.new[1], change.new[2])

        widget.observe(picked, "chosen")
        return lambda: widget.unobserve(picked, "chosen")

    solara.use_effect(listen, [])
    widget.boxes = [dict(one) for one in boxes]
    Shown(widget)
