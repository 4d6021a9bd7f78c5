using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Forges;

namespace Fairlead.Drivers.Channels.Issues;

/// <summary>Issues of GitHub: https://docs.github.com/rest/issues.</summary>
internal sealed class GitHubIssues : IIssueTracker
{
    public string Kind => "github";

    public string Api => "https://api.github.com";

    public (string Name, string Example) Place => ("repository", "acme/shop");

    public int TitleCharsMax => 250;

    public (string Name, string Value) Showing(string token) => new GitHubDialect("").Showing(token);

    public ForgeCall Open(string place, int page) =>
        ForgeCall.Get(
            string.Create(
                CultureInfo.InvariantCulture,
                $"repos/{place}/issues?state=open&sort=updated&direction=desc&per_page=100&page={page}"
            )
        );

    public IReadOnlyList<(long Number, string Text)> ReadOpen(JsonNode? answer) =>
        // Changes are issues too, for GitHub.
        IssueAnswers.Issues(
            new JsonArray([
                .. (answer as JsonArray ?? [])
                    .Where(static one => one is JsonObject issue && !issue.ContainsKey("pull_request"))
                    .Select(static one => one!.DeepClone()),
            ]),
            "number",
            "body"
        );

    public ForgeCall Create(string place, string title, string text, IReadOnlyList<string> labels) =>
        new(
            HttpMethod.Post,
            $"repos/{place}/issues",
            new JsonObject
            {
                ["title"] = title,
                ["body"] = text,
                ["labels"] = new JsonArray([.. labels.Select(static one => (JsonNode)one)]),
            }
        );

    public ForgeCall Comments(string place, long issue, DateTimeOffset since) =>
        ForgeCall.Get(
            string.Create(
                CultureInfo.InvariantCulture,
                $"repos/{place}/issues/{issue}/comments?per_page=100&since={since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"
            )
        );

    public ForgeCall Comment(string place, long issue, string text) =>
        new(
            HttpMethod.Post,
            string.Create(CultureInfo.InvariantCulture, $"repos/{place}/issues/{issue}/comments"),
            new JsonObject { ["body"] = text }
        );

    public ForgeCall Close(string place, long issue) =>
        new(
            HttpMethod.Patch,
            string.Create(CultureInfo.InvariantCulture, $"repos/{place}/issues/{issue}"),
            new JsonObject { ["state"] = "closed", ["state_reason"] = "completed" }
        );
}
