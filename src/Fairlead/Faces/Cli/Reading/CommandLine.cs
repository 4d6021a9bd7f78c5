using System.Text.Json.Nodes;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli.Reading;

/// <summary>
/// Reads "app rollback --app shop --to 41" into a verb and its input. All that can be wrong with the words is found here,
/// before anything is read or contacted.
/// </summary>
public sealed class CommandLine
{
    private readonly IReadOnlyList<string> words;
    private readonly IReadOnlyList<Verb> verbs;
    private readonly JsonObject input = [];
    private Globals globals = new();
    private Verb? verb;
    private int at;

    private CommandLine(IReadOnlyList<Verb> verbs, IReadOnlyList<string> words)
    {
        this.verbs = verbs;
        this.words = words;
    }

    /// <summary>The verb as far as the words name one, for messages about words that are wrong.</summary>
    /// <returns>Null when the words name no verb.</returns>
    public static Verb? VerbOf(IReadOnlyList<Verb> verbs, IReadOnlyList<string> words)
    {
        var line = new CommandLine(verbs, words);
        return line.FindVerb([.. words.Where(word => !word.StartsWith('-'))]).Verb;
    }

    /// <exception cref="ProblemException">The words make no sense.</exception>
    public static Call Parse(IReadOnlyList<Verb> verbs, IReadOnlyList<string> words) =>
        new CommandLine(verbs, words).Parse();

    private Call Parse()
    {
        ReadLeadingGlobals();
        verb = ReadVerb();
        var hasEnded = false;
        for (; at < words.Count; at++)
        {
            var word = words[at];
            if (hasEnded || word is "-" || !word.StartsWith('-'))
            {
                ReadPositional(word);
            }
            else if (word is "--")
            {
                hasEnded = true;
            }
            else
            {
                ReadOption(word);
            }
        }
        if (!globals.Help)
        {
            CheckRequired();
        }
        return new(verb, input, globals);
    }

    private void ReadLeadingGlobals()
    {
        verb = new Verb("fairlead", "", typeof(NoInput), (_, _) => Task.FromResult(0));
        for (; at < words.Count && words[at].StartsWith('-'); at++)
        {
            ReadOption(words[at]);
        }
    }

    private Verb ReadVerb()
    {
        var rest = words.Skip(at).TakeWhile(word => !word.StartsWith('-')).ToArray();
        if (rest.Length == 0)
        {
            return verbs.First(one => one.Name == "help");
        }
        var (found, count) = FindVerb(rest);
        at += count;
        if (found is not null)
        {
            return found;
        }
        throw verbs.Any(one => one.Name.StartsWith(rest[0] + ".", StringComparison.Ordinal))
            ? rest.Length > 1
                ? WrongUse.NoSuchVerb($"{rest[0]} {rest[1]}", verbs)
                : WrongUse.NounAlone(rest[0], verbs)
            : WrongUse.NoSuchVerb(rest[0], verbs);
    }

    /// <summary>The longest run of leading words that names a verb.</summary>
    private (Verb? Verb, int Words) FindVerb(string[] names)
    {
        for (var count = Math.Min(3, names.Length); count > 0; count--)
        {
            var name = string.Join('.', names.Take(count));
            if (verbs.FirstOrDefault(one => one.Name == name) is { } found)
            {
                return (found, count);
            }
        }
        return (null, 0);
    }

    private void ReadOption(string word)
    {
        var (name, inline) = word.Split('=', 2) is [var left, var right] ? (left, right) : (word, null);
        var option = Find(name) ?? throw WrongUse.NoSuchOption(verb!, name.TrimStart('-'));
        Put(option, option.Kind == OptionKind.Flag ? inline ?? "true" : inline ?? ReadValue(option));
    }

    private Option? Find(string name)
    {
        var known = verb!.Options.Concat(Globals.Options);
        return name.StartsWith("--", StringComparison.Ordinal)
                ? known.FirstOrDefault(one => one.Name == name[2..] || one.Alias == name[2..])
            : name.Length == 2 ? known.FirstOrDefault(one => one.Letter == name[1])
            : null;
    }

    private string ReadValue(Option option)
    {
        var hasValue = at + 1 < words.Count && !words[at + 1].StartsWith("--", StringComparison.Ordinal);
        return hasValue ? words[++at] : throw WrongUse.ValueMissing(verb!, option);
    }

    private void ReadPositional(string word)
    {
        var option = verb!.Options.FirstOrDefault(one =>
            one.IsPositional && (one.IsList || !input.ContainsKey(one.Property))
        );
        Put(option ?? throw WrongUse.OneWordTooMany(verb!, word), word);
    }

    private void Put(Option option, string text)
    {
        var value = Values.Read(option, text) ?? throw WrongUse.WrongValue(verb!, option, text);
        if (Globals.Options.Contains(option))
        {
            globals = globals.With(option, value);
        }
        else if (!option.IsList)
        {
            if (!input.TryAdd(option.Property, value))
            {
                throw WrongUse.GivenTwice(verb!, option);
            }
        }
        else if (input[option.Property] is JsonArray list)
        {
            list.Add(value);
        }
        else
        {
            input[option.Property] = new JsonArray(value);
        }
    }

    private void CheckRequired()
    {
        // A folder defaults to the current one, and an app to the one of the folder's manifest or to the only one there is.
        var missing = verb!.Options.FirstOrDefault(option =>
            option.IsRequired && !option.IsFolder && option.Property != "app" && !input.ContainsKey(option.Property)
        );
        if (missing is not null)
        {
            throw WrongUse.Missing(verb!, missing);
        }
    }
}
