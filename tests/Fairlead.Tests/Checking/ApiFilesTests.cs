using System.Globalization;
using System.Text;
using Fairlead.Engine.Checking.OpenApi;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Checking;

public sealed class ApiFilesTests
{
    private static readonly DateOnly Today = new(2026, 1, 5);

    private static readonly Dictionary<string, string> Shop = new()
    {
        ["api/openapi.yaml"] = """
            openapi: 3.1.0
            paths:
              /orders: { $ref: paths/orders.yaml }
              /users: { get: { responses: { '200': { $ref: './parts/answers.yaml#/Users' } } } }
            components: { schemas: { Id: { type: string } } }
            """,
        ["api/paths/orders.yaml"] = """
            get:
              responses:
                '200': { content: { application/json: { schema: { $ref: '../../models/order.json' } } } }
            """,
        ["models/order.json"] = """
            {
              "type": "object",
              "properties": {
                "id": { "$ref": "../api/openapi.yaml#/components/schemas/Id" },
                "parent": { "$ref": "order.json" },
                "total": { "$ref": "#/$defs/Money" }
              },
              "$defs": { "Money": { "type": "number" } }
            }
            """,
        ["api/parts/answers.yaml"] =
            "Users: { content: { application/json: { schema: { type: array, items: { $ref: '../openapi.yaml#/components/schemas/Id' } } } } }",
    };

    [Fact]
    public async Task A_document_of_several_files_is_compared_as_one_and_changes_are_told_where_they_stand()
    {
        var after = new Dictionary<string, string>(Shop);
        after["models/order.json"] = Shop["models/order.json"]
            .Replace("\"number\"", "\"string\"", StringComparison.Ordinal);
        after["api/openapi.yaml"] = Shop["api/openapi.yaml"]
            .Replace("Id: { type: string }", "Id: { type: integer }", StringComparison.Ordinal);

        var changes = ApiDiff.Of(await ReadAsync(Shop), await ReadAsync(after), Today);

        Assert.Equal(
            [
                "api/openapi.yaml:5 type-changed GET /orders: response 200 .id",
                "models/order.json:8 type-changed GET /orders: response 200 .total",
            ],
            changes.Select(static one => $"{one.Place.Text("api/openapi.yaml")} {one.Rule} {one.Where}").Order()
        );
        Assert.Equal(1, changes.Single(static one => one.Where.EndsWith(".id", StringComparison.Ordinal)).Others);
        Assert.Empty(ApiDiff.Of(await ReadAsync(Shop), await ReadAsync(Shop), Today));
    }

    [Theory]
    [InlineData("https://example.com/order.json", "no address is asked")]
    [InlineData("//example.com/order.json", "no address is asked")]
    [InlineData("file:///etc/passwd", "no address is asked")]
    [InlineData("/etc/passwd", "no address is asked")]
    [InlineData("../../../etc/passwd", "no address is asked")]
    [InlineData("%2e%2e/%2e%2e/%2e%2e/etc/passwd", "no address is asked")]
    [InlineData("..\\\\..\\\\etc", "no address is asked")]
    [InlineData("nowhere.yaml#/Order", "There is no such file")]
    [InlineData("../models/order.json#/none", "There is no such file")]
    [InlineData("circle.yaml", "leads back to itself")]
    public async Task A_reference_out_of_the_folder_or_to_nothing_is_refused_and_nothing_else_is_read(
        string reference,
        string why
    )
    {
        var asked = new List<string>();
        var files = new Dictionary<string, string>(Shop)
        {
            ["api/openapi.yaml"] = $"openapi: 3.1.0\npaths: {{ /a: {{ $ref: \"{reference}\" }} }}",
            ["api/circle.yaml"] = "$ref: circle.yaml",
        };

        var caught = await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(files, asked));

        Assert.Equal("openapi.reference", caught.Problem.Code);
        Assert.Contains(why, caught.Problem.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(asked, static one => one.Contains("etc", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_document_of_files_without_end_is_refused()
    {
        var caught = await Assert.ThrowsAsync<ProblemException>(() =>
            ApiFiles.ReadAsync(
                Bytes("openapi: 3.1.0\npaths: { /a: { $ref: 0.yaml } }"),
                "api",
                "api.yaml",
                static (path, _) =>
                    Task.FromResult<byte[]?>(
                        Bytes($"$ref: {int.Parse(path.Split('.')[0], CultureInfo.InvariantCulture) + 1}.yaml")
                    ),
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal("openapi.too-many-files", caught.Problem.Code);
    }

    private static async Task<ApiDocument> ReadAsync(Dictionary<string, string> files, List<string>? asked = null) =>
        ApiDocument.Of(
            await ApiFiles.ReadAsync(
                Bytes(files["api/openapi.yaml"]),
                "api/openapi.yaml",
                "api/openapi.yaml",
                (path, _) =>
                {
                    asked?.Add(path);
                    return Task.FromResult(files.TryGetValue(path, out var text) ? Bytes(text) : null);
                },
                TestContext.Current.CancellationToken
            ),
            "api/openapi.yaml"
        );

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
