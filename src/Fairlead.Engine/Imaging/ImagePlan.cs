using System.Text.Json;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Imaging;

/// <summary>
/// Which file of an artifact goes into which layer, and how the image is started. What changes with every release comes last, so that
/// a registry and a machine that have the release before need only that. Pure.
/// </summary>
public static class ImagePlan
{
    /// <summary>Where the artifact is in the image.</summary>
    public const string Folder = "app";

    /// <summary>Nobody's number on any system, as in distroless images. By number, so that Kubernetes can see that it is not root.</summary>
    public const string User = "65532:65532";

    /// <summary>Where an image listens when its program obeys PORT.</summary>
    public const int Port = 8080;

    private const string PortWord = "{port}";

    private static readonly HashSet<string> DependencyFolders = new(StringComparer.Ordinal)
    {
        "node_modules",
        ".venv",
        "venv",
        "site-packages",
        "vendor",
        "runtimes",
    };

    /// <summary>What an image without a base has beside its program.</summary>
    public static IReadOnlyList<LayerEntry> System { get; } =
    [
        new LayerEntry.Text(
            "etc/passwd",
            "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin\n"
        ),
        new LayerEntry.Text("etc/group", "root:x:0:\nnonroot:x:65532:\n"),
        new LayerEntry.Text("etc/nsswitch.conf", "hosts: files dns\n"),
        new LayerEntry.Folder("tmp") { IsOpen = true },
        new LayerEntry.Folder("var/tmp") { IsOpen = true },
    ];

    /// <param name="list">What lies in the artifact, as <see cref="IArtifactPapers.ListAsync"/> says it.</param>
    /// <param name="artifact">Its folder, absolute.</param>
    /// <param name="packages">Names of files that packages brought, as .NET's <c>deps.json</c> says; beside what folders tell.</param>
    /// <param name="linkOf">Where a link leads.</param>
    public static (IReadOnlyList<LayerEntry> Dependencies, IReadOnlyList<LayerEntry> Code) Split(
        string list,
        string artifact,
        IReadOnlySet<string> packages,
        Func<string, string?> linkOf
    )
    {
        var (dependencies, code) = (new List<LayerEntry>(), new List<LayerEntry>());
        foreach (var line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // x 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 bin/api
            var (kind, path) = (line[0], Unescaped(line.Split(' ', 3)[^1]));
            var inside = $"{Folder}/{path}";
            LayerEntry? entry = kind switch
            {
                'd' => new LayerEntry.Folder(inside),
                'l' => linkOf(path) is { } to ? new LayerEntry.Link(inside, to) : null,
                _ => new LayerEntry.Copy(inside, $"{artifact}/{path}", kind == 'x'),
            };
            if (entry is not null)
            {
                (IsDependency(path, packages) ? dependencies : code).Add(entry);
            }
        }
        return (dependencies, code);
    }

    /// <summary>Names of the files that packages brought to a .NET program.</summary>
    /// <param name="deps">The text of its <c>deps.json</c>: <c>{"targets":{"…":{"Npgsql/9.0.3":{"runtime":{"lib/net8.0/Npgsql.dll":{}}}}},"libraries":{"Npgsql/9.0.3":{"type":"package"}}}</c>.</param>
    public static IReadOnlySet<string> PackageFiles(string deps)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(deps, new() { MaxDepth = 32 });
            if (
                json.RootElement is not { ValueKind: JsonValueKind.Object } root
                || !root.TryGetProperty("libraries", out var libraries)
                || !root.TryGetProperty("targets", out var targets)
            )
            {
                return names;
            }
            var packages = Members(libraries)
                .Where(static one => TypeOf(one.Value) is "package" or "runtimepack")
                .Select(static one => one.Name)
                .ToHashSet(StringComparer.Ordinal);
            foreach (
                var library in Members(targets)
                    .SelectMany(static one => Members(one.Value))
                    .Where(one => packages.Contains(one.Name))
            )
            {
                foreach (
                    var file in Members(library.Value)
                        .Where(static one => one.Name is "runtime" or "native" or "resources" or "runtimeTargets")
                        .SelectMany(static one => Members(one.Value))
                )
                {
                    names.Add(file.Name[(file.Name.LastIndexOf('/') + 1)..]);
                }
            }
        }
        catch (Exception caught) when (caught is JsonException or InvalidOperationException)
        {
            // It is only about which layer: a file that cannot be read makes one layer of two.
            names.Clear();
        }
        return names;
    }

    /// <summary>The command as it is started in the image.</summary>
    public static IReadOnlyList<string> Entrypoint(Service service) =>
        [.. service.Recipe.Run.Select(word => word.Replace(PortWord, PortText(service), StringComparison.Ordinal))];

    /// <summary>Where it listens.</summary>
    public static string PortText(Service service) =>
        (service.Port ?? Port).ToString(global::System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether a package brought it, and not the app's own source.</summary>
    internal static bool IsDependency(string path, IReadOnlySet<string> packages) =>
        path.Split('/') is var words && (words.Any(DependencyFolders.Contains) || packages.Contains(words[^1]));

    private static JsonProperty[] Members(JsonElement one) =>
        one.ValueKind is JsonValueKind.Object ? [.. one.EnumerateObject()] : [];

    private static string? TypeOf(JsonElement library) =>
        library.ValueKind is JsonValueKind.Object
        && library.TryGetProperty("type", out var type)
        && type.ValueKind is JsonValueKind.String
            ? type.GetString()
            : null;

    // As the list writes a name that holds the end of a line.
    private static string Unescaped(string name)
    {
        if (!name.Contains('\\', StringComparison.Ordinal))
        {
            return name;
        }
        var text = new global::System.Text.StringBuilder();
        for (var at = 0; at < name.Length; at++)
        {
            text.Append(
                name[at] != '\\' || at + 1 == name.Length ? name[at]
                : name[++at] == 'n' ? '\n'
                : name[at]
            );
        }
        return text.ToString();
    }
}
