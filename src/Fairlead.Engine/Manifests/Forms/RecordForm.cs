using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Manifests.Reading;

namespace Fairlead.Engine.Manifests.Forms;

/// <summary>A group of keys that are the properties of a record; keys it does not know are findings.</summary>
/// <param name="known">A key that somebody else reads.</param>
internal sealed class RecordForm(Type type, string? known = null) : Form
{
    private readonly Lazy<IReadOnlyList<Member>> keys = new(() => KeysOf(type));
    private readonly Lazy<IReadOnlyList<Member>> required = new(() => RequiredOf(type));

    public override string Expects => $"a group of keys: {string.Join(", ", Names)}";

    public override string Example => $"{{ {keys.Value[0].Name}: {keys.Value[0].Form.Example} }}";

    private IEnumerable<string> Names => keys.Value.Select(key => key.Name);

    public override object? Read(Node node, Findings findings)
    {
        var record = Activator.CreateInstance(type)!;
        if (node is Node.Mapping mapping)
        {
            foreach (var entry in mapping.Entries.Where(entry => entry.Key != known))
            {
                ReadEntry(record, entry, mapping, findings);
            }
            foreach (var key in required.Value)
            {
                if (mapping.Find(key.Name) is null)
                {
                    findings.Add(mapping, "missing-key", Missing(node, key));
                }
            }
            return record;
        }
        if (node is Node.Scalar { IsNothing: false } && keys.Value.FirstOrDefault(key => key.StandsAlone) is { } alone)
        {
            alone.Property.SetValue(record, alone.Form.Read(node, findings));
            return record;
        }
        return Refuse(node, findings);
    }

    public override JsonObject Schema(JsonObject definitions)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(type.Name.Replace("Entry", "", StringComparison.Ordinal));
        if (!definitions.ContainsKey(name))
        {
            definitions[name] = Group(definitions);
        }
        JsonObject reference = new() { ["$ref"] = $"#/$defs/{name}" };
        return keys.Value.FirstOrDefault(key => key.StandsAlone) is { } alone
            ? new() { ["anyOf"] = new JsonArray(alone.Form.Schema(definitions), reference) }
            : reference;
    }

    /// <summary>The schema of the keys themselves, not of a reference to it.</summary>
    public JsonObject Group(JsonObject definitions)
    {
        JsonObject properties = [];
        foreach (var key in keys.Value)
        {
            var schema = key.Form.Schema(definitions);
            schema.Insert(0, "description", key.Description);
            properties[key.Name] = schema;
        }
        JsonObject group = new() { ["type"] = "object" };
        if (type.GetCustomAttribute<DescriptionAttribute>() is { } says)
        {
            group.Insert(0, "description", says.Description);
        }
        if (required.Value.Count > 0)
        {
            group["required"] = new JsonArray([.. required.Value.Select(key => JsonValue.Create(key.Name))]);
        }
        group["properties"] = properties;
        group["additionalProperties"] = false;
        return group;
    }

    private void ReadEntry(object record, Node.Entry entry, Node.Mapping mapping, Findings findings)
    {
        if (keys.Value.FirstOrDefault(key => key.Name == entry.Key) is not { } key)
        {
            findings.Add(entry.Spot, entry.Value.Path, "unknown-key", Unknown(mapping, entry.Key));
        }
        else if (key.Form.Read(entry.Value, findings) is { } value)
        {
            key.Property.SetValue(record, value);
        }
    }

    private (string What, string Why, string Fix) Unknown(Node.Mapping mapping, string word)
    {
        var meant =
            keys.Value.FirstOrDefault(key => key.Elsewhere.Contains(word, StringComparer.OrdinalIgnoreCase))?.Name
            ?? Nearest.To(word, Names);
        return (
            $"{Shown.Name(mapping.Path)} has an unknown key {Shown.Quoted(word)}.",
            keys.Value.Count == 0 ? "No keys are known here." : $"Known here: {string.Join(", ", Names)}.",
            meant is null ? "Remove it, or write one of the known keys."
            : mapping.Find(meant) is null
                ? $"Did you mean '{meant}'? Write '{meant}:' instead of '{Shown.Line(word)}:'."
            : $"Remove it: '{meant}' is said already."
        );
    }

    private static (string What, string Why, string Fix) Missing(Node node, Member key) =>
        (
            $"{Shown.Name(node.Path)} does not say '{key.Name}'.",
            key.Description,
            $"Add a line, for example: {key.Name}: {key.Form.Example}"
        );

    private static List<Member> KeysOf(Type type) =>
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod is { IsPublic: true })
                .Select(property => new Member(property)),
        ];

    // Types say whether any of their own properties is required.
    private static List<Member> RequiredOf(Type type)
    {
        var declaring = new HashSet<Type>();
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (at.IsDefined(typeof(RequiredMemberAttribute), inherit: false))
            {
                declaring.Add(at);
            }
        }
        return declaring.Count == 0
            ? []
            :
            [
                .. KeysOf(type)
                    .Where(one =>
                        declaring.Contains(one.Property.DeclaringType!)
                        && one.Property.IsDefined(typeof(RequiredMemberAttribute))
                    ),
            ];
    }

    /// <summary>A property as the file writes it. A file says few of those that it could, so only for them it is asked what they take.</summary>
    private sealed record Member(PropertyInfo Property)
    {
        public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(Property.Name);

        public Form Form => field ??= AllForms.Of(Property);

        public bool StandsAlone => Property.IsDefined(typeof(AloneAttribute));

        public string Description => Property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";

        public IReadOnlyList<string> Elsewhere => Property.GetCustomAttribute<ElsewhereAttribute>()?.Names ?? [];
    }
}
