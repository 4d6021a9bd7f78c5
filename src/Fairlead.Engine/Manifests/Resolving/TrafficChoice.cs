using System.Globalization;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Which release a service's requests reach: as said, with what is wrong about it.</summary>
internal static class TrafficChoice
{
    private const int MatchesMax = 20;

    public static TrafficPolicy? Of(Draft draft, Findings findings)
    {
        if (draft.Entry.Traffic is not { } entry)
        {
            return null;
        }
        var node = draft.Node.At("traffic");
        if (draft.Routes.Count == 0)
        {
            findings.Add(
                node,
                "traffic-unused",
                (
                    $"'{draft.Name}' says who reaches which release, and has no routes.",
                    "A service without routes gets no requests from outside.",
                    $"Remove 'traffic', or add to services.{draft.Name}: routes: /"
                )
            );
        }
        var matches = entry.Match ?? [];
        if (matches.Count > MatchesMax)
        {
            findings.Add(
                node.At("match"),
                "match-many",
                (
                    $"There are {matches.Count} matches.",
                    $"Every request is compared with all of them; {MatchesMax} are the most.",
                    "Remove some."
                )
            );
        }
        return new()
        {
            Sticky = entry.Sticky is { } sticky ? Sticky.TryParse(sticky) : null,
            Match = [.. matches.Select((match, index) => Of(match, node.At("match", index), findings))],
            Mirror = entry.Mirror is { } mirror ? Of(mirror, node.At("mirror"), findings) : null,
        };
    }

    private static MirrorPolicy Of(MirrorEntry entry, Node node, Findings findings)
    {
        if (entry.MaxBody is { Bytes: > MirrorPolicy.BodyMaxMost })
        {
            findings.Add(
                node.At("maxBody"),
                "mirror-body",
                (
                    "The bodies to be copied are too large.",
                    "Each is kept in the edge's memory until it is whole.",
                    "Write at most 'maxBody: 1MiB'; requests with larger ones are not copied."
                )
            );
        }
        var standard = new MirrorPolicy { Share = entry.Share };
        return standard with
        {
            Methods = entry.Methods ?? standard.Methods,
            BodyMax = entry.MaxBody?.Bytes ?? standard.BodyMax,
            AtOnce = entry.AtOnce ?? standard.AtOnce,
        };
    }

    private static TrafficMatch Of(TrafficMatchEntry entry, Node node, Findings findings)
    {
        if (entry.Header is null == entry.Cookie is null)
        {
            findings.Add(
                node,
                "match-by",
                (
                    entry.Header is null
                        ? "A match names no header and no cookie."
                        : "A match names a header and a cookie.",
                    "It compares one of them.",
                    "Write for example: { header: X-Beta, is: \"1\", to: next }"
                )
            );
        }
        return new()
        {
            Header = entry.Header,
            Cookie = entry.Cookie,
            Is = entry.Is,
            Release = int.TryParse(entry.To, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : null,
        };
    }
}
