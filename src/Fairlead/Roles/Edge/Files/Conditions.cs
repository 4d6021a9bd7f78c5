using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Fairlead.Roles.Edge.Files;

/// <summary>What a request knows already, as RFC 9110, 13 says: whether the file must be sent again at all.</summary>
internal static class Conditions
{
    /// <summary>304 or 412 when the conditions say so, else 0.</summary>
    /// <param name="known">The form of the file that the client holds, when it holds one.</param>
    public static int Judge(IHeaderDictionary headers, SiteFile file, Body chosen, out Body known)
    {
        known = chosen;
        var ifMatch = headers.IfMatch;
        if (ifMatch.Count > 0)
        {
            if (!Has(ifMatch, chosen.ETag, isWeak: false))
            {
                return StatusCodes.Status412PreconditionFailed;
            }
        }
        else if (
            headers.IfUnmodifiedSince is { Count: > 0 } until
            && Date(until) is { } before
            && file.Modified > before
        )
        {
            return StatusCodes.Status412PreconditionFailed;
        }
        var ifNoneMatch = headers.IfNoneMatch;
        if (ifNoneMatch.Count > 0)
        {
            if (Has(ifNoneMatch, chosen.ETag, isWeak: true))
            {
                return StatusCodes.Status304NotModified;
            }
            // The file may have been compressed since: what the client holds is as good.
            if (!ReferenceEquals(chosen, file.Plain) && Has(ifNoneMatch, file.Plain.ETag, isWeak: true))
            {
                known = file.Plain;
                return StatusCodes.Status304NotModified;
            }
            return 0;
        }
        return headers.IfModifiedSince is { Count: > 0 } since && Date(since) is { } after && file.Modified <= after
            ? StatusCodes.Status304NotModified
            : 0;
    }

    /// <summary>Whether the part that a client asks for continues what it holds.</summary>
    public static bool Continues(StringValues ifRange, SiteFile file, Body chosen) =>
        ifRange.Count == 0
        || (
            ifRange[0] is ['"', ..] ? ifRange[0] == chosen.ETag[0] : Date(ifRange) is { } date && date == file.Modified
        );

    private static DateTimeOffset? Date(StringValues text) =>
        DateTimeOffset.TryParseExact(
            text[0],
            "R",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var date
        )
            ? date
            : null;

    private static bool Has(StringValues header, StringValues tag, bool isWeak)
    {
        foreach (var line in header)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var one = line.AsSpan()[range].Trim();
                if (isWeak && one.StartsWith("W/"))
                {
                    one = one[2..];
                }
                if (one is "*" || one.SequenceEqual(tag[0]))
                {
                    return true;
                }
            }
        }
        return false;
    }
}
