using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Finds sections of Fairlead's own guides, which the program carries along.</summary>
public static class SearchDocs
{
    private const int SectionsMax = 5;
    private const int LettersMax = 1_500;
    private const int WordsMax = 20;
    private const int HeadingWeight = 6;
    private const string Prefix = "docs/guides/";

    // Words that stand everywhere would decide nothing, and cost a look each.
    private static readonly HashSet<string> Common = new(
        ["the", "and", "for", "how", "what", "with", "can", "not"],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly Lazy<IReadOnlyList<Section>> All = new(Read);

    public sealed record Input
    {
        [Description("What it is about, in a few words.")]
        [Positional]
        public required string Query { get; init; }
    }

    public sealed record Output(IReadOnlyList<Section> Sections);

    /// <param name="Guide">The guide's name, such as <c>traffic</c>.</param>
    /// <param name="Text">Markdown, from its beginning.</param>
    public sealed record Section(string Guide, string Heading, string Text);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("docs.search", "Search Fairlead's own guides.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead docs search 'canary gate'"],
            Needs = Need.Of(Permission.See),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        Task.FromResult(new Output(Find(input.Query)));

    internal static IReadOnlyList<Section> Find(string query)
    {
        var words = query
            .Split([' ', ',', '.', '?', '!', ':', ';', '"', '\'', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Where(static word => word.Length > 2 && !Common.Contains(word))
            .Take(WordsMax)
            .ToList();
        return
        [
            .. All
                .Value.Select(section => (section, Score: words.Sum(word => ScoreOf(section, word))))
                .Where(static one => one.Score > 0)
                .OrderByDescending(static one => one.Score)
                .Take(SectionsMax)
                .Select(static one =>
                    one.section.Text.Length > LettersMax
                        ? one.section with
                        {
                            Text = $"{one.section.Text[..LettersMax]}...",
                        }
                        : one.section
                ),
        ];
    }

    private static double ScoreOf(Section section, string word)
    {
        var times =
            section.Text.AsSpan().Count(word)
            + (section.Text.Contains(word, StringComparison.OrdinalIgnoreCase) ? 1 : 0);
        var isNamed =
            section.Heading.Contains(word, StringComparison.OrdinalIgnoreCase)
            || section.Guide.Contains(word, StringComparison.OrdinalIgnoreCase);
        return Math.Log2(1 + times) + (isNamed ? HeadingWeight : 0);
    }

    private static List<Section> Read()
    {
        var assembly = typeof(SearchDocs).Assembly;
        var sections = new List<Section>();
        foreach (
            var name in assembly
                .GetManifestResourceNames()
                .Where(static one => one.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        )
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!); // It was listed just now.
            var guide = Path.GetFileNameWithoutExtension(name[Prefix.Length..]);
            foreach (var part in $"\n{reader.ReadToEnd()}".Split("\n#", StringSplitOptions.RemoveEmptyEntries))
            {
                var lines = part.TrimStart('#').Split('\n', 2);
                if (lines is [var heading, var text] && text.Trim().Length > 0)
                {
                    sections.Add(new(guide, heading.Trim(), text.Trim()));
                }
            }
        }
        return sections;
    }
}
