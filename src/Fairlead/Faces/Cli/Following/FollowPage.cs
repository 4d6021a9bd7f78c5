using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Cli.Following;

/// <summary>What one look at a deployment brought.</summary>
/// <param name="Entries">New lines of its journal.</param>
/// <param name="Raw">The deployment as the server wrote it, for programs.</param>
/// <param name="IsAnswered">False when the server could not be asked and the deployment is as it was last seen.</param>
internal sealed record FollowPage(
    IReadOnlyList<FollowEntry> Entries,
    DeploymentView Deployment,
    JsonNode Raw,
    bool IsAnswered
);

/// <param name="Raw">As the server wrote it, for programs.</param>
internal sealed record FollowEntry(long Sequence, string Text, JsonNode Raw);
