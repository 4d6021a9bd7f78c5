using System.Runtime.CompilerServices;
using System.Text;
using Fairlead.Engine.Checking.OpenApi;
using Fairlead.Model.Problems;
using Fairlead.Tests.Manifests.Detecting;

namespace Fairlead.Tests.Checking;

/// <summary>
/// Pairs of documents and what their difference does to callers. <c>old</c> and <c>new</c> are whole documents, or schemas, which then
/// stand in a request and in a response. Run once with FAIRLEAD_GOLDEN=write to take new answers, and read the difference.
/// </summary>
public sealed class ApiDiffTests
{
    private static readonly DateOnly Today = new(2026, 11, 27);

    public static TheoryData<string> GoldenFiles => ["openapi-documents.txt", "openapi-schemas.txt"];

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void Changes_are_told_by_what_they_do_to_callers(string file)
    {
        var path = Path.Combine(Here(), "Golden", file);
        var cases = GoldenCase.Read(path);
        var actual = GoldenCase.Text(cases.Select(static one => one with { Expected = Text(one.Files) }));
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, actual);
        }
        Assert.Equal(GoldenCase.Text(cases), actual);
    }

    [Fact]
    public void A_document_does_not_differ_from_itself_whatever_is_in_it()
    {
        foreach (
            var one in ((string[])["openapi-documents.txt", "openapi-schemas.txt"]).SelectMany(file =>
                GoldenCase.Read(Path.Combine(Here(), "Golden", file))
            )
        )
        {
            foreach (var text in one.Files.Values)
            {
                Assert.Empty(ApiDiff.Of(Document(text, "a"), Document(text, "b"), Today));
            }
        }
    }

    [Fact]
    public void Schemas_that_lead_back_to_themselves_in_a_thousand_ways_are_compared_in_a_moment()
    {
        static string Web(string type) =>
            "openapi: 3.1.0\npaths: { /a: { get: { responses: { '200': { content: { application/json: { schema: { $ref: '#/components/schemas/S0' } } } } } } } }\ncomponents:\n  schemas:\n"
            + string.Concat(
                Enumerable
                    .Range(0, 60)
                    .Select(number =>
                        $"    S{number}:\n      type: object\n      properties:\n"
                        + string.Concat(
                            Enumerable
                                .Range(0, 60)
                                .Select(other => $"        p{other}: {{ $ref: '#/components/schemas/S{other}' }}\n")
                        )
                        + $"        own: {{ type: {type} }}\n"
                    )
            );
        var changes = ApiDiff.Of(Document(Web("string"), "a"), Document(Web("integer"), "b"), Today);
        Assert.Equal(60, changes.Count);
        Assert.All(changes, static one => Assert.Equal("type-changed", one.Rule));
    }

    [Theory]
    [InlineData("openapi: 3.0.0\npaths: { /a: { $ref: '#/paths/~1a' } }", "openapi.reference")]
    [InlineData(
        "openapi: 3.0.0\npaths: { /a: { get: { parameters: [{ $ref: 'other.yaml#/x' }] } } }",
        "openapi.reference"
    )]
    [InlineData("openapi: 4.0.0\npaths: {}", "openapi.not-openapi")]
    [InlineData("{\"openapi\": \"3.0.0\", \"paths\": {}", "openapi.unreadable")]
    [InlineData("{\"openapi\": \"3.0.0\", \"paths\": }", "openapi.unreadable")]
    [InlineData("- a\n- b", "openapi.not-openapi")]
    public void What_is_no_document_is_refused_with_its_place(string text, string code) =>
        Assert.Equal(code, Assert.Throws<ProblemException>(() => Document(text, "api")).Problem.Code);

    [Fact]
    public void Lines_are_those_of_the_file_whether_it_is_JSON_or_YAML()
    {
        const string Json =
            "{\n\t\"openapi\": \"3.0.0\",\n\t\"paths\": {\n\t\t\"/a\": {\n\t\t\t\"get\": {}\n\t\t}\n\t}\n}";
        const string Yaml = "openapi: 3.0.0\n\npaths:\n  /a:\n    get:\n      {}\n";
        Assert.Equal(
            [5, 6],
            new[] { Json, Yaml }.Select(static one => Document(one, "api").Operations.Single().Written.Line)
        );
    }

    private static string Text(IReadOnlyDictionary<string, string> files)
    {
        var changes = ApiDiff.Of(Document(files["old"], "old"), Document(files["new"], "new"), Today);
        return changes.Count == 0
            ? "nothing"
            : string.Join(
                '\n',
                changes.Select(static one =>
                    $"{one.Impact.ToString().ToLowerInvariant()} {one.Rule} at {one.Where}: {one.What}{(one.Others == 0 ? "" : $" +{one.Others}")}"
                )
            );
    }

    private static ApiDocument Document(string text, string name) =>
        ApiDocument.Read(Encoding.UTF8.GetBytes(IsWhole(text) ? text : Around(text)), name);

    private static bool IsWhole(string text) =>
        text.StartsWith('{')
        || text.StartsWith('-')
        || text.Contains("openapi:", StringComparison.Ordinal)
        || text.Contains("swagger:", StringComparison.Ordinal);

    private static string Around(string schema) =>
        "openapi: 3.1.0\npaths:\n  /things:\n    post:\n      requestBody:\n        content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } }\n"
        + "      responses:\n        '200':\n          content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } }\ncomponents:\n  schemas:\n    Other: { type: object, properties: { kind: { type: string } } }\n    More: { type: object, properties: { size: { type: integer } } }\n    Thing:\n"
        + string.Concat(schema.TrimEnd('\n').Split('\n').Select(static line => $"      {line}\n"));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
