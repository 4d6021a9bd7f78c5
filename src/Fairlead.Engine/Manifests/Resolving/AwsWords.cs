namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Fills in what differs from environment to environment in names at AWS.</summary>
internal sealed record AwsWords(Place Place)
{
    public string App => Place.App;

    public string Environment => Place.Name;

    public string In(string text) =>
        text.Replace("{app}", App, StringComparison.Ordinal)
            .Replace("{environment}", Environment, StringComparison.Ordinal);
}
