/* A small stand-in for the engine, for fixtures only: the payment machine of the design, one event at a time, as rows, threads and views. */

const clone = (value) => JSON.parse(JSON.stringify(value));

export const start = () => ({
  next: 1,
  pending: {},
  paid: {},
  charged: {},
  queue: [],
  requests: [],
  results: [],
  up: true,
  crashes: 1,
  fired: 0,
  emitted: {},
  brokenSince: -1,
  crashedAt: -1,
});

const INPUTS = [
  ["ada", 500],
  ["bob", 120],
  ["eve", 75],
];
const input = (index) => INPUTS[index % INPUTS.length];

const blank = (step, kind) => ({
  step,
  kind,
  result: "",
  label: "",
  short: "",
  emits: [],
  untracked: [],
  why: "",
  late: -1,
  system: 0,
  lane: "",
  twin: -1,
  lost: [],
  holds: "",
  own: 1,
  declared: true,
  fault: "",
  say: "",
});

/* Each event returns the row and the lines of its diff; it changes the configuration in place. */
export const EVENTS = {
  start: (c, step) => ({
    row: { ...blank(step, "start"), label: "start", say: "Step 0: start." },
    title: "start",
    subtitle: "the initial state, before anything",
    python: "lab = pl.Lab(scenario)",
    state: [
      [" ", "next_id", "", "1"],
      [" ", "pending", "", "{}"],
      [" ", "paid", "", "{}"],
    ],
    network: [[" ", "charged", "", "{}"]],
    flight: null,
  }),
  fire: (c, step) => {
    const [who, cents] = input(c.fired);
    const id = c.next;
    c.next += 1;
    c.fired += 1;
    c.pending[id] = cents;
    c.queue.push(
      { id, text: `ChargeCard #${id}`, tracked: true, from: step },
      { id: 0, text: `tell ${who}`, tracked: false, from: step },
    );
    c.emitted[id] = step;
    return {
      row: {
        ...blank(step, "fire"),
        result: "committed",
        label: `Pay(${who},${cents})`,
        short: "Pay",
        emits: [{ text: `ChargeCard #${id}`, short: `Charge #${id}`, again: -1 }],
        untracked: [`tell ${who}`],
        say: `Step ${step}: Pay(${who}, ${cents}) committed. ChargeCard ${id} emitted. 1 untracked.`,
      },
      title: `Pay(${who}, ${cents})`,
      subtitle: "committed · 1 tracked, 1 untracked",
      python: `lab.fire(Pay("${who}", ${cents}))`,
      state: [
        ["~", "next_id", `${id}`, `${id + 1}`],
        ["+", `pending[${id}]`, "", `${cents}`],
      ],
      network: null,
      flight: [
        ["+", `ChargeCard #${id}`, "", "queued"],
        ["+", `tell ${who}`, "", "queued"],
      ],
      keeps: id,
    };
  },
  dispatch: (c, step) => {
    const at = c.queue.findIndex((each) => each.tracked);
    const [{ id }] = c.queue.splice(at, 1);
    c.requests.push({ id, from: step });
    return {
      row: {
        ...blank(step, "dispatch"),
        label: `request #${id}`,
        short: `#${id}`,
        say: `Step ${step}: request ${id} on the wire.`,
      },
      title: `dispatch #${id}`,
      subtitle: "the request leaves the process",
      python: `lab.dispatch(${id})`,
      state: null,
      network: null,
      flight: [["~", `ChargeCard #${id}`, "queued", "wire"]],
    };
  },
  tell: (c, step) => {
    const at = c.queue.findIndex((each) => !each.tracked);
    const [{ text }] = c.queue.splice(at, 1);
    return {
      row: {
        ...blank(step, "dispatch"),
        label: text,
        short: "tell",
        untracked: [text],
        say: `Step ${step}: ${text} handed over.`,
      },
      title: `dispatch ${text}`,
      subtitle: "handed over, and gone",
      python: `lab.dispatch("${text}")`,
      state: null,
      network: null,
      flight: [["-", text, "", "handed over"]],
    };
  },
  perform: (c, step) => {
    const { id } = c.requests.shift();
    const times = (c.charged[id] ?? 0) + 1;
    c.charged[id] = times;
    c.results.push({ id, from: step, value: "charged" });
    const breaks = times > 1 && c.brokenSince < 0;
    if (breaks) c.brokenSince = step;
    return {
      row: {
        ...blank(step, "perform"),
        label: `charged ×${times}`,
        short: `×${times}`,
        say: `Step ${step}: card network charged ${id}, time ${times}.${breaks ? " Property no_card_is_charged_twice is broken." : " Result on the wire."}`,
      },
      title: `perform #${id}, charged`,
      subtitle: times > 1 ? "by the card network, for the second time" : "by the card network",
      python: `lab.perform(${id}, "charged")`,
      state: null,
      network: [[times > 1 ? "~" : "+", `charged[${id}]`, times > 1 ? `${times - 1}` : "", `${times}`, times > 1]],
      flight: [
        ["-", `request #${id}`, "", ""],
        ["+", `result #${id}`, "", times > 1 ? `from ${step}` : '"charged"'],
      ],
      performs: id,
    };
  },
  crash: (c, step) => {
    const lost = c.queue.map((each) => each.text);
    c.queue = [];
    c.up = false;
    c.crashes -= 1;
    c.crashedAt = step;
    const holds = Object.keys(c.pending)
      .map((id) => `#${id}`)
      .join(" ");
    return {
      row: {
        ...blank(step, "crash"),
        label: "crash",
        short: "crash",
        lost,
        holds,
        say: `Step ${step}: crash${c.results.length ? " with the result on the wire" : ""}. State unchanged. ${lost.length} queued action${lost.length === 1 ? "" : "s"} lost.`,
      },
      title: "crash",
      subtitle: c.results.length ? "result on the wire" : "queue lost",
      python: "lab.crash()",
      state: "unchanged",
      network: null,
      flight: [
        ...lost.map((text) => ["-", text, "", "lost with the queue"]),
        ...c.results.map(({ id }) => [" ", `result #${id}`, "", "survives"]),
      ],
    };
  },
  recover: (c, step) => {
    c.up = true;
    const ids = Object.keys(c.pending).map(Number);
    const emits = ids.map((id) => ({ text: `ChargeCard #${id}`, short: `Charge #${id}`, again: c.emitted[id] ?? -1 }));
    for (const id of ids) c.queue.push({ id, text: `ChargeCard #${id}`, tracked: true, from: step });
    return {
      row: {
        ...blank(step, "recover"),
        result: "committed",
        label: "recover",
        short: "recover",
        emits,
        say: `Step ${step}: restore emitted ${ids.map((id) => `ChargeCard ${id} again, first emitted at step ${c.emitted[id]}`).join(", ") || "nothing"}.`,
      },
      title: "recover",
      subtitle: `restore emits ${emits.map((each) => each.text).join(", ") || "nothing"} again`,
      python: "lab.recover()",
      state: "unchanged: restore only reads",
      network: null,
      flight: ids.map((id) => ["+", `ChargeCard #${id}`, "", "queued, again"]),
    };
  },
  deliver: (c, step) => {
    const { id, from } = c.results.shift();
    const late = from < c.crashedAt ? from : -1;
    const cents = c.pending[id];
    const row = { ...blank(step, "deliver"), label: `result #${id}`, short: `#${id}`, late };
    if (cents === undefined) {
      return {
        row: {
          ...row,
          result: "rejected",
          why: `KeyError: ${id}`,
          say: `Step ${step}: second result for ${id} rejected, KeyError ${id}. State unchanged.`,
        },
        title: `deliver #${id}, charged`,
        subtitle: `rejected: KeyError: ${id}`,
        python: `lab.deliver(${id})`,
        state: "unchanged: the transition was rejected",
        network: null,
        flight: [["-", `result #${id}`, "", `from ${from}`]],
      };
    }
    delete c.pending[id];
    c.paid[id] = cents;
    return {
      row: {
        ...row,
        result: "committed",
        say: `Step ${step}: ${late >= 0 ? `late result for ${id}, sent at step ${late}` : `result for ${id}`}, committed. Payment ${id} is paid.`,
      },
      title: `deliver #${id}, charged`,
      subtitle: late >= 0 ? `late: sent at ${late}, before the crash · committed` : "committed",
      python: `lab.deliver(${id})`,
      state: [
        ["-", `pending[${id}]`, "", `${cents}`],
        ["+", `paid[${id}]`, "", `${cents}`],
      ],
      network: null,
      flight: [["-", `result #${id}`, "", `from ${from}`]],
      discharges: id,
    };
  },
};

const LETTER = { start: "S", fire: "F", dispatch: "D", perform: "P", deliver: "V", crash: "X", recover: "R" };
export const letterOf = (row) =>
  row.result === "rejected" || row.own === 2 ? LETTER[row.kind].toLowerCase() : LETTER[row.kind];

const chip = (id, text, mark, title, label, lines, emits, more = {}) => ({
  id,
  text,
  mark,
  enabled: true,
  reason: "",
  title,
  label,
  preview: { lines: lines.map(([sign, words]) => ({ sign, text: words })), more: 0, emits, breaks: "" },
  python: "",
  taken: -1,
  ...more,
});
const off = (words, reason) => words.map((text) => ({ text, reason }));
const group = (key, title, note, more = {}) => ({
  key,
  title,
  note,
  forms: [],
  items: [],
  ruler: [],
  loses: [],
  off_lead: "",
  off: [],
  ...more,
});

function crashGroup(c, who, cents, id) {
  if (!c.up) {
    const recover = chip(
      "recover",
      "recover",
      "recover",
      "recover, runs restore",
      "recover, runs restore",
      Object.keys(c.pending).map((each) => ["+", `#${each} queued, again`]),
      "state unchanged",
    );
    return group("crash", "Crash", "the process is down", {
      items: [{ note: "", chips: [recover] }],
      off_lead: "used:",
      off: off(["crash"], "recovery_crashes is 0"),
    });
  }
  if (c.crashes === 0)
    return group("crash", "Crash", `1 of 1 used, at step ${c.crashedAt}`, {
      off: off(
        ["now", "before commit", "commit unknown", "after commit, 0 1 2 out"],
        `1 of 1 crash used at step ${c.crashedAt}: set Faults(crashes=2)`,
      ),
    });
  const born = [
    ["+", `pending[${id}]=${cents}`],
    ["~", `next_id ${id}→${id + 1}`],
  ];
  const what = `Pay(${who}, ${cents})`;
  const point = (key, title, lines) => ({
    mark: null,
    chip: chip(`crash:${key}`, key, "crash", title, title, lines, "then the process is down"),
  });
  const places = [
    { mark: "input", chip: null },
    point("bc", `${what}: crash before commit`, [
      ["-", "the whole transition"],
      [" ", "state kept"],
    ]),
    { mark: "commit", chip: null },
    point("cu", `${what}: commit unknown`, born),
    point("a0", "crash after commit, 0 of 2 out", born),
    { mark: "tracked", chip: null },
    point("a1", "crash after commit, 1 of 2 out", born),
    { mark: "untracked", chip: null },
    point("a2", "crash after commit, 2 of 2 out", born),
  ];
  const words = [
    { text: "before", first: 0, last: 2 },
    { text: "unknown", first: 2, last: 4 },
    { text: "after, 0 1 2 out", first: 4, last: 8 },
  ];
  const now = chip(
    "crash:now",
    "now",
    "crash",
    "crash between two steps",
    "crash now, between two steps",
    [
      ["-", `queue: ${c.queue.length} lost`],
      [" ", "state kept"],
    ],
    "then the process is down",
  );
  const wire = [
    ...c.requests.map((each) => ({ id: `request ${each.id} ${each.from}`, text: `request #${each.id}` })),
    ...c.results.map((each) => ({ id: `result ${each.id} ${each.from}`, text: `result #${each.id}` })),
  ];
  return group("crash", "Crash", `1 left · in ${what}`, {
    items: [{ note: "", chips: [now] }],
    loses: wire,
    ruler: [{ title: what, places, words }],
  });
}

export function choicesAt(c, step, newest, taken = {}) {
  const [who, cents] = input(c.fired);
  const id = c.next;
  const reason = c.up ? "" : "process is down: recover first";
  const disabled = c.up ? {} : { enabled: false, reason };
  const born = [
    ["+", `pending[${id}]=${cents}`],
    ["~", `next_id ${id}→${id + 1}`],
  ];
  const fire = chip(
    "fire",
    "fire",
    "input",
    `Pay(${who}, ${cents})`,
    `fire Pay(${who}, ${cents})`,
    born,
    `emits ChargeCard #${id}, 1 untracked`,
    disabled,
  );
  const left = Math.max(0, 2 - c.fired);
  const form = {
    type: "Pay",
    fields: [
      { name: "user", annotation: "str", value: `'${who}'` },
      { name: "cents", annotation: "int", value: `${cents}` },
    ],
    editable: c.up,
    chip: fire,
  };
  const items = [];
  for (const each of c.queue) {
    if (each.tracked)
      items.push({
        note: c.crashedAt >= 0 ? `again, from ${each.from}` : "queued",
        chips: [
          chip(
            `dispatch ${each.id}`,
            `dispatch #${each.id}`,
            "tracked",
            `dispatch #${each.id}`,
            `dispatch request ${each.id}`,
            [["~", `#${each.id} queued→wire`]],
            "state unchanged",
          ),
        ],
      });
    else
      items.push({
        note: `${each.text}, queued`,
        chips: [
          chip(
            `dispatch ${each.text}`,
            "dispatch",
            "untracked",
            `dispatch ${each.text}`,
            `dispatch ${each.text}`,
            [["-", each.text]],
            "state unchanged",
          ),
        ],
      });
  }
  for (const each of c.requests) {
    const times = (c.charged[each.id] ?? 0) + 1;
    const again =
      times > 1
        ? {
            preview: {
              lines: [{ sign: "~", text: `charged[${each.id}] ${times - 1}→${times}` }],
              more: 0,
              emits: "",
              breaks: "no_card_is_charged_twice",
            },
          }
        : {};
    items.push({
      note: "",
      chips: [
        chip(
          `perform ${each.id} charged`,
          `#${each.id} charged`,
          "tracked",
          `perform #${each.id}, charged`,
          `perform request ${each.id}, charged`,
          [["+", `charged[${each.id}]=1`]],
          "state unchanged",
          again,
        ),
        chip(
          `perform ${each.id} declined`,
          "declined",
          null,
          `perform #${each.id}, declined`,
          `perform request ${each.id}, declined`,
          [["+", `result #${each.id} "declined"`]],
          "state unchanged",
        ),
      ],
    });
  }
  const flightNote = c.requests.length
    ? `request #${c.requests[0].id} is on the wire`
    : items.length
      ? ""
      : c.up
        ? "nothing queued or sent"
        : "the queue died";
  const results = c.results.map((each) => {
    const late = each.from < c.crashedAt;
    const known = c.pending[each.id] !== undefined;
    const lines = known
      ? [
          ["-", `pending[${each.id}]`],
          ["+", `paid[${each.id}]=${c.pending[each.id]}`],
        ]
      : [["~", `rejected: KeyError: ${each.id}`]];
    return {
      note: late ? `late, from ${each.from}` : `from ${each.from}`,
      chips: [
        chip(
          `deliver ${each.id} ${each.from}`,
          `deliver #${each.id}`,
          "tracked",
          `deliver #${each.id}, charged, from ${each.from}`,
          `deliver result ${each.id}, ${late ? "late, " : ""}from step ${each.from}`,
          lines,
          known ? "emits nothing" : "state unchanged",
          disabled,
        ),
      ],
    };
  });
  const groups = [
    group("inputs", "Inputs", c.up ? `Pay · ${left} of 2 left, in order` : "Pay · recover first", { forms: [form] }),
    group("in_flight", "In flight", flightNote, {
      items,
      ...(c.requests.length
        ? { off_lead: "off:", off: off(["lose", "duplicate", "delay"], "Faults(lost_requests=0)") }
        : {}),
    }),
    group("results", "Results", c.results.length ? (c.up ? "" : "wait on the wire") : "none on the wire", {
      items: results,
      ...(c.results.length
        ? { off_lead: "off:", off: off(["lose", "duplicate", "reorder"], "Faults(lost_results=0)") }
        : {}),
    }),
    crashGroup(c, who, cents, id),
    group("storage", "Storage", "off, budget 0", {
      off: off(["add 1 fails", "add 2 fails", "commit fails"], "Faults(add_errors=0)"),
    }),
  ];
  for (const each of groups)
    for (const one of [
      ...each.forms.map((f) => f.chip),
      ...each.items.flatMap((item) => item.chips),
      ...each.ruler.flatMap((ruler) => ruler.places.flatMap((place) => place.chip ?? [])),
    ])
      one.taken = taken[one.id] ?? -1;
  return {
    note: step === newest ? `at step ${step}` : `at step ${step} of ${newest}`,
    empty: "Nothing can happen here: quiescent.",
    groups,
  };
}

const STF = [
  [21, "async def stf(state, input, actions):"],
  [22, "    match input:"],
  [23, "        case pl.Normal(Pay(user, cents)):"],
  [24, "            payment_id = state.next_id"],
  [25, "            state.next_id += 1"],
  [26, "            state.pending[payment_id] = cents"],
  [27, "            actions.add(pl.Tracked(payment_id, ChargeCard(payment_id, cents)))"],
  [28, '            actions.add(pl.Untracked(f"tell {user}: processing"))'],
  [29, '        case pl.TrackedActionCompleted(payment_id, "charged"):'],
  [30, "            state.paid[payment_id] = state.pending.pop(payment_id)"],
  [31, '        case pl.TrackedActionCompleted(payment_id, "declined"):'],
  [32, "            del state.pending[payment_id]"],
];
const RESTORE = [
  [34, "async def restore(state, actions):"],
  [35, "    for payment_id, cents in state.pending.items():"],
  [36, "        actions.add(pl.Tracked(payment_id, ChargeCard(payment_id, cents)))"],
];
const PERFORM = [
  [42, "def perform(network, action, choose):"],
  [43, '    if choose("charged", "declined") == "declined":'],
  [44, '        return "declined"'],
  [45, "    network.charged[action.payment_id] = network.charged.get(action.payment_id, 0) + 1"],
  [46, '    return "charged"'],
];
const source = (lines, ran, now, notes = {}) =>
  lines.map(([number, text]) => ({
    number,
    text,
    ran: ran.includes(number),
    now: number === now,
    note: notes[number] ?? "",
  }));

export function codeOf(row) {
  const base = { note: `step ${row.step}`, file: "payments.py" };
  if (row.kind === "fire")
    return {
      ...base,
      name: "stf",
      boundary: { mark: "commit", text: "commit, then 2 actions handed over" },
      lines: source(STF, [21, 22, 23, 24, 25, 26, 27, 28], 26, {
        24: "payment_id is 1",
        26: "stored before the action is emitted",
      }),
    };
  if (row.kind === "recover")
    return {
      ...base,
      name: "restore",
      note: `step ${row.step} · 1 turn of the loop`,
      boundary: { mark: "recover", text: "restore returned, 1 action handed over" },
      lines: source(RESTORE, [34, 35, 36], 36, {
        35: "1, 500",
        36: "the same request as at step 1: nothing here asks whether it was done",
      }),
    };
  if (row.kind === "perform")
    return {
      ...base,
      name: "perform",
      note: `step ${row.step} · the card network`,
      boundary: null,
      lines: source(PERFORM, [42, 43, 45, 46], 45, { 45: row.twin >= 0 ? "charged[1] 1 → 2" : "charged[1] is 1" }),
    };
  if (row.kind === "deliver" && row.result === "rejected")
    return {
      ...base,
      name: "stf",
      boundary: { mark: "rejected", text: "rejected at line 30, state unchanged" },
      lines: source(STF, [21, 22, 29], 30, { 30: row.why }),
    };
  if (row.kind === "deliver")
    return {
      ...base,
      name: "stf",
      boundary: { mark: "commit", text: "commit, nothing to hand over" },
      lines: source(STF, [21, 22, 29, 30], 30),
    };
  return {
    ...base,
    name: "stf",
    note: row.kind === "crash" ? "the process is down: no code runs" : `step ${row.step} ran no code`,
    boundary: null,
    lines: source(STF, [], -1),
  };
}

const dict = (object) => Object.entries(object);
const tree = (key, object, bad) => [
  { depth: 0, key, value: dict(object).length ? "" : "{}", bad: false },
  ...dict(object).map(([id, value]) => ({ depth: 1, key: id, value: `${value}`, bad: bad(value) })),
];

export function fullOf(c) {
  const wire = [
    ...c.requests.map((each) => ({ depth: 0, key: "request", value: `#${each.id}`, bad: false })),
    ...c.results.map((each) => ({
      depth: 0,
      key: "result",
      value: `#${each.id} "charged", from ${each.from}`,
      bad: false,
    })),
  ];
  const section = (title, note, items) => ({ title, note, items, more: 0 });
  return [
    section("state", "Payments · durable", [
      { depth: 0, key: "next_id", value: `${c.next}`, bad: false },
      ...tree("pending", c.pending, () => false),
      ...tree("paid", c.paid, () => false),
    ]),
    section(
      "card network",
      "CardNetwork · outside",
      tree("charged", c.charged, (times) => times > 1),
    ),
    section(
      "queue",
      "memory",
      c.queue.map((each) => ({ depth: 0, key: each.text, value: "", bad: false })),
    ),
    section("wire", "outside", wire),
    section("budget left", "", [{ depth: 0, key: "crashes", value: `${c.crashes}`, bad: false }]),
  ];
}

const lines = (list) => list.map(([sign, path, old, value, bad = false]) => ({ sign, path, old, value, bad }));
const section = (title, note, list) => ({
  title,
  note,
  unchanged: list === null ? "unchanged" : typeof list === "string" ? list : "",
  lines: Array.isArray(list) ? lines(list) : [],
  more: 0,
});

export function panelOf(result, c) {
  const { row } = result;
  const sections = [section("state", "durable", result.state), section("card network", "outside", result.network)];
  const late = c.results
    .filter((each) => each.from < c.crashedAt && row.kind !== "crash")
    .map((each) => [" ", `result #${each.id}`, "", `late, from ${each.from}`]);
  if (result.flight) sections.push(section("in flight", "", [...result.flight, ...(row.kind === "deliver" ? [] : late)]));
  const broken = c.brokenSince >= 0;
  const properties = [
    {
      name: "no_card_is_charged_twice",
      kind: "always",
      state: broken ? "broken" : "holds",
      sentence: broken ? "charged is {1: 2}, every value must be 1" : "",
      since: c.brokenSince,
    },
  ];
  return {
    title: row.kind === "start" ? "0 · start" : `${row.step} · ${result.title}`,
    subtitle: result.subtitle,
    sections,
    properties,
    full: fullOf(c),
    code: codeOf(row),
  };
}

/* Plays events after a configuration; steps are numbered from first. Returns what the fixtures need of each. */
export function play(before, kinds, first) {
  const c = clone(before);
  return kinds.map((kind, offset) => {
    const result = EVENTS[kind](c, first + offset);
    result.row.own = c.brokenSince < 0 ? 1 : c.brokenSince === result.row.step ? 2 : 3;
    return { ...result, after: clone(c) };
  });
}

/* Threads and twins over a whole branch: what lives longer than one row. */
export function threadsOf(played) {
  const threads = [];
  const open = [];
  const slotFor = (kind) => {
    let slot = 0;
    while (open.some((each) => each.kind === kind && each.slot === slot)) slot += 1;
    return slot;
  };
  const begin = (kind, id, from, tracked) => {
    const thread = { kind, id, from, to: -1, end: "open", slot: slotFor(kind), tracked };
    open.push(thread);
    threads.push(thread);
  };
  const finish = (kind, id, to, end) => {
    const at = open.findIndex((each) => each.kind === kind && each.id === id);
    if (at >= 0) Object.assign(open.splice(at, 1)[0], { to, end });
  };
  const firstPerform = new Map();
  played.forEach(({ row, keeps, discharges, performs }, index) => {
    const id = (row.label.match(/#\d+/) ?? [""])[0];
    if (row.kind === "dispatch" && row.untracked.length) {
      finish("queue", row.label, index, "used");
      return;
    }
    if (row.kind === "dispatch") {
      finish("queue", id, index, "used");
      begin("request", id, index, true);
    }
    if (row.kind === "perform") {
      finish("request", `#${performs}`, index, "used");
      begin("result", `#${performs}`, index, true);
      row.twin = firstPerform.get(performs) ?? -1;
      if (!firstPerform.has(performs)) firstPerform.set(performs, index);
    }
    if (row.kind === "deliver") finish("result", id, index, "used");
    if (discharges !== undefined) finish("keep", `#${discharges}`, index, "used");
    if (row.kind === "crash")
      for (const each of open.filter((one) => one.kind === "queue")) finish("queue", each.id, index, "lost");
    for (const emit of row.emits) begin("queue", emit.text.match(/#\d+/)[0], index, true);
    for (const text of row.untracked) begin("queue", text, index, false);
    if (keeps !== undefined) begin("keep", `#${keeps}`, index, true);
  });
  return threads;
}
