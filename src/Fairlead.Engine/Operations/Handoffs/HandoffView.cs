using System.Text.Json.Nodes;
using Fairlead.Model.Agents;

namespace Fairlead.Engine.Operations.Handoffs;

/// <summary>A hand-off as callers see it.</summary>
/// <param name="Effects">What holds while it is accepted.</param>
/// <param name="IsLate">It is open, and its day is over.</param>
public sealed record HandoffView(
    string Handoff,
    string Kind,
    HandoffRole From,
    HandoffRole To,
    HandoffState State,
    string App,
    string Environment,
    string Title,
    string Owner,
    DateOnly? Due,
    bool IsLate,
    IReadOnlyList<string> Effects,
    string? Reason,
    string? Supersedes,
    string OfferedBy,
    DateTimeOffset OfferedAt,
    JsonObject Body
)
{
    internal static HandoffView Of(Handoff one, DateTimeOffset now) =>
        new(
            one.Id,
            one.Kind,
            one.From,
            one.To,
            one.State,
            one.Site.App,
            one.Site.Environment,
            one.Title,
            one.Owner,
            one.Due,
            one.State is HandoffState.Offered or HandoffState.Accepted
                && one.Due < DateOnly.FromDateTime(now.UtcDateTime),
            one.Effects,
            one.Reason,
            one.Supersedes,
            one.OfferedBy,
            one.OfferedAt,
            one.Body
        );
}
