using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>An OpenAPI document: Swagger 2.0, OpenAPI 3.0 to 3.2. References within it and into other files of the folder are followed.</summary>
/// <remarks>By the specifications of the OpenAPI Initiative, 2.0 to 3.2.</remarks>
internal sealed class ApiDocument
{
    private const int HopsMax = 32;

    private static readonly string[] Methods =
    [
        "get",
        "put",
        "post",
        "delete",
        "options",
        "head",
        "patch",
        "trace",
        "query",
    ];

    private readonly IReadOnlyDictionary<string, ApiTree?> others;

    private ApiDocument(ApiFiles files, string file, string version)
    {
        Root = files.Root;
        others = files.Others;
        File = file;
        IsSwagger = version.StartsWith('2');
        // From 3.1 on a reference may have words beside it, and types are lists.
        HasWordsBesideReferences =
            version.StartsWith("3.", StringComparison.Ordinal) && !version.StartsWith("3.0", StringComparison.Ordinal);
        Operations = [.. Read()];
        Calls = [.. ApiCalls.Of(this)];
    }

    public ApiTree Root { get; }

    /// <summary>How it is called, for messages.</summary>
    public string File { get; }

    public bool IsSwagger { get; }

    private bool HasWordsBesideReferences { get; }

    /// <summary>In the order of the document.</summary>
    public IReadOnlyList<ApiOperation> Operations { get; }

    /// <summary>What the service asks of others: its webhooks and callbacks.</summary>
    public IReadOnlyList<ApiOperation> Calls { get; }

    /// <summary>How callers prove who they are, by name.</summary>
    public ApiTree? SecuritySchemes => IsSwagger ? Root["securityDefinitions"] : Root["components"]?["securitySchemes"];

    /// <exception cref="ProblemException">It cannot be read, or is no such document.</exception>
    public static ApiDocument Read(byte[] bytes, string file) =>
        Of(new(ApiReader.Read(bytes, file), new Dictionary<string, ApiTree?>()), file);

    /// <exception cref="ProblemException">It cannot be read, or is no such document.</exception>
    public static ApiDocument Of(ApiFiles files, string file)
    {
        var root = files.Root;
        var version = root.Word("openapi") ?? root.Word("swagger") ?? "";
        return version.StartsWith("3.", StringComparison.Ordinal) || version == "2.0"
            ? new(files, file, version)
            : throw new ProblemException(
                new Problem(
                    "openapi.not-openapi",
                    What: $"{file} is no OpenAPI document.",
                    Why: version.Length == 0
                        ? "Neither 'openapi' nor 'swagger' says which version it is."
                        : $"Its version is '{version}'; read are 2.0 and 3.x.",
                    Fix: "Give the document that describes the API, which begins with: openapi: 3.1.0"
                )
                {
                    Where = $"{file}:{root.Line}",
                    Trouble = Trouble.WrongUse,
                }
            );
    }

    /// <summary>What a value stands for: itself, or what its reference leads to.</summary>
    /// <exception cref="ProblemException">The reference leads nowhere, out of the document, or in a circle.</exception>
    public ApiTree Resolve(ApiTree value)
    {
        for (var hops = 0; value["$ref"] is { Text: { } reference, IsText: true } written; hops++)
        {
            value =
                hops < HopsMax
                    ? Find(reference) ?? throw Missing(reference, written)
                    : throw Missing(reference, written);
        }
        return value;
    }

    /// <summary>As <see cref="Resolve"/>, for a schema: a reference with words beside it is more than what it leads to.</summary>
    public ApiTree Follow(ApiTree schema)
    {
        for (var hops = 0; schema["$ref"] is not null && !HasMore(schema); hops++)
        {
            schema = hops < HopsMax ? Next(schema) : Resolve(schema);
        }
        return schema;
    }

    /// <summary>One step of a reference.</summary>
    public ApiTree Next(ApiTree reference) =>
        reference["$ref"] is { Text: { } text } written ? Find(text) ?? throw Missing(text, written) : reference;

    /// <summary>Whether what stands beside a reference counts.</summary>
    public bool HasMore(ApiTree reference) => HasWordsBesideReferences && reference.Members.Count > 1;

    private ApiTree? Find(string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var at = hash == 0 ? Root : others.GetValueOrDefault(hash < 0 ? reference : reference[..hash]);
        foreach (
            var part in Uri.UnescapeDataString(hash < 0 ? "" : reference[(hash + 1)..])
                .Split('/', StringSplitOptions.RemoveEmptyEntries)
        )
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            at =
                at is { IsList: true }
                && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    ? at.Items.ElementAtOrDefault(index)
                    : at?[name];
        }
        return at;
    }

    private IEnumerable<ApiOperation> Read()
    {
        foreach (var (path, written) in Root["paths"]?.Members ?? [])
        {
            var item = Resolve(written);
            foreach (var operation in OperationsOf(path, item))
            {
                yield return operation;
            }
        }
    }

    /// <summary>The operations of a path.</summary>
    /// <param name="item">What the path says, as it was resolved.</param>
    public IEnumerable<ApiOperation> OperationsOf(string path, ApiTree item) =>
        item
            .Members.Where(static one => Methods.Contains(one.Key))
            .Select(one => ApiOperation.Read(this, (one.Key.ToUpperInvariant(), path), item, one.Value));

    private ProblemException Missing(string reference, ApiTree written) =>
        new(
            new Problem(
                "openapi.reference",
                What: $"The reference {reference} in {File} leads to nothing.",
                Why: reference.StartsWith('#') ? "Nothing stands there, or it leads back to itself."
                    : ApiFiles.IsInside(reference)
                        ? "There is no such file in the folder, or nothing stands at that place of it, or it leads back to itself."
                    : "Only references to files of the folder are followed, and no address is asked: what holds today may hold otherwise tomorrow.",
                Fix: reference.StartsWith('#') || ApiFiles.IsInside(reference)
                    ? "Mend the reference."
                    : "Keep the file in the folder, or make one document of all: npx @redocly/cli bundle openapi.yaml -o all.yaml"
            )
            {
                Where = written.Place.Text(File),
                Trouble = Trouble.WrongUse,
            }
        );
}
