using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.ComposeFiles.Reading;

/// <summary>Completes services by those that they extend, in the same file or another one.</summary>
internal sealed class Extending(ComposeFolder folder, IReadOnlyDictionary<string, string> variables, Notes notes)
{
    private const int DepthMax = 32;

    private readonly Dictionary<string, Piece.Group?> files = new(StringComparer.Ordinal);
    private readonly Dictionary<(string File, string Service), Piece.Group> extended = [];

    /// <param name="path">The file's own.</param>
    public Piece.Group Apply(string path, Piece.Group file)
    {
        files[path] = file;
        return new(
            file.Place,
            [
                .. file.Entries.Select(entry =>
                    entry is { Key: "services", Value: Piece.Group services }
                        ? entry with
                        {
                            Value = new Piece.Group(
                                services.Place,
                                [
                                    .. services.Entries.Select(one =>
                                        one.Value is Piece.Group service
                                            ? one with
                                            {
                                                Value = Extended(path, one.Key, service, []),
                                            }
                                            : one
                                    ),
                                ]
                            )
                            {
                                Mark = services.Mark,
                            },
                        }
                        : entry
                ),
            ]
        );
    }

    /// <param name="way">Services that led here.</param>
    private Piece.Group Extended(string path, string name, Piece.Group service, IReadOnlyList<string> way)
    {
        if (service.Find("extends") is not { } said || said.Mark == Mark.Reset)
        {
            return service;
        }
        if (extended.TryGetValue((path, name), out var known))
        {
            return known;
        }
        var step = $"{path}#{name}";
        if (way.Contains(step) || way.Count > DepthMax)
        {
            notes.Fault(
                said.Place,
                Faults.Circle("services that extend each other", string.Join(" -> ", way.Append(step)))
            );
            return service;
        }
        var own = new Piece.Group(service.Place, [.. service.Entries.Where(static entry => entry.Key != "extends")])
        {
            Mark = service.Mark,
        };
        if (Meant(path, said) is not var (file, other, under))
        {
            return own;
        }
        var lower = Extended(file, other, under, [.. way, step]);
        // A group over a group makes a group.
        var whole = (Piece.Group)Merging.Merge("", lower with { Mark = Mark.None }, own with { Mark = Mark.None })!;
        extended[(path, name)] = whole with { Mark = own.Mark };
        return extended[(path, name)];
    }

    private (string File, string Service, Piece.Group Under)? Meant(string path, Piece said)
    {
        var service = said is Piece.Group group ? group.Find("service") as Piece.Word : said as Piece.Word;
        if (service is null)
        {
            notes.Fault(
                said.Place,
                Faults.BadValue("extends", "a service's name, or { file: common.yaml, service: NAME }")
            );
            return null;
        }
        var file = path;
        if ((said as Piece.Group)?.Find("file") is Piece.Word named)
        {
            if (folder.Resolve(named.Place, named.Text) is not { } resolved)
            {
                return null;
            }
            file = resolved;
        }
        if (File(file, said.Place) is not { } read)
        {
            return null;
        }
        var services = read.Find("services") as Piece.Group;
        if (services?.Find(service.Text) is Piece.Group under)
        {
            return (file, service.Text, under);
        }
        var near = Nearest.To(service.Text, services?.Entries.Select(static entry => entry.Key) ?? []);
        notes.Fault(service.Place, Faults.Unknown($"service in {Shown.Line(file)}", service.Text, near));
        return null;
    }

    private Piece.Group? File(string path, Place from)
    {
        if (files.TryGetValue(path, out var known))
        {
            return known;
        }
        var source = new ComposeSource(path, ComposeFolder.Parent(path));
        var file =
            folder.Text(from, path) is { } text
            && ComposeYaml.Read(source, text, new Interpolation(variables), notes) is { } read
                ? ComposeLoader.Canonical(read)
                : null;
        files[path] = file;
        return file;
    }
}
