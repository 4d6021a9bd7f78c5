using Fairlead.Engine.Manifests.ComposeFiles.Reading;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>A port that a service publishes: <c>127.0.0.1:8000-8010:80-90/tcp</c>, or the same as keys.</summary>
/// <param name="Published">The port, or the range, on the machine; null when Docker chooses.</param>
/// <param name="Target">The port inside, the first one of a range.</param>
internal sealed record PortMapping(string? Host, string? Published, int Target, int TargetEnd, string Protocol)
{
    /// <summary>Null when it is none.</summary>
    public static PortMapping? Read(Piece piece) =>
        piece switch
        {
            Piece.Word word => Read(word.Text),
            Piece.Group group when Text(group, "target") is { } target && Range(target) is var (start, end) => new(
                Text(group, "host_ip"),
                Text(group, "published"),
                start,
                end,
                Text(group, "protocol") ?? "tcp"
            ),
            _ => null,
        };

    private static PortMapping? Read(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? "tcp" : text[(slash + 1)..].ToLowerInvariant();
        var rest = slash < 0 ? text : text[..slash];
        var inner = rest.LastIndexOf(':');
        if (Range(rest[(inner + 1)..]) is not var (start, end) || protocol is not ("tcp" or "udp" or "sctp"))
        {
            return null;
        }
        if (inner < 0)
        {
            return new(null, null, start, end, protocol);
        }
        var outer = rest[..inner];
        var colon = outer.LastIndexOf(':');
        var published = outer[(colon + 1)..];
        if (published.Length > 0 && Range(published) is null)
        {
            return null;
        }
        return new(
            colon < 0 ? null : outer[..colon].Trim('[', ']'),
            published.Length == 0 ? null : published,
            start,
            end,
            protocol
        );
    }

    private static (int Start, int End)? Range(string text)
    {
        var parts = text.Split('-');
        return
            parts.Length is 1 or 2
            && ComposeValues.Whole(parts[0]) is >= 1 and <= 65535 and var start
            && ComposeValues.Whole(parts[^1]) is >= 1 and <= 65535 and var end
            && start <= end
            ? (start, end)
            : null;
    }

    private static string? Text(Piece.Group group, string key) =>
        group.Find(key) is Piece.Word { IsNothing: false } word ? word.Text : null;

    public override string ToString() =>
        $"{(Host is null ? "" : $"{Host}:")}{(Published is null ? "" : $"{Published}:")}{(Target == TargetEnd ? $"{Target}" : $"{Target}-{TargetEnd}")}/{Protocol}";
}
