using Fairlead.Engine.Manifests.ComposeFiles.Reading;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>What the services of a file tell of each other, looked up once, since a file may have many.</summary>
internal sealed class Siblings
{
    private readonly Dictionary<string, Piece.Group> builds = new(StringComparer.Ordinal);
    private readonly HashSet<string> ending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> sharers = new(StringComparer.Ordinal);
    private readonly Dictionary<BuildPlace, Piece.Group> listening = [];

    public Siblings(ComposeFile file)
    {
        foreach (var (name, service) in file.Services)
        {
            if (ImageOf(service) is { } image && service.Find("build") is Piece.Group build)
            {
                builds.TryAdd(image, build);
            }
            ending.UnionWith(DependencyOrder.Of(service).Where(IsForItsEnd).Select(static one => one.Key));
            foreach (var mount in ImageImport.Mounts(service))
            {
                if (mount is { Kind: MountKind.Volume, IsReadOnly: false, Source: { } volume })
                {
                    if (!sharers.TryGetValue(volume, out var names))
                    {
                        sharers[volume] = names = new(StringComparer.Ordinal);
                    }
                    names.Add(name);
                }
            }
        }
        foreach (var service in file.Services.Values.Where(HasPort))
        {
            if (BuildOf(service) is Piece.Group build)
            {
                listening.TryAdd(new(build), service);
            }
        }
    }

    /// <summary>What a service is built from; one may run the image that another one of the file builds. Null for a ready image.</summary>
    public Piece? BuildOf(Piece.Group service) =>
        service.Find("build") is { } own and not Piece.Word { IsNothing: true } ? own
        : ImageOf(service) is { } image ? builds.GetValueOrDefault(image)
        : null;

    /// <summary>Whether others wait until it did its work and ended.</summary>
    public bool IsToEnd(string service) => ending.Contains(service);

    /// <summary>Who writes to a volume.</summary>
    public IReadOnlyCollection<string> SharersOf(string volume) =>
        sharers.TryGetValue(volume, out var names) ? names : [];

    /// <summary>Whether it runs another command in what a service is built to that is the one with a port, such as its queue's worker.</summary>
    public bool RunsBeside(Piece.Group service) =>
        service.Find("command") is not null and not Piece.Word { IsNothing: true }
        && !HasPort(service)
        && BuildOf(service) is Piece.Group build
        && listening.ContainsKey(new(build));

    public static string? ImageOf(Piece.Group service) =>
        service.Find("image") is Piece.Word { IsNothing: false } word ? word.Text : null;

    private static bool IsForItsEnd(Piece.Entry dependency) =>
        (dependency.Value as Piece.Group)?.Find("condition") is Piece.Word { Text: "service_completed_successfully" };

    private static bool HasPort(Piece.Group service) =>
        service.Find("ports") is Piece.Row { Items.Count: > 0 }
        || service.Find("expose") is Piece.Row { Items.Count: > 0 };

    private sealed record BuildPlace(string? Folder, string? Context, string? Dockerfile, string? Target)
    {
        public BuildPlace(Piece.Group build)
            : this(
                build.Place.Source.Folder,
                (build.Find("context") as Piece.Word)?.Text.TrimEnd('/'),
                (build.Find("dockerfile") as Piece.Word)?.Text,
                (build.Find("target") as Piece.Word)?.Text
            ) { }
    }
}
