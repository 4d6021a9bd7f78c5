using Fairlead.Faces.Cli.Reading;

namespace Fairlead.Faces.Cli.Completing;

/// <summary>Says what could be typed next.</summary>
/// <param name="live">The live names of a noun: app, service or release.</param>
internal sealed class Completer(
    IReadOnlyList<Verb> verbs,
    Func<string, CancellationToken, Task<IReadOnlyList<string>>> live
)
{
    /// <summary>Tells the shell to offer its folders.</summary>
    public const string Folders = ":folders";

    /// <param name="words">What is typed so far, without the program; the last one is being typed and may be empty.</param>
    public async Task<IReadOnlyList<Candidate>> CandidatesAsync(IReadOnlyList<string> words, CancellationToken stop)
    {
        var typing = words.Count > 0 ? words[^1] : "";
        var before = words.Take(Math.Max(0, words.Count - 1)).ToArray();
        var (verb, path) = VerbOf(before);
        var options = (verb?.Options ?? []).Concat(Globals.Options).ToArray();

        if (before.Length > 0 && OptionOf(before[^1], options) is { Kind: not OptionKind.Flag } open)
        {
            return await ValuesAsync(open, typing, prefix: "", stop);
        }
        if (typing.Split('=', 2) is [var name, var value] && OptionOf(name, options) is { } inline)
        {
            return await ValuesAsync(inline, value, name + "=", stop);
        }
        if (typing.StartsWith('-'))
        {
            return
            [
                .. options
                    .Where(option => !option.IsPositional && (option.IsList || !before.Contains("--" + option.Name)))
                    .Select(option => new Candidate("--" + option.Name, option.Description))
                    .Where(one => one.Word.StartsWith(typing, StringComparison.Ordinal)),
            ];
        }
        return verb?.Options.FirstOrDefault(option => option.IsPositional) is { } positional
            ? await ValuesAsync(positional, typing, prefix: "", stop)
            : Words(verb is null ? path : verb.Name + ".", typing);
    }

    private (Verb? Verb, string Path) VerbOf(string[] before)
    {
        var name = "";
        for (var at = 0; at < before.Length; at++)
        {
            if (before[at].StartsWith('-'))
            {
                at += OptionOf(before[at], Globals.Options) is { Kind: not OptionKind.Flag } ? 1 : 0;
                continue;
            }
            name += before[at];
            if (verbs.FirstOrDefault(one => one.Name == name) is { } found)
            {
                return (found, name);
            }
            name += ".";
        }
        return (null, name);
    }

    /// <summary>The next words of verbs that begin so.</summary>
    private IReadOnlyList<Candidate> Words(string path, string typing) =>
        [
            .. verbs
                .Where(verb => !verb.IsHidden && verb.Name.StartsWith(path + typing, StringComparison.Ordinal))
                .GroupBy(verb => verb.Name[path.Length..].Split('.')[0])
                .Select(group => new Candidate(group.Key, group.First().Summary)),
        ];

    private static Option? OptionOf(string word, IEnumerable<Option> options) =>
        word.StartsWith("--", StringComparison.Ordinal)
            ? options.FirstOrDefault(option => option.Name == word[2..] || option.Alias == word[2..])
            : null;

    private async Task<IReadOnlyList<Candidate>> ValuesAsync(
        Option option,
        string typing,
        string prefix,
        CancellationToken stop
    )
    {
        if (option.IsFolder)
        {
            return [new(Folders, "")];
        }
        var values = option switch
        {
            { Choices.Count: > 0 } => option.Choices,
            { Names: { } names } => await live(names, stop),
            _ => [],
        };
        return
        [
            .. values
                .Where(value => value.StartsWith(typing, StringComparison.Ordinal))
                .Select(value => new Candidate(prefix + value, "")),
        ];
    }
}

/// <param name="Meaning">Shown beside it, where the shell can.</param>
internal sealed record Candidate(string Word, string Meaning);
