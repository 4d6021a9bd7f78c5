namespace Fairlead.Engine.Manifests.Detecting.Reading;

/// <summary>Packages that a folder says it needs, and where it says so. Each ecosystem has its own record.</summary>
internal abstract record Dependencies(IReadOnlyDictionary<string, Evidence> Named)
{
    public bool Has(string name) => Named.ContainsKey(name);

    public Evidence? First(params IEnumerable<string> names) =>
        names.Select(name => Named.GetValueOrDefault(name)).FirstOrDefault(seen => seen is not null);
}
