// Needs no cloud and no keys: npm test
import { strict as assert } from "node:assert";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";

const made = new Map<string, { type: string; inputs: any }>();

pulumi.runtime.setMocks(
  {
    newResource: (one) => {
      made.set(`${one.type} ${one.name}`, { type: one.type, inputs: one.inputs });
      return { id: `${one.name}-id`, state: { ...one.inputs, ...known, arn: `arn:aws:any:::${one.name}` } };
    },
    call: (one) => ({ ...one.inputs, ...looked }),
  },
  "offline",
  "test",
);

// What only AWS knows.
const looked = {
  accountId: "123456789012",
  insecureValue: "ami-0123456789abcdef0",
  name: "region",
  names: ["a", "b", "c", "d", "e", "f"],
  partition: "aws",
  zoneId: "Z0123456789ABC",
};
const known = {
  masterUserSecrets: [{ secretArn: "arn:aws:secretsmanager:::secret:rds" }],
  domainValidationOptions: [
  ],
};

const program = import("./index").then(() => pulumi.runtime.disconnect());

test("everything is asked for", async () => {
  await program;
  assert.equal([...made.values()].filter((one) => one.type.startsWith("aws:")).length, 55);
});

test("no bucket is open", async () => {
  await program;
  for (const { type, inputs } of made.values()) {
    if (type.includes("BucketPublicAccessBlock")) assert.equal(inputs.restrictPublicBuckets, true);
  }
});

test("databases are encrypted and private", async () => {
  await program;
  for (const { type, inputs } of made.values()) {
    if (type !== "aws:rds/instance:Instance") continue;
    assert.equal(inputs.storageEncrypted, true);
    assert.equal(inputs.publiclyAccessible, false);
  }
});
