namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>What a service asks of others, by its document: webhooks, and callbacks of its operations.</summary>
internal static class ApiCalls
{
    private const int Most = 10_000;

    // OpenAPI 3.0 had webhooks as an extension alone.
    private static readonly string[] Keys = ["webhooks", "x-webhooks"];

    /// <returns>Each with a path that says what it is, such as <c>webhook paid</c>.</returns>
    public static IEnumerable<ApiOperation> Of(ApiDocument document) =>
        Webhooks(document).Concat(document.Operations.SelectMany(one => Callbacks(document, one))).Take(Most);

    private static IEnumerable<ApiOperation> Webhooks(ApiDocument document) =>
        Keys.SelectMany(key => document.Root[key]?.Members ?? [])
            .SelectMany(one => document.OperationsOf($"webhook {one.Key}", document.Resolve(one.Value)));

    // callbacks: { paid: { '{$request.body#/url}': { post: ... } } }
    private static IEnumerable<ApiOperation> Callbacks(ApiDocument document, ApiOperation operation) =>
        (operation.Written["callbacks"]?.Members ?? []).SelectMany(callback =>
            document
                .Resolve(callback.Value)
                .Members.SelectMany(one =>
                    document.OperationsOf($"callback {callback.Key} of {operation}", document.Resolve(one.Value))
                )
        );
}
