using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Forges;

namespace Fairlead.Drivers.Channels.Issues;

/// <summary>Issues of GitLab: https://docs.gitlab.com/api/issues.</summary>
internal sealed class GitLabIssues : IIssueTracker
{
    public string Kind => "gitlab";

    public string Api => "https://gitlab.com/api/v4";

    public (string Name, string Example) Place => ("project", "acme/web/shop");

    public int TitleCharsMax => 250;

    public (string Name, string Value) Showing(string token) => new GitLabDialect("").Showing(token);

    public ForgeCall Open(string place, int page) =>
        ForgeCall.Get(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Project(place)}/issues?state=opened&order_by=updated_at&sort=desc&per_page=100&page={page}"
            )
        );

    public IReadOnlyList<(long Number, string Text)> ReadOpen(JsonNode? answer) =>
        IssueAnswers.Issues(answer, "iid", "description");

    public ForgeCall Create(string place, string title, string text, IReadOnlyList<string> labels) =>
        new(
            HttpMethod.Post,
            $"{Project(place)}/issues",
            new JsonObject
            {
                ["title"] = title,
                ["description"] = text,
                ["labels"] = string.Join(',', labels),
            }
        );

    // It knows no "since"; the newest come first.
    public ForgeCall Comments(string place, long issue, DateTimeOffset since) =>
        ForgeCall.Get(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Project(place)}/issues/{issue}/notes?per_page=100&order_by=created_at&sort=desc"
            )
        );

    public ForgeCall Comment(string place, long issue, string text) =>
        new(
            HttpMethod.Post,
            string.Create(CultureInfo.InvariantCulture, $"{Project(place)}/issues/{issue}/notes"),
            new JsonObject { ["body"] = text }
        );

    public ForgeCall Close(string place, long issue) =>
        new(
            HttpMethod.Put,
            string.Create(CultureInfo.InvariantCulture, $"{Project(place)}/issues/{issue}"),
            new JsonObject { ["state_event"] = "close" }
        );

    private static string Project(string place) => $"projects/{Uri.EscapeDataString(place)}";
}
