using Fairlead.Engine.Watching.Scraping;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Watching;

/// <summary>How a server gets numbers.</summary>
/// <param name="Scrapes">Asks one target, now.</param>
/// <param name="Targets">Every target there is.</param>
/// <param name="Schemes">What an address of a target may begin with.</param>
public sealed record Collecting(IScrapes Scrapes, TargetSearch Targets, IReadOnlyList<string> Schemes)
{
    /// <summary>Asks all, always; null where no store keeps what they show.</summary>
    public Scraper? Scraper { get; init; }
}
