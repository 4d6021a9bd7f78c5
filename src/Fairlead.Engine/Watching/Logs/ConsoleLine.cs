using System.Text.RegularExpressions;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>
/// Reads how .NET's console writes, and glog with its heirs (klog).
/// <code>
/// warn: Shop.Cart[17]
///       The cart 42 is empty
/// I0102 15:04:05.678901    1234 server.go:42] listening
/// </code>
/// </summary>
internal static partial class ConsoleLine
{
    public static ReadLine? TryRead(string text)
    {
        if (text.Length < 6)
        {
            return null;
        }
        return text[4] == ':' ? Dotnet(text)
            : char.IsAsciiDigit(text[1]) && text[0] is 'I' or 'W' or 'E' or 'F' ? Glog(text)
            : null;
    }

    private static ReadLine? Dotnet(string text)
    {
        var match = DotnetHead().Match(text);
        if (!match.Success)
        {
            return null;
        }
        var body = string.Join('\n', text[match.Length..].Split('\n').Select(line => Unindented(line).TrimEnd('\r')));
        LogField[] fields =
        [
            new("category", match.Groups["category"].Value),
            new("event", match.Groups["event"].Value),
        ];
        return new(body.Trim('\n'))
        {
            Severity = Levels.OfWord(match.Groups["level"].Value),
            SeverityText = match.Groups["level"].Value,
            Fields = fields,
        };
    }

    private static string Unindented(string line) =>
        line.StartsWith("      ", StringComparison.Ordinal) ? line[6..] : line;

    private static ReadLine? Glog(string text)
    {
        var match = GlogHead().Match(text);
        return !match.Success
            ? null
            : new(text[match.Length..])
            {
                Severity = text[0] switch
                {
                    'I' => Severity.Info,
                    'W' => Severity.Warning,
                    'E' => Severity.Error,
                    _ => Severity.Fatal,
                },
                Fields = [new("caller", match.Groups["caller"].Value)],
            };
    }

    [GeneratedRegex(
        @"^(?<level>trce|dbug|info|warn|fail|crit): (?<category>\S{1,500})\[(?<event>-?\d{1,10})\](?:\r?\n|$)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex DotnetHead();

    [GeneratedRegex(
        @"^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6} +\d{1,10} (?<caller>\S{1,200}:\d{1,7})\] ",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex GlogHead();
}
