namespace Fairlead.Engine.Watching.Scraping;

/// <summary>A target that somebody named, kept in the store.</summary>
/// <param name="Name">Unique; the label <c>job</c>.</param>
/// <param name="Url">As it was typed, with <c>${NAME}</c> for what is secret.</param>
public sealed record SavedTarget(string Name, string Url, TimeSpan Every)
{
    /// <summary>The store's collection of them, each under its name.</summary>
    public const string Collection = "scrapes";
}
