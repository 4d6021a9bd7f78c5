using System.Text.Json.Nodes;
using Fairlead.Drivers.Forges;

namespace Fairlead.Drivers.Channels.Issues;

/// <summary>How the issues of one kind of forge are spoken of: pure, what is asked and what the answers mean.</summary>
internal interface IIssueTracker
{
    /// <summary>Such as <c>github</c>.</summary>
    string Kind { get; }

    /// <summary>Such as <c>https://api.github.com</c>.</summary>
    string Api { get; }

    /// <summary>The setting that names where issues are, such as <c>repository</c>, and an example of it.</summary>
    (string Name, string Example) Place { get; }

    int TitleCharsMax { get; }

    /// <summary>The header that shows a token.</summary>
    (string Name, string Value) Showing(string token);

    /// <summary>Open issues, those that changed last first, a hundred on a page.</summary>
    /// <param name="page">1 for the first.</param>
    ForgeCall Open(string place, int page);

    /// <summary>The number and the text of each; nothing of what is no issue.</summary>
    IReadOnlyList<(long Number, string Text)> ReadOpen(JsonNode? answer);

    ForgeCall Create(string place, string title, string text, IReadOnlyList<string> labels);

    /// <summary>The comments of an issue since a time, a hundred.</summary>
    ForgeCall Comments(string place, long issue, DateTimeOffset since);

    ForgeCall Comment(string place, long issue, string text);

    ForgeCall Close(string place, long issue);
}

/// <summary>Reads what all forges say alike.</summary>
internal static class IssueAnswers
{
    /// <summary>Of an array of objects; nothing of what is none.</summary>
    public static IReadOnlyList<(long Number, string Text)> Issues(JsonNode? answer, string number, string text) =>
        [
            .. (answer as JsonArray ?? [])
                .Where(one => one.Long(number) is not null)
                .Select(one => (one.Long(number)!.Value, one.Text(text) ?? "")),
        ];

    /// <summary>Whether one of the comments has a mark.</summary>
    public static bool HasMark(JsonNode? comments, string mark) =>
        (comments as JsonArray)?.Any(one => one.Text("body")?.Contains(mark, StringComparison.Ordinal) is true) is true;

    /// <summary>How many there are, of an array; 0 of what is none.</summary>
    public static int Count(JsonNode? answer) => (answer as JsonArray)?.Count ?? 0;
}
