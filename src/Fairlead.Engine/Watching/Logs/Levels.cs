using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Logs;

/// <summary>Reads how grave something is, from the words and numbers of many libraries.</summary>
public static class Levels
{
    private static readonly Dictionary<string, Severity> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["trace"] = Severity.Trace,
        ["trce"] = Severity.Trace,
        ["verbose"] = Severity.Trace,
        ["vrb"] = Severity.Trace,
        ["silly"] = Severity.Trace,
        ["finest"] = Severity.Trace,
        ["debug"] = Severity.Debug,
        ["dbug"] = Severity.Debug,
        ["dbg"] = Severity.Debug,
        ["fine"] = Severity.Debug,
        ["info"] = Severity.Info,
        ["inf"] = Severity.Info,
        ["information"] = Severity.Info,
        ["informational"] = Severity.Info,
        ["notice"] = Severity.Info,
        ["http"] = Severity.Info,
        ["log"] = Severity.Info,
        ["warn"] = Severity.Warning,
        ["warning"] = Severity.Warning,
        ["wrn"] = Severity.Warning,
        ["error"] = Severity.Error,
        ["err"] = Severity.Error,
        ["eror"] = Severity.Error,
        ["fail"] = Severity.Error,
        ["severe"] = Severity.Error,
        ["fatal"] = Severity.Fatal,
        ["ftl"] = Severity.Fatal,
        ["crit"] = Severity.Fatal,
        ["critical"] = Severity.Fatal,
        ["panic"] = Severity.Fatal,
        ["dpanic"] = Severity.Fatal,
        ["alert"] = Severity.Fatal,
        ["emerg"] = Severity.Fatal,
        ["emergency"] = Severity.Fatal,
    };

    private static readonly Dictionary<string, Severity>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Unset when it is no word for a level.</summary>
    public static Severity OfWord(ReadOnlySpan<char> word) => BySpan.GetValueOrDefault(word.Trim());

    /// <summary>As pino and bunyan number them: 10 is trace, 60 is fatal.</summary>
    public static Severity OfTens(double number) =>
        number switch
        {
            < 10 or > 60 => Severity.Unset,
            < 20 => Severity.Trace,
            < 30 => Severity.Debug,
            < 40 => Severity.Info,
            < 50 => Severity.Warning,
            < 60 => Severity.Error,
            _ => Severity.Fatal,
        };

    /// <summary>As syslog and GELF number them: 0 is an emergency, 7 is debug.</summary>
    public static Severity OfSyslog(int number) =>
        number switch
        {
            0 or 1 or 2 => Severity.Fatal,
            3 => Severity.Error,
            4 => Severity.Warning,
            5 or 6 => Severity.Info,
            7 => Severity.Debug,
            _ => Severity.Unset,
        };

    /// <summary>As an answer's status says.</summary>
    public static Severity OfStatus(int status) =>
        status switch
        {
            >= 500 => Severity.Error,
            >= 400 => Severity.Warning,
            _ => Severity.Info,
        };

    private static Severity GetValueOrDefault(
        this Dictionary<string, Severity>.AlternateLookup<ReadOnlySpan<char>> words,
        ReadOnlySpan<char> word
    ) => words.TryGetValue(word, out var severity) ? severity : Severity.Unset;
}
