// A core that is still on its way: what is asked of it meanwhile waits, in order.

import { traceCaller } from "../api/caller.js";
import load, { init } from "../js/index.js";
import { copy, destroyed } from "./errors.js";

/**
 * @param {object} config of the core
 * @param {{ onReady: (api) => void, onFailure: (error) => void }} handlers once there is a core, or there will be none
 */
export const createLate = (config, { onReady, onFailure }) => {
  let api;
  let failure;
  let waiting = [];
  let isDestroyed = false;

  const when = (run, refuse) => {
    if (isDestroyed) refuse(destroyed());
    else if (api) run(api);
    else if (failure) refuse(failure);
    else waiting.push({ run, refuse });
  };

  const end = (error) => {
    const refused = waiting;
    waiting = [];
    for (const { refuse } of refused) refuse(error);
  };

  const start = async () => {
    failure = undefined;
    try {
      await load();
      if (isDestroyed) return;
      api = init(config);
    } catch (error) {
      if (isDestroyed) return;
      failure = error;
      end(error);
      return onFailure(error);
    }
    onReady(api);
    for (const { run } of waiting.splice(0)) run(api);
  };
  start();

  return {
    /** A call that answers with a promise. It never throws. */
    call: (act) =>
      traceCaller(
        new Promise((resolve, reject) =>
          // One failure refuses many calls, and each has its own caller.
          when((api) => resolve((async () => act(api))()), (error) => reject(copy(error))),
        ),
      ),
    /** One that nobody hears of again. */
    tell: (act) => when(act, () => {}),
    /** Tries again to get a core, if that has failed. */
    revive: () => {
      if (failure) start();
    },
    destroy: () => {
      if (isDestroyed) return;
      isDestroyed = true;
      end(destroyed());
      api?.destroy();
    },
  };
};
