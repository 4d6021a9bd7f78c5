using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Cli.Reading;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Rules;

/// <summary>What help and the documents show can be typed.</summary>
public sealed partial class ExampleRules
{
    private static readonly IReadOnlyList<Verb> Verbs = AllVerbs.Of().Verbs;
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "../../.."));

    public static TheoryData<string, string> Shown =>
        [.. AllOperations.Entries.SelectMany(one => one.Examples.Select(each => (one.Name, each)))];

    /// <summary>The documents for those who use Fairlead.</summary>
    public static TheoryData<string> Documents =>
        [
            "README.md",
            .. new[] { "docs/guides", "docs/tutorial" }
                .SelectMany(static folder => Directory.GetFiles(Path.Combine(Root, folder), "*.md"))
                .Select(static file => Path.GetRelativePath(Root, file))
                .Order(StringComparer.Ordinal),
        ];

    [Fact]
    public void Every_operation_shows_how_it_is_typed() =>
        Assert.Empty(AllOperations.Entries.Where(static one => one.Examples.Count == 0).Select(static one => one.Name));

    [Theory]
    [MemberData(nameof(Shown))]
    public void An_example_is_read_as_its_operation(string operation, string example) =>
        Assert.Equal(operation, CommandLine.Parse(Verbs, Typed(example)!).Verb.Name);

    [Theory]
    [MemberData(nameof(Documents))]
    public void What_a_document_tells_to_type_can_be_typed(string document)
    {
        var text = File.ReadAllText(Path.Combine(Root, document));
        var lines = Blocks()
            .Matches(text)
            .SelectMany(static one =>
                one.Groups["lines"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            );
        Assert.Empty(lines.Select(Wrong).OfType<string>());
    }

    private static string? Wrong(string line)
    {
        try
        {
            if (Typed(line) is { } words)
            {
                CommandLine.Parse(Verbs, words);
            }
            return null;
        }
        catch (ProblemException wrong)
        {
            return $"{line}: {wrong.Message}";
        }
    }

    // What follows the program's name, up to where the shell goes on with something else; null when the line does not call it.
    private static IReadOnlyList<string>? Typed(string line)
    {
        var words = Words().Matches(line).Select(static one => one.Groups["word"].Value).ToList();
        var at = words.FindIndex(static one => one is "fairlead" or "./fairlead");
        // The name of the program may be that of a database or a namespace, too.
        return
            at < 0
            || words.Take(at).Contains("#")
            || (at > 0 && words[at - 1] is not ("&&" or "|") && !words[0].Contains('='))
            ? null
            :
            [
                .. words
                    .Skip(at + 1)
                    .TakeWhile(static one => one is not (">" or "|" or ";" or "#" or "&" or "&&" or "<"))
                    .Select(static one => one.Trim('\'', '"')),
            ];
    }

    // As a shell reads it, as far as examples go.
    [GeneratedRegex(
        "(?<word>;|(?:[^\\s'\";]|'[^']*'|\"[^\"]*\")+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Words();

    [GeneratedRegex(
        "^```(?:sh|console|bash)\n(?<lines>.*?)^```",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Blocks();

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
