using System.Globalization;

namespace Fairlead.Roles.Edge.Files;

/// <summary>Chooses in which form a file is sent, as RFC 9110, 12.5.3 says.</summary>
internal static class AcceptedEncodings
{
    /// <summary>The smallest form that the client takes; null when it takes none.</summary>
    /// <param name="accept">The header Accept-Encoding; null or empty when the client says nothing.</param>
    public static Body? Choose(SiteFile file, string? accept)
    {
        if (string.IsNullOrEmpty(accept))
        {
            return file.Plain;
        }
        var (chosen, best) = ((Body?)null, 0d);
        foreach (var body in file.Encoded)
        {
            // The first of equals is the smallest.
            if (Quality(accept, body.Encoding.ToString()) is { } quality && quality > best)
            {
                (chosen, best) = (body, quality);
            }
        }
        var plain = Quality(accept, "identity");
        return chosen is not null && (plain ?? 0) <= best ? chosen
            : plain is 0 ? chosen
            : file.Plain;
    }

    // gzip, deflate, br;q=0.9, *;q=0
    private static double? Quality(ReadOnlySpan<char> accept, ReadOnlySpan<char> encoding)
    {
        double? any = null;
        foreach (var range in accept.Split(','))
        {
            var word = accept[range].Trim();
            var semicolon = word.IndexOf(';');
            var name = semicolon < 0 ? word : word[..semicolon].TrimEnd();
            if (name.Equals(encoding, StringComparison.OrdinalIgnoreCase))
            {
                return QualityOf(word, semicolon);
            }
            if (name is "*")
            {
                any = QualityOf(word, semicolon);
            }
        }
        // A star takes everything, but to say it with a weight does not prefer what is plain; only a zero forbids that.
        return encoding is "identity" && any is not 0 ? null : any;
    }

    private static double QualityOf(ReadOnlySpan<char> word, int semicolon)
    {
        if (semicolon < 0)
        {
            return 1;
        }
        var weight = word[(semicolon + 1)..].Trim();
        return
            weight.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(
                weight[2..],
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var quality
            )
            ? Math.Clamp(quality, 0, 1)
            : 1;
    }
}
