using System.Globalization;
using System.Text;
using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Pulumi;

/// <summary>A test that a team runs without a cloud: Pulumi's own mocks take what the program asks for.</summary>
internal static class PulumiTest
{
    private const string Head = """
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

        """;

    public static string Text(AwsDraft draft)
    {
        var text = new StringBuilder(Head.Replace("        \n", "\n", StringComparison.Ordinal));
        text.Append("const known = {\n");
        text.Append("  masterUserSecrets: [{ secretArn: \"arn:aws:secretsmanager:::secret:rds\" }],\n");
        text.Append("  domainValidationOptions: [\n");
        foreach (var host in draft.Graph.All<Certificate>().SelectMany(static one => one.Hosts).Distinct())
        {
            text.Append(
                $"    {{ domainName: {TypeScript.Quoted(host)}, resourceRecordName: \"_x\", resourceRecordType: \"CNAME\", resourceRecordValue: \"_y\" }},\n"
            );
        }
        text.Append("  ],\n};\n\n");
        text.Append("const program = import(\"./index\").then(() => pulumi.runtime.disconnect());\n");
        var count = draft.Pieces.Count(static one => !one.IsData);
        AppendTest(
            text,
            "everything is asked for",
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"assert.equal([...made.values()].filter((one) => one.type.startsWith(\"aws:\")).length, {count});"
                ),
            ]
        );
        AppendTest(
            text,
            "no bucket is open",
            [
                "for (const { type, inputs } of made.values()) {",
                "  if (type.includes(\"BucketPublicAccessBlock\")) assert.equal(inputs.restrictPublicBuckets, true);",
                "}",
            ]
        );
        AppendTest(
            text,
            "databases are encrypted and private",
            [
                "for (const { type, inputs } of made.values()) {",
                "  if (type !== \"aws:rds/instance:Instance\") continue;",
                "  assert.equal(inputs.storageEncrypted, true);",
                "  assert.equal(inputs.publiclyAccessible, false);",
                "}",
            ]
        );
        return text.ToString();
    }

    private static void AppendTest(StringBuilder text, string name, IEnumerable<string> lines)
    {
        text.Append($"\ntest({TypeScript.Quoted(name)}, async () => {{\n  await program;\n");
        foreach (var line in lines)
        {
            text.Append($"  {line}\n");
        }
        text.Append("});\n");
    }
}
