using System.Reflection;
using System.Text.Json;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>One thing that a catalogue asks for.</summary>
/// <param name="Id">As the catalogue's authors write it, such as <c>CC6.1</c>.</param>
/// <param name="Title">What it is about, in our own words.</param>
public sealed record Control(string Id, string Title)
{
    /// <summary>Names of the queries whose answers are its evidence; all must hold.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What a person must state, because no query can see it; null where queries see all.</summary>
    public string? Attest { get; init; }
}

/// <summary>A list of controls, as data: a file in <c>Catalogues</c> is one.</summary>
public sealed record Catalogue(string Id, string Title, string About, IReadOnlyList<Control> Controls)
{
    private static readonly Lazy<IReadOnlyList<Catalogue>> Read = new(() =>
        [
            .. Assembly
                .GetExecutingAssembly()
                .GetManifestResourceNames()
                .Where(name => name.Contains(".Compliance.Catalogues.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(Load),
        ]
    );

    public static IReadOnlyList<Catalogue> All => Read.Value;

    public Control? Find(string id) =>
        Controls.FirstOrDefault(control => string.Equals(control.Id, id, StringComparison.OrdinalIgnoreCase));

    private static Catalogue Load(string name)
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!; // It was just listed.
        return JsonSerializer.Deserialize<Catalogue>(file, Operations.Schemas.Json)!;
    }
}
