using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>Which hosts and paths lead to which Service, as Ingresses and HTTPRoutes say it.</summary>
internal sealed class RouteImport(Cast cast, Notes notes)
{
    private static readonly ScalarForm Hosts = ShapeForms.Of(Shape.Host);
    private static readonly ScalarForm Paths = ShapeForms.Of(Shape.Route);

    private readonly OrderedDictionary<string, (string Service, Place Place)> paths = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, Place> hosts = new(StringComparer.Ordinal);

    public IReadOnlyList<string> HostNames => [.. hosts.Keys];

    /// <summary>Whether one of them says that the way is sealed.</summary>
    public bool HasTls { get; private set; }

    /// <summary>Services to which something leads.</summary>
    public IReadOnlySet<string> Open =>
        paths.Values.Select(static one => one.Service).ToHashSet(StringComparer.Ordinal);

    public IReadOnlyList<string> Of(string service) =>
        [.. paths.Where(one => one.Value.Service == service).Select(static one => one.Key)];

    public void Read()
    {
        foreach (var one in cast.Of("Ingress"))
        {
            cast.Used.Add(one);
            Ingress(one);
        }
        foreach (var one in cast.Of("HTTPRoute"))
        {
            cast.Used.Add(one);
            HttpRoute(one);
        }
    }

    private void Ingress(ClusterObject one)
    {
        foreach (var rule in ClusterObject.Rows(one.Spec, "rules"))
        {
            Host(one, rule.Find("host") as Piece.Word);
            foreach (var path in ClusterObject.Rows(ClusterObject.Group(rule, "http"), "paths"))
            {
                var isExact = ClusterObject.Text(path, "pathType") == "Exact";
                Path(one, path.Place, (ClusterObject.Text(path, "path") ?? "/", Backend(path)), isExact);
            }
        }
        if ((ClusterObject.Group(one.Spec, "defaultBackend") ?? ClusterObject.Group(one.Spec, "backend")) is { } usual)
        {
            Path(one, usual.Place, ("/", NameOf(usual)), isExact: false);
        }
        HasTls |= ClusterObject.Rows(one.Spec, "tls").Any();
        foreach (
            var note in ClusterObject.Group(ClusterObject.Group(one.Root, "metadata"), "annotations")?.Entries ?? []
        )
        {
            if (!note.Key.StartsWith("kubectl.kubernetes.io/", StringComparison.Ordinal))
            {
                HasTls |= note.Key.StartsWith("cert-manager.io/", StringComparison.Ordinal);
                NotTaken(
                    one,
                    note.Place,
                    $"annotations ({note.Key})",
                    "The edge carries requests, and reads no annotations.",
                    "What it should do with them is said by gateway and traffic of a service, and by tls of an environment (docs/guides/gateway.md)."
                );
            }
        }
    }

    /// <summary>The name of the Service behind a path, in both forms that there have been.</summary>
    private static string? Backend(Piece.Group path) =>
        ClusterObject.Group(path, "backend") is { } backend ? NameOf(backend) : null;

    private static string? NameOf(Piece.Group backend) =>
        ClusterObject.Text(ClusterObject.Group(backend, "service"), "name")
        ?? ClusterObject.Text(backend, "serviceName");

    private void HttpRoute(ClusterObject one)
    {
        foreach (var host in ClusterObject.Texts(one.Spec.Find("hostnames")))
        {
            Host(one, host);
        }
        foreach (var rule in ClusterObject.Rows(one.Spec, "rules"))
        {
            Piece.Group[] backends = [.. ClusterObject.Rows(rule, "backendRefs")];
            var main = backends.MaxBy(static one => ComposeValues.Whole(ClusterObject.Text(one, "weight") ?? "1") ?? 1);
            foreach (var other in backends.Where(other => other != main))
            {
                NotTaken(
                    one,
                    other.Place,
                    $"backendRefs ({ClusterObject.Text(other, "name")})",
                    "Which release has which share is decided by a strategy.",
                    "Write: deploy: { strategy: canary, shares: [10%, 50%], hold: 5m }"
                );
            }
            Piece.Group?[] matches = [.. ClusterObject.Rows(rule, "matches")];
            foreach (var match in matches.Length == 0 ? [null] : matches)
            {
                var path = ClusterObject.Group(match, "path");
                Path(
                    one,
                    match?.Place ?? rule.Place,
                    (ClusterObject.Text(path, "value") ?? "/", ClusterObject.Text(main, "name")),
                    ClusterObject.Text(path, "type") == "Exact"
                );
                foreach (var more in match?.Entries.Where(static entry => entry.Key != "path") ?? [])
                {
                    NotTaken(
                        one,
                        more.Place,
                        $"matches.{more.Key}",
                        "Requests are told apart by host and path.",
                        "Testers are sent to a new release by: traffic: { testers: ... } (docs/guides/traffic.md)"
                    );
                }
            }
            foreach (var filter in ClusterObject.Rows(rule, "filters"))
            {
                NotTaken(
                    one,
                    filter.Place,
                    $"filters ({ClusterObject.Text(filter, "type")})",
                    "What is done with requests is said by the service.",
                    "See docs/guides/gateway.md"
                );
            }
        }
    }

    /// <summary>Says which paths lead to a Service that nothing here is behind.</summary>
    public void Unanswered(IReadOnlySet<string> known)
    {
        foreach (var (path, (service, place)) in paths.Where(one => !known.Contains(one.Value.Service)))
        {
            notes.Say(
                place,
                KubernetesReports.NotTaken(
                    $"the Service '{Shown.Line(service)}'",
                    $"path ({path})",
                    "No workload among the files is behind that Service.",
                    "Import its files too, or leave the path to whoever answers it now."
                )
            );
        }
    }

    private void Host(ClusterObject one, Piece.Word? host)
    {
        if (host is null or { IsNothing: true })
        {
            return;
        }
        if (Hosts.Accepts(host.Text))
        {
            hosts.TryAdd(host.Text, host.Place);
        }
        else
        {
            NotTaken(
                one,
                host.Place,
                $"host ({host.Text})",
                "Hosts are named one by one.",
                "Write those that there are: environments: { production: { hosts: [shop.example.com] } }"
            );
        }
    }

    private void Path(ClusterObject one, Place place, (string Text, string? Service) of, bool isExact)
    {
        if (of.Service is not { } service)
        {
            NotTaken(
                one,
                place,
                $"path ({of.Text})",
                "It leads to no Service.",
                "Say which service answers it: routes: [/path]"
            );
            return;
        }
        var plain = Plain(of.Text);
        if (plain != of.Text || isExact)
        {
            notes.Say(
                place,
                KubernetesReports.Changed(
                    one.Shown,
                    $"path ({of.Text})",
                    $"{plain} and all below it lead to '{service}', and it is asked by the whole path.",
                    "Tell the program where its paths begin."
                )
            );
        }
        if (!paths.TryAdd(plain, (service, place)) && paths[plain].Service != service)
        {
            notes.Say(
                place,
                KubernetesReports.NotTaken(
                    one.Shown,
                    $"path ({of.Text})",
                    $"All hosts of an app have the same paths, and {plain} is that of '{paths[plain].Service}', as said at {paths[plain].Place}.",
                    $"Give '{service}' another path, or make it an app of its own with its own hosts."
                )
            );
        }
    }

    /// <summary>The path before the first thing that only patterns have: <c>/api(/|$)(.*)</c> is <c>/api</c>.</summary>
    private static string Plain(string text)
    {
        var end = text.IndexOfAny(['(', '[', '*', '?', '$', '^', '|']);
        var path = (end < 0 ? text : text[..end]).TrimEnd('/', '.');
        return path.Length == 0 ? "/"
            : Paths.Accepts(path) ? path
            : "/";
    }

    private void NotTaken(ClusterObject one, Place place, string key, string why, string fix) =>
        notes.Say(place, KubernetesReports.NotTaken(one.Shown, Shown.Line(key), why, fix));
}
