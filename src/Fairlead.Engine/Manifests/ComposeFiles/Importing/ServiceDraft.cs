using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Manifests.ComposeFiles.Importing;

/// <summary>What the import of all services has in common.</summary>
/// <param name="Variables">For values that Compose takes from outside.</param>
/// <param name="Names">Services that come along: their name in the file, and in the manifest.</param>
/// <param name="Images">Those of them that are only an image, by their name in the file.</param>
internal sealed record ImportScope(
    ComposeFile File,
    IFileTree Tree,
    IReadOnlyDictionary<string, string> Variables,
    IReadOnlyDictionary<string, string> Names,
    IReadOnlyDictionary<string, ImageService> Images,
    Siblings Siblings,
    Notes Notes
)
{
    /// <summary>Values that secrets were given so far, which only tell whether two of the same name are the same.</summary>
    public Dictionary<string, string?> SecretValues { get; } = new(StringComparer.Ordinal);
}

/// <summary>A service on its way into the manifest.</summary>
internal sealed class ServiceDraft(string composeName, Piece.Group said, ImportScope scope)
{
    public string ComposeName => composeName;

    public string Name => scope.Names[composeName];

    public Piece.Group Said => said;

    public ImportScope Scope => scope;

    /// <summary>Null for a service that is built.</summary>
    public ImageService? Image => scope.Images.GetValueOrDefault(composeName);

    /// <summary>What a service that is built is, as far as that is known.</summary>
    public Kind? Kind { get; set; }

    /// <summary>As they will stand in the manifest.</summary>
    public JsonObject Keys { get; } = [];

    public JsonObject Container { get; } = [];

    public JsonObject Env { get; } = [];

    public JsonObject Secrets { get; } = [];

    public Piece? Find(string key) => said.Find(key) is Piece.Word { IsNothing: true } ? null : said.Find(key);

    public string? Text(string key) => (Find(key) as Piece.Word)?.Text;

    public void NotTaken(Place place, string key, string meaning, string fix) =>
        scope.Notes.Say(place, Reports.NotTaken(composeName, key, (meaning, fix)));

    public void Changed(Place place, string key, string now, string fix) =>
        scope.Notes.Say(place, Reports.Changed(composeName, key, (now, fix)));

    public void Say(Place place, Problem problem) => scope.Notes.Say(place, problem);

    /// <summary>Whether a command cannot come along, because what stands in a manifest is read by everybody; that is said.</summary>
    public bool IsSecret(string key, Piece? command)
    {
        if (command is null || !Sensitive.IsIn(command))
        {
            return false;
        }
        NotTaken(
            command.Place,
            key,
            "It holds a secret, and what stands in a manifest is read by everybody.",
            "Let the program read the secret from a variable or a file (secrets: [...]), and write the command without it."
        );
        return true;
    }

    /// <summary>Says that a value is none of those that Compose takes.</summary>
    public void Bad(Piece at, string key, string expects) =>
        scope.Notes.Fault(at.Place, Faults.BadValue($"{composeName}.{key}", expects));

    /// <summary>Texts of one text or a list of them.</summary>
    public IReadOnlyList<Piece.Word> Words(string key, Piece? value)
    {
        if (value is null or Piece.Word { IsNothing: true })
        {
            return [];
        }
        var items = value is Piece.Row row ? row.Items : [value];
        foreach (var item in items.Where(static item => item is not Piece.Word))
        {
            Bad(item, key, "texts");
        }
        return [.. items.OfType<Piece.Word>()];
    }
}
