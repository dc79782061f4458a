/** What holds the chosen box: which faces rest on points, and how many points it has. */

import { computed } from "@preact/signals";
import { countInside } from "../math/grid";
import type { Bench } from "../tools/bench";
import { assumedFaces } from "../tools/evidence";
import type { Evidence } from "./desk";

export function evidenceOf(bench: Bench): Evidence {
  return {
    assumed: computed(() => assumedFaces(bench.cloud.value, bench.selectedEgo.value)),
    inside: computed(() => {
      const [cloud, cuboid] = [bench.cloud.value, bench.selectedEgo.value];
      return cloud && cuboid ? countInside(cloud.grid, cloud.positions, cuboid) : 0;
    }),
  };
}
