using System.Text.Json.Nodes;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Forges;

/// <summary>GitLab's REST API v4: https://docs.gitlab.com/api/rest.</summary>
/// <param name="repository">With all its groups, such as <c>acme/web/shop</c>.</param>
internal sealed class GitLabDialect(string repository) : IForgeDialect
{
    private readonly string project = $"projects/{Uri.EscapeDataString(repository)}";

    public (string Name, string Value) Showing(string token) => ("PRIVATE-TOKEN", token);

    public ForgeCall OpenChanges(string branch) =>
        ForgeCall.Get(
            $"{project}/merge_requests?state=opened&per_page=100&source_branch={Uri.EscapeDataString(branch)}"
        );

    public int? ReadChange(JsonNode? answer, string branch) =>
        (answer as JsonArray)
            ?.Where(one =>
                one.Text("source_branch") == branch
                && one.Number("source_project_id") is { } from
                && from == one.Number("target_project_id")
            )
            .Select(static one => one.Number("iid"))
            .FirstOrDefault();

    public ForgeCall Change(int number) =>
        ForgeCall.Get(FormattableString.Invariant($"{project}/merge_requests/{number}"));

    public bool ReadIsOpen(JsonNode? answer) => answer.Text("state") is "opened" or "locked";

    public ForgeCall Comments(int change, int page) =>
        ForgeCall.Get(FormattableString.Invariant($"{project}/merge_requests/{change}/notes?per_page=100&page={page}"));

    public ForgeCall AddComment(int change, string text) =>
        new(
            HttpMethod.Post,
            FormattableString.Invariant($"{project}/merge_requests/{change}/notes"),
            new JsonObject { ["body"] = text }
        );

    public ForgeCall EditComment(int change, long comment, string text) =>
        new(
            HttpMethod.Put,
            FormattableString.Invariant($"{project}/merge_requests/{change}/notes/{comment}"),
            new JsonObject { ["body"] = text }
        );

    public ForgeCall Status(string commit, ForgeStatus status) =>
        new(
            HttpMethod.Post,
            $"{project}/statuses/{commit}",
            new JsonObject
            {
                ["state"] = status.State == "failure" ? "failed" : status.State,
                ["name"] = status.Context,
                ["description"] = status.Text,
                ["target_url"] = status.Url?.ToString(),
            }
        );

    // It refuses to set a state that is set.
    public bool IsDoneAlready(int status, string body) =>
        status == 400 && body.Contains("Cannot transition status", StringComparison.Ordinal);
}
