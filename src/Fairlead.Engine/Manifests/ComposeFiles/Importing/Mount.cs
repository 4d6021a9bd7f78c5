using Fairlead.Engine.Manifests.ComposeFiles.Reading;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>What a volume is.</summary>
internal enum MountKind
{
    Volume,
    Bind,
    Tmpfs,
    Other,
}

/// <summary>Something that a service sees in its files: <c>data:/var/lib/data:ro</c>, or the same as keys.</summary>
/// <param name="Source">A volume's name, or a path of the machine; null for one without a name.</param>
internal sealed record Mount(MountKind Kind, string? Source, string Target, bool IsReadOnly)
{
    /// <summary>Null when it is none.</summary>
    public static Mount? Read(Piece piece) =>
        piece switch
        {
            Piece.Word word => Read(word.Text),
            Piece.Group group when (group.Find("target") as Piece.Word)?.Text is { Length: > 0 } target => new(
                (group.Find("type") as Piece.Word)?.Text switch
                {
                    null or "volume" => MountKind.Volume,
                    "bind" => MountKind.Bind,
                    "tmpfs" => MountKind.Tmpfs,
                    _ => MountKind.Other,
                },
                (group.Find("source") as Piece.Word)?.Text,
                target,
                group.Find("read_only") is Piece.Word { Text: var yes } && ComposeValues.Yes(yes) is true
            ),
            _ => null,
        };

    private static Mount? Read(string text)
    {
        var parts = text.Split(':');
        return parts switch
        {
            [var target] when target.StartsWith('/') => new(MountKind.Volume, null, target, false),
            [var source, var target] when target.Length > 0 && source.Length > 0 => new(
                Of(source),
                source,
                target,
                false
            ),
            [var source, var target, var mode] when target.Length > 0 && source.Length > 0 => new(
                Of(source),
                source,
                target,
                mode.Split(',').Contains("ro")
            ),
            _ => null,
        };
    }

    private static MountKind Of(string source) => source[0] is '/' or '.' or '~' ? MountKind.Bind : MountKind.Volume;
}
