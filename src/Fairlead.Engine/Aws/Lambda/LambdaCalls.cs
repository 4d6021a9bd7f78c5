using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Aws.Lambda;

/// <summary>What code a function has: a zip, or an image by its name.</summary>
internal sealed record LambdaCode(byte[]? Zip, string? Image);

/// <summary>What Lambda is asked (its REST API of 2015-03-31). Pure.</summary>
internal static class LambdaCalls
{
    private const string Api = "/2015-03-31/functions";

    public static AwsCall Find(AwsFunction function) => Ask(function, "GetFunction", "GET", "");

    public static AwsCall Look(AwsFunction function) =>
        Ask(function, "GetFunctionConfiguration", "GET", "/configuration");

    public static AwsCall LookAt(AwsFunction function, string version) =>
        Ask(function, "GetFunctionConfiguration", "GET", $"/configuration?Qualifier={version}");

    public static AwsCall Versions(AwsFunction function, string? marker) =>
        Ask(
            function,
            "ListVersionsByFunction",
            "GET",
            $"/versions?MaxItems=50{(marker is null ? "" : $"&Marker={Uri.EscapeDataString(marker)}")}"
        );

    public static AwsCall Create(InstanceOrder order, AwsFunction function, LambdaCode code, string owner)
    {
        var spot = new AwsSpot(order.Key.Site, order.Key.Part.Service, order.Service.Aws!); // Only such are ordered here.
        var body = Settings(order, function);
        body["FunctionName"] = function.Name;
        body["PackageType"] = code.Image is null ? "Zip" : "Image";
        body["Architectures"] = new JsonArray(function.Architecture);
        body["Code"] = code.Image is { } image
            ? new JsonObject { ["ImageUri"] = image }
            : new JsonObject { ["ZipFile"] = Convert.ToBase64String(code.Zip ?? []) };
        body["Tags"] = AwsMarks.Json(AwsMarks.OfService(spot, owner));
        return AwsRest.Json("lambda", "CreateFunction", "POST", Api, body);
    }

    /// <param name="revision">Only if it is still this one.</param>
    public static AwsCall Code(AwsFunction function, LambdaCode code, string? revision)
    {
        var body = new JsonObject { ["Architectures"] = new JsonArray(function.Architecture) };
        if (code.Image is { } image)
        {
            body["ImageUri"] = image;
        }
        else
        {
            body["ZipFile"] = Convert.ToBase64String(code.Zip ?? []);
        }
        return Ask(function, "UpdateFunctionCode", "PUT", "/code", Only(body, revision));
    }

    /// <inheritdoc cref="Code"/>
    public static AwsCall Configure(InstanceOrder order, AwsFunction function, string? revision) =>
        Ask(
            function,
            "UpdateFunctionConfiguration",
            "PUT",
            "/configuration",
            Only(Settings(order, function), revision)
        );

    /// <inheritdoc cref="Code"/>
    /// <param name="code">SHA-256 of its code as Lambda said it.</param>
    public static AwsCall Publish(InstanceOrder order, AwsFunction function, string? code, string? revision)
    {
        var body = new JsonObject { ["Description"] = AwsMarks.SentenceOf(order.Key.Site, order.Key.Part) };
        if (code is not null)
        {
            body["CodeSha256"] = code;
        }
        return Ask(function, "PublishVersion", "POST", "/versions", Only(body, revision));
    }

    public static AwsCall Remove(AwsFunction function, string? version) =>
        Ask(function, "DeleteFunction", "DELETE", version is null ? "" : $"?Qualifier={version}");

    public static AwsCall Warm(AwsFunction function, string version, int count) =>
        AwsRest.Json(
            "lambda",
            "PutProvisionedConcurrencyConfig",
            "PUT",
            $"/2019-09-30/functions/{function.Name}/provisioned-concurrency?Qualifier={version}",
            new() { ["ProvisionedConcurrentExecutions"] = count }
        );

    public static AwsCall LookAtWarm(AwsFunction function, string version) =>
        AwsRest.Json(
            "lambda",
            "GetProvisionedConcurrencyConfig",
            "GET",
            $"/2019-09-30/functions/{function.Name}/provisioned-concurrency?Qualifier={version}"
        );

    public static AwsCall FindAlias(AwsFunction function) =>
        Ask(function, "GetAlias", "GET", $"/aliases/{function.Alias}");

    public static AwsCall CreateAlias(
        AwsFunction function,
        IReadOnlyList<(string Version, Share Share)> shares,
        string change
    )
    {
        var body = Alias(shares, change);
        body["Name"] = function.Alias;
        return Ask(function, "CreateAlias", "POST", "/aliases", body);
    }

    /// <inheritdoc cref="Code"/>
    public static AwsCall UpdateAlias(
        AwsFunction function,
        IReadOnlyList<(string Version, Share Share)> shares,
        string change,
        string? revision
    ) => Ask(function, "UpdateAlias", "PUT", $"/aliases/{function.Alias}", Only(Alias(shares, change), revision));

    public static AwsCall RemoveAlias(AwsFunction function) =>
        Ask(function, "DeleteAlias", "DELETE", $"/aliases/{function.Alias}");

    /// <summary>Where a version is invoked, signed, with a body.</summary>
    public static string InvokePath(AwsFunction function, string version) =>
        $"{Api}/{function.Name}/invocations?Qualifier={version}";

    /// <summary>How often a version that an alias led to was invoked, or failed, since a time.</summary>
    public static AwsCall Count(
        AwsFunction function,
        (string Version, string Metric) what,
        DateTimeOffset since,
        DateTimeOffset now
    ) =>
        AwsMetrics.Count(
            ("AWS/Lambda", what.Metric),
            [
                ("FunctionName", function.Name),
                ("Resource", $"{function.Name}:{function.Alias}"),
                ("ExecutedVersion", what.Version),
            ],
            since,
            now
        );

    // The first is the alias's own version, which gets whatever the others do not.
    private static JsonObject Alias(IReadOnlyList<(string Version, Share Share)> shares, string change)
    {
        var ordered = shares.OrderByDescending(static one => one.Share.Percent).ToList();
        return new()
        {
            ["FunctionVersion"] = ordered[0].Version,
            ["Description"] = change,
            ["RoutingConfig"] = new JsonObject
            {
                ["AdditionalVersionWeights"] = new JsonObject(
                    ordered
                        .Skip(1)
                        .Select(static one =>
                            KeyValuePair.Create(one.Version, (JsonNode?)JsonValue.Create(one.Share.Percent / 100m))
                        )
                ),
            },
        };
    }

    private static JsonObject Settings(InstanceOrder order, AwsFunction function)
    {
        // The release among them makes each version another one, however alike two are: Lambda publishes nothing that did not change.
        var env = AwsMarks.EnvOf(order);
        var body = new JsonObject
        {
            ["Role"] = function.Role,
            ["MemorySize"] = function.Memory,
            ["Timeout"] = (int)function.Timeout.TotalSeconds,
            ["Environment"] = new JsonObject { ["Variables"] = AwsMarks.Json(env) },
        };
        if (function.Runtime is { } runtime)
        {
            body["Runtime"] = runtime;
            body["Handler"] = function.Handler;
        }
        return body;
    }

    private static JsonObject Only(JsonObject body, string? revision)
    {
        if (revision is not null)
        {
            body["RevisionId"] = revision;
        }
        return body;
    }

    private static AwsCall Ask(
        AwsFunction function,
        string action,
        string method,
        string path,
        JsonObject? body = null
    ) => AwsRest.Json("lambda", action, method, $"{Api}/{function.Name}{path}", body);
}
