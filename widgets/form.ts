/* The form of an input: one field for each field of its dataclass, a Python literal in each, errors under the fields in words. */

import { h } from "./dom";
import { icon } from "./marks";
import type { Form } from "./protocol";
import type { Session } from "./session";

const LONG_KINDS = /str|dict|list|tuple/;

interface Field {
  name: string;
  input: HTMLInputElement;
  wrong: string | undefined;
  errorId: string;
  isLong: boolean;
}

function makeField(session: Session, uid: string, form: Form, order: number): Field {
  const { name, annotation, value } = form.fields[order]!;
  const errors = session.fired?.type === form.type && session.problem ? session.problem.fields : {};
  const wrong = errors[name];
  const errorId = `${uid}-error-${form.type}-${order}`;
  const input = h("input", {
    "aria-label": `${form.type}.${name}`,
    title: annotation,
    disabled: !(form.editable && session.canChoose),
    spellcheck: "false",
    autocomplete: "off",
    "aria-invalid": wrong ? "true" : null,
    "aria-describedby": wrong ? errorId : null,
    "data-form": form.type,
    "data-field": name,
    "data-focus": `field ${form.type} ${order}`,
  });
  input.value = session.valueOf(form, name);
  return { name, input, wrong, errorId, isLong: value.length > 6 || LONG_KINDS.test(annotation) };
}

/* One row for two fields: what is long takes the room. More fields stand in two columns. */
function columnsFor(fields: Field[]): string {
  if (fields.length > 2) return "repeat(2, minmax(0, 1fr))";
  if (fields.length === 0) return "minmax(0, max-content)";
  const anyLong = fields.some((field) => field.isLong);
  const widths = fields.map((field, order) =>
    field.isLong || (!anyLong && order === 0) ? "minmax(0, 1fr)" : "minmax(40px, 56px)",
  );
  return `${widths.join(" ")} fit-content(120px)`;
}

export function drawForm(session: Session, uid: string, form: Form, chip: HTMLElement): HTMLElement[] {
  const fields = form.fields.map((_, order) => makeField(session, uid, form, order));
  const labels = fields.map(({ input, name }) => h("label", h("span", name), input));
  const look = {
    class: `form${fields.length > 2 ? " many" : ""}`,
    style: `grid-template-columns:${columnsFor(fields)}`,
  };
  const errors = fields.flatMap(({ wrong, name, errorId }) =>
    wrong ? [h("p.wrong", { id: errorId }, icon("storage", 10), h("span", `${name}: ${wrong}`))] : [],
  );
  return [h("div", { ...look, role: "group", "aria-label": form.type }, ...labels, chip), ...errors];
}
