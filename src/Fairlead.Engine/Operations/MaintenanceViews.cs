using Fairlead.Model.Monitoring;

namespace Fairlead.Engine.Operations;

/// <summary>Work that was announced.</summary>
/// <param name="About">The site, everything where there is none.</param>
/// <param name="State">comes, goes-on or over.</param>
public sealed record MaintenanceView(
    string Id,
    string State,
    DateTimeOffset From,
    DateTimeOffset To,
    string Text,
    string About,
    IReadOnlyList<string> Services,
    IReadOnlyList<string> Monitors,
    string By
)
{
    internal static MaintenanceView Of(Maintenance one, DateTimeOffset now) =>
        new(
            one.Id,
            one.IsOn(now) ? "goes-on"
                : now < one.From ? "comes"
                : "over",
            one.From,
            one.To,
            one.Text,
            one.Site?.ToString() ?? "everything",
            one.Services,
            one.Monitors,
            one.By
        );
}
