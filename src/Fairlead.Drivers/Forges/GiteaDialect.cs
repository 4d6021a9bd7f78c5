using System.Text.Json.Nodes;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Forges;

/// <summary>The API v1 of Gitea and Forgejo: https://docs.gitea.com/api.</summary>
/// <param name="repository">Such as <c>acme/shop</c>.</param>
internal sealed class GiteaDialect(string repository) : IForgeDialect
{
    public (string Name, string Value) Showing(string token) => ("Authorization", $"token {token}");

    // It cannot be asked for one branch; what has more than 50 open changes is told the status alone.
    public ForgeCall OpenChanges(string branch) =>
        ForgeCall.Get($"repos/{repository}/pulls?state=open&sort=recentupdate&limit=50");

    public int? ReadChange(JsonNode? answer, string branch) =>
        (answer as JsonArray)
            ?.Where(one => one.Text("head", "ref") == branch && one.Text("head", "repo", "full_name").Is(repository))
            .Select(static one => one.Number("number"))
            .FirstOrDefault();

    public ForgeCall Change(int number) =>
        ForgeCall.Get(FormattableString.Invariant($"repos/{repository}/pulls/{number}"));

    public bool ReadIsOpen(JsonNode? answer) => answer.Text("state") == "open";

    // All of them come at once, whatever page is asked for.
    public ForgeCall Comments(int change, int page) =>
        ForgeCall.Get(FormattableString.Invariant($"repos/{repository}/issues/{change}/comments?page={page}"));

    public ForgeCall AddComment(int change, string text) =>
        new(
            HttpMethod.Post,
            FormattableString.Invariant($"repos/{repository}/issues/{change}/comments"),
            new JsonObject { ["body"] = text }
        );

    public ForgeCall EditComment(int change, long comment, string text) =>
        new(
            HttpMethod.Patch,
            FormattableString.Invariant($"repos/{repository}/issues/comments/{comment}"),
            new JsonObject { ["body"] = text }
        );

    public ForgeCall Status(string commit, ForgeStatus status) =>
        new(
            HttpMethod.Post,
            $"repos/{repository}/statuses/{commit}",
            new JsonObject
            {
                ["state"] = status.State,
                ["context"] = status.Context,
                ["description"] = status.Text,
                ["target_url"] = status.Url?.ToString(),
            }
        );
}
