using System.Text.Json.Nodes;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Forges;

/// <summary>GitHub's REST API, version 2022-11-28: https://docs.github.com/rest.</summary>
/// <param name="repository">Such as <c>acme/shop</c>.</param>
internal sealed class GitHubDialect(string repository) : IForgeDialect
{
    public (string Name, string Value) Showing(string token) => ("Authorization", $"Bearer {token}");

    public ForgeCall OpenChanges(string branch) =>
        ForgeCall.Get(
            $"repos/{repository}/pulls?state=open&per_page=100&head={Uri.EscapeDataString($"{repository.Split('/')[0]}:{branch}")}"
        );

    public int? ReadChange(JsonNode? answer, string branch) =>
        (answer as JsonArray)
            ?.Where(one => one.Text("head", "ref") == branch && one.Text("head", "repo", "full_name").Is(repository))
            .Select(static one => one.Number("number"))
            .FirstOrDefault();

    public ForgeCall Change(int number) =>
        ForgeCall.Get(FormattableString.Invariant($"repos/{repository}/pulls/{number}"));

    public bool ReadIsOpen(JsonNode? answer) => answer.Text("state") == "open";

    public ForgeCall Comments(int change, int page) =>
        ForgeCall.Get(
            FormattableString.Invariant($"repos/{repository}/issues/{change}/comments?per_page=100&page={page}")
        );

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
