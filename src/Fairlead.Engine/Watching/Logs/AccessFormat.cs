using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// Reads the combined log format of Apache and nginx, and nginx's error log.
/// <code>
/// 203.0.113.7 - alice [10/Oct/2025:13:55:36 -0700] "GET /cart?id=1 HTTP/1.1" 502 2326 "https://shop.example/" "Mozilla/5.0"
/// 2025/10/10 13:55:36 [error] 31#31: *7 connect() failed (111: Connection refused) while connecting to upstream
/// </code>
/// </summary>
internal static partial class AccessFormat
{
    public static ReadLine? TryRead(string line)
    {
        if (line.Length < 30)
        {
            return null;
        }
        return line[4] == '/' && line[7] == '/' ? ErrorLog(line)
            : line.Contains(" [", StringComparison.Ordinal) ? Combined(line)
            : null;
    }

    private static ReadLine? Combined(string line)
    {
        var match = CombinedLine().Match(line);
        if (!match.Success)
        {
            return null;
        }
        string[] names = ["client", "user", "method", "path", "protocol", "status", "bytes", "referer", "userAgent"];
        var status = int.Parse(match.Groups["status"].ValueSpan, CultureInfo.InvariantCulture);
        return new(line)
        {
            At = TimeOf(match.Groups["time"].Value),
            Severity = Levels.OfStatus(status),
            Fields =
            [
                .. names
                    .Select(name => new LogField(name, match.Groups[name].Value))
                    .Where(field => field.Value is not ("" or "-")),
            ],
        };
    }

    private static ReadLine? ErrorLog(string line)
    {
        var match = ErrorLine().Match(line);
        var level = match.Groups["level"].Value;
        return Levels.OfWord(level) is Severity.Unset
            ? null
            : new(line[match.Length..]) { Severity = Levels.OfWord(level), SeverityText = level };
    }

    private static long? TimeOf(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            "dd/MMM/yyyy:HH:mm:ss zzz",
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var time
        )
            ? (time - DateTimeOffset.UnixEpoch).Ticks * 100
            : null;

    [GeneratedRegex(
        """^(?<client>\S{1,60}) \S{1,60} (?<user>\S{1,100}) \[(?<time>[^\]]{20,30})\] "(?<method>[A-Z]{1,20}) (?<path>[^" ]{1,8000})(?: (?<protocol>HTTP/[\d.]{1,4}))?" (?<status>\d{3}) (?<bytes>\d{1,18}|-)(?: "(?<referer>[^"]{0,4000})" "(?<userAgent>[^"]{0,4000})")?""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex CombinedLine();

    [GeneratedRegex(
        @"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[(?<level>[a-z]{4,6})\] ",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex ErrorLine();
}
