// Reads {"packages": {group: package}, "objects": [...]} on standard input, prints a list of problems, each {"index", "problem"}.
//
// The models accept unknown keys, as an API server without strict decoding would. They are generated validators without a schema to
// walk, so the keys that a type has are found by watching: a validator asks its object for every key that it knows. A key that no
// validator asked for is unknown. Two cases allow any key: a map, whose keys the validator enumerates, and an object that the
// schema leaves open, of which it asks nothing.
import { text } from "node:stream/consumers";

const { packages, objects } = JSON.parse(await text(process.stdin));

const problems = [];
for (const [index, object] of objects.entries()) {
  for (const problem of await check(object)) problems.push({ index, problem });
}
process.stdout.write(JSON.stringify(problems));

async function check(object) {
  const [group, version] = object.apiVersion.split("/");
  let models;
  try {
    models = await import(`${packages[group]}/${group}/${version}`);
  } catch (error) {
    if (error.code === "ERR_PACKAGE_PATH_NOT_EXPORTED") return [`${packages[group]} has no ${object.apiVersion}`];
    throw error;
  }
  const Model = models[object.kind];
  if (Model?.kind !== object.kind) return [`${packages[group]} has no ${object.kind} in ${object.apiVersion}`];

  const seen = new Map();
  const found = [];
  try {
    Model.prototype.validate.call(watched(object, "", seen));
  } catch (error) {
    if (!Array.isArray(error.errors)) throw error;
    found.push(...error.errors.map((one) => `${one.instancePath || "/"} ${one.message}`));
  }
  return [...new Set(found), ...unknownKeys(seen)];
}

function watched(value, path, seen) {
  if (value === null || typeof value !== "object") return value;
  if (!seen.has(path)) {
    const asked = { value, keys: new Set(), enumerated: false };
    asked.proxy = new Proxy(value, {
      get(target, key) {
        if (typeof key !== "string") return target[key];
        asked.keys.add(key);
        return watched(target[key], `${path}/${key}`, seen);
      },
      has(target, key) {
        asked.keys.add(key);
        return key in target;
      },
      ownKeys(target) {
        asked.enumerated = true;
        return Reflect.ownKeys(target);
      },
    });
    seen.set(path, asked);
  }
  return seen.get(path).proxy;
}

function unknownKeys(seen) {
  const unknown = [];
  for (const [path, { value, keys, enumerated }] of seen) {
    if (Array.isArray(value) || enumerated || keys.size === 0) continue;
    for (const key of Object.keys(value)) if (!keys.has(key)) unknown.push(`${path}/${key} is not a field`);
  }
  return unknown;
}
