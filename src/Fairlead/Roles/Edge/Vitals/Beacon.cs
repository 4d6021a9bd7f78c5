using System.Text.Json;
using System.Text.RegularExpressions;
using Fairlead.Model.Telemetry;

namespace Fairlead.Roles.Edge.Vitals;

/// <summary>Something that a page sent of itself, on its way to the server.</summary>
/// <param name="Kind">Where it goes.</param>
internal sealed record Beacon(BeaconKind Kind, HostRoutes Host, byte[] Body)
{
    private const int ClaimLettersMax = 60;

    /// <summary>
    /// Who sent it, as far as the edge knows. A page says which release it came from; that is believed when the site has that
    /// release now, and so is what is the only one.
    /// </summary>
    public Source Source()
    {
        if (Host.Only is { } preview)
        {
            return new(Host.Site, preview.Part.Service, preview.Part);
        }
        var parts = Host.LongestFirst.SelectMany(route => route.Service.Parts);
        var claim = Kind is BeaconKind.Vitals ? Claim(Body) : null;
        var part =
            claim is not null ? parts.FirstOrDefault(one => string.Equals(one.Name, claim, StringComparison.Ordinal))
            : Host.Find("/") is { Parts: [var only] } ? only
            : null;
        return part is null ? new(Host.Site) : new(Host.Site, part.Part.Service, part.Part);
    }

    internal static string? Claim(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                if (
                    reader.CurrentDepth == 1
                    && reader.TokenType is JsonTokenType.PropertyName
                    && reader.ValueTextEquals("r")
                )
                {
                    return
                        reader.Read()
                        && reader.TokenType is JsonTokenType.String
                        && reader.ValueSpan.Length <= ClaimLettersMax
                        ? reader.GetString()
                        : null;
                }
            }
        }
        catch (JsonException)
        {
            // The server will say what it thinks of it.
        }
        return null;
    }
}

/// <summary>What a page sent.</summary>
internal enum BeaconKind
{
    Vitals,

    /// <summary>An envelope of a Sentry library, with <c>tunnel: '/.fairlead/errors'</c>.</summary>
    Errors,
}

/// <summary>Programs that look at pages without anyone before them.</summary>
internal static partial class Bots
{
    public static bool Is(string userAgent) => userAgent.Length == 0 || Words().IsMatch(userAgent);

    [GeneratedRegex(
        @"bot\b|bot/|crawl|spider|slurp|headless|phantom|puppeteer|playwright|selenium|lighthouse|pagespeed|pingdom|uptime|monitor|curl|wget|python|java/|go-http|okhttp|node-fetch|axios|facebookexternalhit|preview|scan",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Words();
}
