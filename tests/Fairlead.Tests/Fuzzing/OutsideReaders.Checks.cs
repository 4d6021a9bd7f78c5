using System.Text;
using System.Text.Json;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Contracts;
using Fairlead.Engine.Checking.OpenApi;
using Fairlead.Engine.Checking.Pages;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of what APIs say of themselves, of pictures, and of the file of checks.</summary>
internal static partial class OutsideReaders
{
    private const string ApiSeed = """
        openapi: 3.1.0
        paths:
          /a/{id}:
            parameters: [{ name: id, in: path, required: true, schema: { type: [integer, 'null'], minimum: 1 } }]
            post:
              requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/S' } } } }
              responses: { '200': { content: { application/json: { schema: { oneOf: [{ $ref: '#/components/schemas/S' }, { enum: [1, a] }] } } } } }
        components: { schemas: { S: { allOf: [{ required: [a] }], properties: { a: { $ref: '#/components/schemas/S' } } } } }
        """;

    private static IEnumerable<OutsideReader> Checks()
    {
        var known = ApiDocument.Read(Encoding.UTF8.GetBytes(ApiSeed), "known");
        yield return OutsideReader
            .OfText(
                "OpenAPI document",
                text =>
                {
                    var document = ApiDocument.Read(Encoding.UTF8.GetBytes(text), "api");
                    _ = ApiDiff.Of(known, document, new(2026, 1, 1));
                    _ = ApiDiff.Of(document, known, new(2026, 1, 1));
                    Assert.All(
                        document.Operations,
                        one => ContractCase.Of(document, one, new Uri("http://127.0.0.1/"), [])
                    );
                },
                ApiSeed,
                """{"swagger":"2.0","paths":{"/a":{"post":{"parameters":[{"in":"body","name":"b","schema":{"type":"string"}}],"responses":{}}}}}"""
            )
            .Refuses<ProblemException>();
        yield return FurtherFile(known);
        yield return OutsideReader
            .OfText(
                "value of a schema",
                text =>
                    new SchemaCheck(known).Faults(
                        known.Root["components"]?["schemas"]?["S"],
                        AnswerJson.Read(Encoding.UTF8.GetBytes(text))
                    ),
                """{"a":{"a":{"a":1}}}"""
            )
            .Refuses<JsonException>();
        yield return new OutsideReader(
            "picture of a page",
            [Png.Write(new Picture(2, 2, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]))],
            static bytes => Png.Read(bytes)
        ).Refuses<InvalidDataException>();
        yield return OutsideReader
            .OfText(
                "file of checks",
                text => ChecksReader.Read(text),
                "openapi: { document: a.yaml, base: 'main:', allow: [{ rule: a, reason: b, until: 2027-01-01 }] }\nload: { stages: [{ rate: 5/1s, for: 3s }] }\n"
            )
            .Refuses<ProblemException>();
    }

    private static OutsideReader FurtherFile(ApiDocument known)
    {
        return OutsideReader
            .OfText(
                "further file of an OpenAPI document",
                text =>
                {
                    var files = ApiFiles
                        .ReadAsync(
                            Encoding.UTF8.GetBytes("openapi: 3.1.0\npaths: { /a: { $ref: 'b/c.yaml#/d' } }"),
                            "api",
                            "a/api.yaml",
                            (_, _) => Task.FromResult<byte[]?>(Encoding.UTF8.GetBytes(text)),
                            CancellationToken.None
                        )
                        .GetAwaiter()
                        .GetResult();
                    _ = ApiDiff.Of(known, ApiDocument.Of(files, "api"), new(2026, 1, 1));
                },
                "d: { get: { responses: { '200': { $ref: '../x.yaml' } }, callbacks: { e: { '{$url}': { $ref: '#/d' } } } } }"
            )
            .Refuses<ProblemException>();
    }
}
