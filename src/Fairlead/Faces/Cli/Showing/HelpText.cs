using Fairlead.Faces.Cli.Reading;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>Help, made from the verbs themselves.</summary>
public static class HelpText
{
    /// <summary>Everything there is, the daily verbs first.</summary>
    public static IEnumerable<string> All(IReadOnlyList<Verb> verbs)
    {
        var shown = verbs.Where(verb => !verb.IsHidden).ToArray();
        var daily = Presentations
            .Daily.Select(name => shown.FirstOrDefault(verb => verb.Name == name))
            .OfType<Verb>()
            .ToArray();
        var width = shown.Max(verb => verb.Typed.Length);
        yield return "Fairlead takes an application from commit to production and keeps it well there.";
        yield return "";
        yield return "Usage: fairlead COMMAND [options]";
        yield return "";
        yield return "Every day:";
        foreach (var verb in daily)
        {
            yield return Line(verb, width);
        }
        var groups = shown
            .Except(daily)
            .GroupBy(verb => verb.Name.Contains('.') ? verb.Name.Split('.')[0] : "")
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var group in groups)
        {
            yield return "";
            yield return group.Key.Length == 0 ? "More:" : $"{char.ToUpperInvariant(group.Key[0])}{group.Key[1..]}:";
            foreach (var verb in group.OrderBy(verb => verb.Name, StringComparer.Ordinal))
            {
                yield return Line(verb, width);
            }
        }
        yield return "";
        yield return "Everywhere:";
        foreach (var line in OptionLines(Globals.Options))
        {
            yield return line;
        }
        yield return "";
        yield return "Exit codes: 0 done, 1 failed, 2 wrong use, 3 not found, 4 not allowed, 5 locked or conflict, 6 rolled back,";
        yield return "7 inconclusive, 8 timed out, 9 needs a person, 10 server unreachable, 130 interrupted.";
        yield return "More about one: fairlead help COMMAND";
    }

    /// <summary>One verb with all it can be told.</summary>
    public static IEnumerable<string> One(Verb verb)
    {
        yield return verb.Summary;
        yield return "";
        yield return $"Usage: {Usage(verb)}";
        if (verb.Options.Count > 0)
        {
            yield return "";
            yield return "Options:";
            foreach (var line in OptionLines(verb.Options))
            {
                yield return line;
            }
        }
        if (verb.Examples.Count > 0)
        {
            yield return "";
            yield return "Examples:";
            foreach (var example in verb.Examples)
            {
                yield return $"  {example}";
            }
        }
        yield return "";
        yield return "Everywhere:";
        foreach (var line in OptionLines(Globals.Options))
        {
            yield return line;
        }
    }

    /// <summary><c>fairlead rollback [APP] --to NUMBER [options]</c>.</summary>
    public static string Usage(Verb verb)
    {
        var positional = verb
            .Options.Where(option => option.IsPositional)
            .Select(option => (option.IsList ? $"{option.ValueWord}..." : option.ValueWord, IsNeeded(option)))
            .Select(one => one.Item2 ? one.Item1 : $"[{one.Item1}]");
        var required = verb
            .Options.Where(option => !option.IsPositional && IsNeeded(option))
            .Select(option => $"--{option.Name} {option.ValueWord}");
        var rest = verb.Options.Any(option => !option.IsPositional && !IsNeeded(option))
            ? ["[options]"]
            : Array.Empty<string>();
        return string.Join(' ', (string[])["fairlead", verb.Typed, .. positional, .. required, .. rest]);
    }

    private static bool IsNeeded(Option option) => option.IsRequired && !option.IsFolder && option.Property != "app";

    private static string Line(Verb verb, int width) => $"  {verb.Typed.PadRight(width)}  {verb.Summary}";

    private static IEnumerable<string> OptionLines(IReadOnlyList<Option> options)
    {
        var rows = options.Select(option => (Left: Left(option), Right: Right(option))).ToArray();
        var width = rows.Max(row => row.Left.Length);
        return rows.Select(row => $"  {row.Left.PadRight(width)}  {row.Right}".TrimEnd());
    }

    private static string Left(Option option)
    {
        if (option.IsPositional)
        {
            return option.IsList ? $"{option.ValueWord}..." : option.ValueWord;
        }
        var names = option.Alias is { } alias ? $"--{alias}, --{option.Name}" : $"--{option.Name}";
        var letter = option.Letter is { } one ? $"-{one}, " : "";
        return option.Kind == OptionKind.Flag ? $"{letter}{names}" : $"{letter}{names} {option.ValueWord}";
    }

    private static string Right(Option option)
    {
        string[] notes =
        [
            .. option.IsList ? ["may be repeated"] : Array.Empty<string>(),
            .. option.IsFolder && option.IsPositional ? ["default: the current folder"]
            : option.Default is { } value ? [$"default: {value}"]
            : Array.Empty<string>(),
        ];
        return notes.Length == 0 ? option.Description : $"{option.Description} ({string.Join("; ", notes)})";
    }
}
