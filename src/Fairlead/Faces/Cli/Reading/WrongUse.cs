using Fairlead.Faces.Cli.Showing;
using Fairlead.Model.Problems;

namespace Fairlead.Faces.Cli.Reading;

/// <summary>What is said when a command line cannot be understood.</summary>
internal static class WrongUse
{
    // A word that a person reads back to themselves; a pasted file is not repeated at them.
    private const int EchoMax = 60;

    public static ProblemException NoSuchVerb(string word, IReadOnlyList<Verb> verbs)
    {
        var shown = verbs.Where(verb => !verb.IsHidden).Select(verb => verb.Typed).ToArray();
        return Nearest.To(word, shown) is { } meant
            ? Of(
                "cli.no-such-command",
                $"There is no command '{Echo(word)}'.",
                $"Did you mean '{meant}'?",
                $"fairlead {meant}"
            )
            : Of(
                "cli.no-such-command",
                $"There is no command '{Echo(word)}'.",
                "It is not among Fairlead's commands.",
                "See them: fairlead help"
            );
    }

    public static ProblemException NounAlone(string noun, IReadOnlyList<Verb> verbs) =>
        Of(
            "cli.verb-missing",
            $"'{noun}' needs a verb.",
            $"It has: {string.Join(", ", verbs.Where(verb => verb.Name.StartsWith(noun + ".", StringComparison.Ordinal)).Select(verb => verb.Typed))}.",
            $"fairlead help {noun}"
        );

    public static ProblemException NoSuchOption(Verb verb, string name)
    {
        var known = verb
            .Options.Concat(Globals.Options)
            .SelectMany(option => option.Alias is { } alias ? [option.Name, alias] : new[] { option.Name })
            .ToArray();
        var why = Nearest.To(name, known) is { } meant
            ? $"Did you mean --{meant}?"
            : $"It takes: {string.Join(", ", known.Select(one => "--" + one))}.";
        return Of(
            "cli.no-such-option",
            $"'{verb.Typed}' has no option {(name.Length == 1 ? "-" : "--")}{Echo(name)}.",
            why,
            HelpFor(verb)
        );
    }

    public static ProblemException ValueMissing(Verb verb, Option option) =>
        Of("cli.value-missing", $"--{option.Name} needs a value.", Meaning(option), HelpFor(verb));

    public static ProblemException WrongValue(Verb verb, Option option, string value)
    {
        var needs = option.Kind switch
        {
            OptionKind.Whole => "a whole number",
            OptionKind.Number => "a number such as 1.5",
            OptionKind.Flag => "true or false",
            OptionKind.Choice => $"one of {string.Join(", ", option.Choices)}",
            OptionKind.Json => "JSON",
            _ => "text",
        };
        var meant = Nearest.To(value, option.Choices) is { } near ? $" Did you mean {near}?" : "";
        return Of(
            "cli.wrong-value",
            $"{(option.IsPositional ? option.Name.ToUpperInvariant() : "--" + option.Name)} cannot be '{Echo(value)}'.",
            $"It needs {needs}.{meant}",
            HelpFor(verb)
        );
    }

    public static ProblemException GivenTwice(Verb verb, Option option) =>
        Of("cli.given-twice", $"--{option.Name} is given twice.", "It has one value.", HelpFor(verb));

    public static ProblemException OneWordTooMany(Verb verb, string word) =>
        Of(
            "cli.one-word-too-many",
            $"'{verb.Typed}' does not know what to do with '{Echo(word)}'.",
            $"It is typed so: {HelpText.Usage(verb)}",
            HelpFor(verb)
        );

    public static ProblemException Missing(Verb verb, Option option) =>
        Of(
            "cli.option-missing",
            option.IsPositional
                ? $"'{verb.Typed}' needs {option.ValueWord}."
                : $"'{verb.Typed}' needs --{option.Name} {option.ValueWord}.",
            Meaning(option),
            $"{HelpText.Usage(verb)}"
        );

    public static ProblemException NoFolder(string path) =>
        new(
            new Problem(
                "cli.no-folder",
                $"There is no folder {Echo(path)}.",
                "It was looked for from the current folder.",
                "Name a folder that exists, or go into it and leave the name out."
            )
            {
                Trouble = Trouble.NotFound,
            }
        );

    private static string Meaning(Option option) =>
        option.Description.Length > 0 ? option.Description : $"It takes {option.ValueWord}.";

    private static string HelpFor(Verb verb) => $"See what it takes: fairlead help {verb.Typed}";

    private static string Echo(string text) => Plain.Of(text.Length <= EchoMax ? text : text[..EchoMax] + "...");

    private static ProblemException Of(string code, string what, string why, string fix) =>
        new(new Problem(code, what, why, fix) { Trouble = Trouble.WrongUse });
}
