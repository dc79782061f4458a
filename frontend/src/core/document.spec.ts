import { describe, expect, it } from "vitest";
import { DocumentStore } from "./document";
import { WORLD } from "./evaluate";
import { newChangeSets } from "./ops";
import {
  cuboid,
  FRAME_NS,
  keyedAt,
  labelDocument,
  manifest,
  object,
  plain,
  randomOps,
  seeded,
} from "./samples";
import { Scene } from "./scene";
import { effect } from "./signals";
import type { ChangeSet, CommittedChangeSet, Op, SaveAnswer, Vec3 } from "./types";

const CENTER: Vec3 = [20, 0, 0.8];

function store(): DocumentStore {
  const keys = [{ ...keyedAt(cuboid(CENTER)), at_ns: 0 }];
  return new DocumentStore(new Scene(manifest()), labelDocument([object("a", keys)]));
}

function put(center_m: Vec3, at_ns = 0, obj = "a"): Op {
  return {
    k: "key.put",
    obj,
    stream: WORLD,
    at_ns,
    prev: null,
    next: keyedAt(cuboid(center_m)),
  };
}

function only(changesets: readonly ChangeSet[]): ChangeSet {
  const [first] = changesets;
  if (!first) throw new RangeError("no change set was made");
  return first;
}

function committed(changeset: ChangeSet, version: number): CommittedChangeSet {
  return { ...changeset, version, author_id: 2 };
}

function answer(change: Partial<SaveAnswer>): SaveAnswer {
  return {
    version: 2,
    accepted: [],
    since: [],
    findings: { opened: [], updated: [], closed: [] },
    residuals: [],
    ...change,
  };
}

describe("the document", () => {
  it("shows a drag without keeping it", () => {
    const document = store();

    document.preview([put([30, 0, 0.8])]);
    const shown = document.object("a").value;
    document.clearPreview();

    expect(shown && document.cuboidAt(shown, 0)?.center_m).toEqual([30, 0, 0.8]);
    expect(document.objects.value).toBe(document.committed.value);
    expect(document.pending).toEqual([]);
  });

  it("wakes only those who read the object that changed", () => {
    const document = store();
    document.add(only(newChangeSets("Add", [{ k: "obj.add", obj: "b", next: objectFields() }])));
    let woken = 0;
    const stop = effect(() => {
      document.object("b").value;
      woken += 1;
    });

    document.preview([put([30, 0, 0.8])]);
    stop();

    expect(woken).toBe(1);
  });

  it("keeps mine on top of theirs", () => {
    const document = store();
    const mine = only(newChangeSets("Move", [put([25, 0, 0.8])]));
    document.add(mine);
    const theirs = only(newChangeSets("Later key", [put([40, 0, 0.8], FRAME_NS)]));

    document.rebaseOnto([committed(theirs, 2)], 2);

    const found = document.object("a").value;
    expect(found?.streams[WORLD]?.map((key) => key.at_ns)).toEqual([0, FRAME_NS]);
    expect(found && document.cuboidAt(found, 0)?.center_m).toEqual([25, 0, 0.8]);
    expect(document.pending).toEqual([mine]);
    expect(document.version.value).toBe(2);
  });

  it("says which of mine no longer fit", () => {
    const document = store();
    const mine = only(newChangeSets("Move", [put([25, 0, 0.8])]));
    document.add(mine);
    const theirs = only(
      newChangeSets("Delete", [
        { k: "obj.del", obj: "a", prev: { ...objectFields(), streams: {} } },
      ]),
    );

    const unapplied = document.rebaseOnto([committed(theirs, 2)], 2);

    expect(unapplied.map((each) => each.changeset.id)).toEqual([mine.id]);
    expect(document.objects.value.size).toBe(0);
  });

  it("takes an acknowledged change for the server's, and sends nothing twice", () => {
    const document = store();
    const mine = only(newChangeSets("Move", [put([25, 0, 0.8])]));
    document.add(mine);
    const before = plain(document.objects.value);

    document.acknowledge(answer({ version: 2, accepted: [{ id: mine.id, version: 2 }] }));

    expect(document.pending).toEqual([]);
    expect(plain(document.objects.value)).toEqual(before);
  });

  it("recognises its own change sets when it catches up", () => {
    const document = store();
    const mine = only(newChangeSets("Move", [put([25, 0, 0.8])]));
    document.add(mine);
    const heard: string[] = [];
    document.onChange(({ source, footprints }) => heard.push(`${source} ${footprints.length}`));

    document.rebaseOnto([committed(mine, 2)], 2);

    expect(document.pending).toEqual([]);
    expect(heard).toEqual(["theirs 0"]);
  });

  it("ends up the same whether theirs come before or after, when they touch other things", () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = seeded(seed);
      const [left, right] = [store(), store()];
      const mine = newChangeSets("Mine", randomOps(new Map(), 10, random)).slice(0, 1);
      const theirs = newChangeSets("Theirs", randomOps(new Map(), 10, random))
        .slice(0, 1)
        .map((each) => committed(each, 2));

      for (const each of mine) left.add(each);
      left.rebaseOnto(theirs, 2);
      right.rebaseOnto(theirs, 2);
      for (const each of mine) right.add(each);

      expect(plain(left.objects.value)).toEqual(plain(right.objects.value));
    }
  });

  it("merges findings by id", () => {
    const document = store();
    const finding = {
      id: 1,
      check: "ground.gap",
      severity: "warning",
      blocking: false,
      state: "open",
      source: "check",
      object_id: "a",
      sensor_key: null,
      at_ns: 0,
      message: "floats 0.21 m",
      measured: 0.21,
      threshold: 0.15,
      unit: "m",
      clause: "",
      fixes: [],
      waiver_reason: "",
      author_name: "",
      created_at: "",
    } as const;

    document.receiveFindings({
      opened: [finding, { ...finding, id: 2 }],
      updated: [],
      closed: [],
    });
    document.receiveFindings({
      opened: [],
      updated: [{ ...finding, measured: 0.3 }],
      closed: [2],
    });

    expect(document.findings.value.map(({ id, measured }) => [id, measured])).toEqual([[1, 0.3]]);
  });
});

function objectFields() {
  return { class: "car", attributes: {}, motion: "dynamic", size_locked: false } as const;
}
