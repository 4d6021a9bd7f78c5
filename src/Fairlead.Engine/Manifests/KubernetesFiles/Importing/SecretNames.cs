using Fairlead.Engine.Manifests.ComposeFiles.Importing;
using Fairlead.Engine.Manifests.ComposeFiles.Reading;
using Fairlead.Engine.Manifests.KubernetesFiles.Reading;

namespace Fairlead.Engine.Manifests.KubernetesFiles.Importing;

/// <summary>
/// What keys of Secrets are called here: as the key, where it is written like a variable, else as the one variable that they are told
/// in, else by both their names.
/// </summary>
internal sealed class SecretNames
{
    private readonly Dictionary<(string Object, string Key), string> names = [];
    private readonly Dictionary<string, (string Object, string Key)?> owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    public SecretNames(IEnumerable<Piece.Group> containers)
    {
        var uses = containers
            .SelectMany(static one => ClusterObject.Rows(one, "env"))
            .Select(static one => (Name: ClusterObject.Text(one, "name"), From: Ref(one)))
            .Where(static one => one is { Name: not null, From: not null })
            .GroupBy(static one => one.From!.Value, static one => one.Name!);
        foreach (var use in uses)
        {
            Name(use.Key, [.. use.Distinct(StringComparer.Ordinal)]);
        }
    }

    public static (string Object, string Key)? Ref(Piece.Group variable) =>
        ClusterObject.Group(ClusterObject.Group(variable, "valueFrom"), "secretKeyRef") is { } held
        && ClusterObject.Text(held, "name") is { } name
        && ClusterObject.Text(held, "key") is { } key
            ? (name, key)
            : null;

    public string Of((string Object, string Key) held, string variable) =>
        names.TryGetValue(held, out var name) ? name : Name(held, [variable]);

    /// <summary>Of a value that stood in a file: of two with one name and two values, the second is another secret.</summary>
    public string OfValue(string service, string variable, string value)
    {
        var isFree =
            !owners.TryGetValue(variable, out var owner)
            || (owner is null && values.GetValueOrDefault(variable) == value);
        var name = isFree ? variable : $"{EnvironmentImport.VariableName(service)}_{variable}";
        owners[name] = null;
        values[name] = value;
        return name;
    }

    private string Name((string Object, string Key) held, IReadOnlyList<string> variables)
    {
        var whole = EnvironmentImport.VariableName($"{held.Object}_{held.Key}");
        var name =
            IsVariable(held.Key) ? held.Key
            : variables is [var only] && EnvironmentFile.IsName(only) ? only
            : whole;
        if (!owners.TryAdd(name, held) && owners[name] != held)
        {
            name = whole;
            owners[name] = held;
        }
        names[held] = name;
        return name;
    }

    private static bool IsVariable(string key) => EnvironmentFile.IsName(key) && !key.Any(char.IsAsciiLetterLower);
}
