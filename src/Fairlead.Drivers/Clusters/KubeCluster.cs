using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;
using k8s;

namespace Fairlead.Drivers.Clusters;

/// <summary>A cluster by its HTTP API. The library finds and signs; objects are asked for as they are, whatever their version.</summary>
internal sealed class KubeCluster : ICluster, IDisposable
{
    private const int PageSize = 500;
    private const int LogBytesMax = 1024 * 1024;
    private const long AnswerBytesMax = 64L * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Kubernetes client;
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, Resource>> served = new(
        StringComparer.Ordinal
    );
    private int minor = -1;

    public KubeCluster(KubernetesClientConfiguration settings)
    {
        client = new Kubernetes(settings);
        client.HttpClient.Timeout = Patience;
        client.HttpClient.MaxResponseContentBufferSize = AnswerBytesMax;
    }

    public string Name => client.BaseUri.GetLeftPart(UriPartial.Authority);

    public async Task<int> MinorAsync(CancellationToken stop)
    {
        if (minor >= 0)
        {
            return minor;
        }
        var (status, answer) = await AskAsync(HttpMethod.Get, "version", null, stop);
        var said = Text(Body(status, answer)?["minor"]) ?? "";
        return minor = int.TryParse(said.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ProblemException(KubeProblems.Strange(Name, $"its version is '{said}'."));
    }

    public async Task<bool> ServesAsync(string version, string kind, CancellationToken stop) =>
        (await KindsAsync(version, stop)).ContainsKey(kind);

    public async Task<JsonObject?> FindAsync(ObjectName name, CancellationToken stop)
    {
        var (status, answer) = await AskAsync(HttpMethod.Get, await PathAsync(name, stop), null, stop);
        return status is HttpStatusCode.NotFound ? null : Body(status, answer);
    }

    public async Task<IReadOnlyList<JsonObject>> ListAsync(ObjectName of, string labels, CancellationToken stop)
    {
        var path = $"{await PathAsync(of, stop)}?labelSelector={Uri.EscapeDataString(labels)}";
        var all = new List<JsonObject>();
        for (var page = $"&limit={PageSize}"; ; )
        {
            var (status, answer) = await AskAsync(HttpMethod.Get, path + page, null, stop);
            if (status is HttpStatusCode.NotFound)
            {
                return [];
            }
            if (status is HttpStatusCode.Gone)
            {
                // The list has changed too much since its first page: all of it at once.
                all.Clear();
                page = "";
                continue;
            }
            var body = Body(status, answer);
            foreach (var one in (body?["items"] as JsonArray)?.OfType<JsonObject>() ?? [])
            {
                // Lists leave out what all of them are.
                one["apiVersion"] = of.Version;
                one["kind"] = of.Kind;
                all.Add(one);
            }
            if (Text(body?["metadata"]?["continue"]) is not { Length: > 0 } next)
            {
                return all;
            }
            page = $"&limit={PageSize}&continue={Uri.EscapeDataString(next)}";
        }
    }

    public async Task<JsonObject?> ApplyAsync(JsonObject wanted, ApplyAs how, CancellationToken stop)
    {
        var path = await PathAsync(NameOf(wanted), stop);
        var query =
            $"?fieldManager={Uri.EscapeDataString(how.Manager)}{(how.TakesOver ? "&force=true" : "")}{(how.IsTrial ? "&dryRun=All" : "")}";
        var (status, answer) = await AskAsync(
            HttpMethod.Patch,
            path + query,
            (wanted.ToJsonString(), "application/apply-patch+yaml"),
            stop
        );
        if (status is HttpStatusCode.Conflict)
        {
            return KubeProblems.FieldsOf(answer) is { Count: > 0 } fields
                ? throw new ProblemException(KubeProblems.FieldsTaken($"{NameOf(wanted)}", fields))
                : null;
        }
        return Body(status, answer);
    }

    public async Task<bool> AnnotateAsync(
        ObjectName name,
        IReadOnlyDictionary<string, string?> annotations,
        CancellationToken stop
    )
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["annotations"] = new JsonObject(
                    annotations.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))
                ),
            },
        };
        var (status, answer) = await AskAsync(
            HttpMethod.Patch,
            $"{await PathAsync(name, stop)}?fieldManager=fairlead-notes",
            (patch.ToJsonString(), "application/merge-patch+json"),
            stop
        );
        return status is not HttpStatusCode.NotFound && Body(status, answer) is not null;
    }

    public async Task<bool> DeleteAsync(ObjectName name, string? resourceVersion, CancellationToken stop)
    {
        var options = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "DeleteOptions",
            ["propagationPolicy"] = "Foreground",
        };
        if (resourceVersion is not null)
        {
            options["preconditions"] = new JsonObject { ["resourceVersion"] = resourceVersion };
        }
        var (status, answer) = await AskAsync(
            HttpMethod.Delete,
            await PathAsync(name, stop),
            (options.ToJsonString(), "application/json"),
            stop
        );
        if (status is HttpStatusCode.Conflict)
        {
            return false;
        }
        return status is HttpStatusCode.NotFound || Body(status, answer) is not null;
    }

    public async Task<IReadOnlyList<string>> LogAsync(ContainerLogQuery query, CancellationToken stop)
    {
        var since = query.Since is { } time
            ? $"&sinceTime={Uri.EscapeDataString(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))}"
            : "";
        var tail = query.Tail is { } lines ? string.Create(CultureInfo.InvariantCulture, $"&tailLines={lines}") : "";
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"api/v1/namespaces/{Escaped(query.Namespace)}/pods/{Escaped(query.Pod)}/log?container={Escaped(query.Container)}&timestamps=true&limitBytes={LogBytesMax}{since}{tail}{(query.IsPrevious ? "&previous=true" : "")}"
        );
        var (status, answer) = await AskAsync(HttpMethod.Get, path, null, stop);
        // It has not begun, or is gone, or never ended before: there is nothing to read.
        if (status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return [];
        }
        _ = status is HttpStatusCode.OK ? null : Body(status, answer);
        var all = answer.Split('\n');
        // What stands after the last end of a line is cut off, or nothing.
        return all[..^1];
    }

    public void Dispose() => client.Dispose();

    private async Task<string> PathAsync(ObjectName name, CancellationToken stop)
    {
        var kinds = await KindsAsync(name.Version, stop);
        if (!kinds.TryGetValue(name.Kind, out var resource))
        {
            served.TryRemove(name.Version, out _); // It may be taught that by and by.
            throw new ProblemException(KubeProblems.UnknownKind(Name, name));
        }
        var place = resource.IsNamespaced && name.Namespace is not null ? $"/namespaces/{Escaped(name.Namespace)}" : "";
        var one = name.Name.Length == 0 ? "" : $"/{Escaped(name.Name)}";
        return $"{RootOf(name.Version)}{place}/{resource.Plural}{one}";
    }

    private async Task<IReadOnlyDictionary<string, Resource>> KindsAsync(string version, CancellationToken stop)
    {
        if (served.TryGetValue(version, out var known))
        {
            return known;
        }
        var (status, answer) = await AskAsync(HttpMethod.Get, RootOf(version), null, stop);
        if (status is HttpStatusCode.NotFound)
        {
            return new Dictionary<string, Resource>();
        }
        var kinds = new Dictionary<string, Resource>(StringComparer.Ordinal);
        foreach (var one in (Body(status, answer)?["resources"] as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (
                Text(one["kind"]) is { } kind
                && Text(one["name"]) is { } plural
                && !plural.Contains('/', StringComparison.Ordinal)
            )
            {
                kinds.TryAdd(kind, new(plural, $"{one["namespaced"]}" is "true"));
            }
        }
        return served[version] = kinds;
    }

    private async Task<(HttpStatusCode Status, string Answer)> AskAsync(
        HttpMethod method,
        string path,
        (string Text, string Type)? body,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path));
        request.Headers.Accept.Add(new("application/json"));
        if (body is var (text, type))
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        }
        try
        {
            if (client.Credentials is { } credentials)
            {
                await credentials.ProcessHttpRequestAsync(request, stop);
            }
            using var answer = await client.HttpClient.SendAsync(request, stop);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(stop));
        }
        catch (Exception caught)
            when (caught is HttpRequestException or IOException
                || (caught is OperationCanceledException && !stop.IsCancellationRequested)
                || caught.GetType().Namespace is "k8s.Exceptions"
            )
        {
            throw new ProblemException(KubeProblems.Unreachable(Name, caught), caught);
        }
    }

    /// <exception cref="ProblemException">It is no success, or no JSON.</exception>
    private JsonObject? Body(HttpStatusCode status, string answer)
    {
        if ((int)status is < 200 or >= 300)
        {
            throw new ProblemException(KubeProblems.Refused(Name, status, answer));
        }
        try
        {
            return JsonTexts.Read(answer) as JsonObject;
        }
        catch (JsonException caught)
        {
            throw new ProblemException(KubeProblems.Strange(Name, caught.Message), caught);
        }
    }

    private static ObjectName NameOf(JsonObject one) =>
        new(
            Text(one["apiVersion"]) ?? "",
            Text(one["kind"]) ?? "",
            Text(one["metadata"]?["namespace"]),
            Text(one["metadata"]?["name"]) ?? ""
        );

    private static string RootOf(string version) =>
        version.Contains('/', StringComparison.Ordinal) ? $"apis/{version}" : $"api/{version}";

    private static string Escaped(string word) => Uri.EscapeDataString(word);

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private sealed record Resource(string Plural, bool IsNamespaced);
}
