// The monotonic clock. Reading it costs as much as a tenth of all that is done for a frame; the event that brought the
// frame has its moment with it, for a quarter of that.

/** Only what is just ahead of the last reading is believed: not every environment's events know this clock. */
const NEAR_MS = 5_000;

const clock = globalThis.performance ?? Date;
let last = 0;
let moment = NaN;

/** When the event happened that is told to the core next. */
export const happened = (timeStamp) => {
  moment = timeStamp;
};

/** Milliseconds. */
export const now = () => {
  const ahead = moment - last;
  last = ahead >= 0 && ahead < NEAR_MS ? moment : clock.now();
  moment = NaN;
  return last;
};
