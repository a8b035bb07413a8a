// What LiveChat's SDK gives, ours must give: the same name, at least the same fields, the same values.

/** The places at which `ours` lacks or changes something of `vendors`, as `path: vendor's ≠ ours`. */
export function missing(vendors, ours, path = "") {
  if (vendors === undefined) return [];
  if (Array.isArray(vendors)) {
    if (!Array.isArray(ours) || ours.length !== vendors.length) return [difference(path, vendors, ours)];
    return vendors.flatMap((value, index) => missing(value, ours[index], `${path}[${index}]`));
  }
  if (vendors !== null && typeof vendors === "object") {
    if (ours === null || typeof ours !== "object") return [difference(path, vendors, ours)];
    return Object.entries(vendors).flatMap(([key, value]) => missing(value, ours[key], path ? `${path}.${key}` : key));
  }
  return Object.is(vendors, ours) ? [] : [difference(path, vendors, ours)];
}

const difference = (path, vendors, ours) => `${path}: ${JSON.stringify(vendors)} ≠ ${JSON.stringify(ours)}`;

/** The same for lists of events: each of LiveChat's, in its order, must be among ours; and nothing is told twice. */
export function missingEvents(vendors, ours) {
  const names = (events) => events.map(({ name }) => name).join(", ");
  const surplus = ours.length > vendors.length ? [`ours told ${names(ours)} for ${names(vendors)}`] : [];
  let from = 0;
  const lacking = vendors.flatMap(({ name, payload }) => {
    const index = ours.findIndex((event, at) => at >= from && event.name === name);
    if (index < 0) return [`${name} was not told; ours told ${names(ours) || "nothing"}`];
    from = index + 1;
    return missing(payload, ours[index].payload, name);
  });
  return [...lacking, ...surplus];
}
