using System.Text;
using Fairlead.Engine.Infrastructure.Code.Azure;

namespace Fairlead.Engine.Infrastructure.Code.Bicep;

/// <summary>The modules of a draft, and what leads from one to the other: outputs and parameters follow from what resources refer to.</summary>
internal sealed class BicepModules
{
    private static readonly BicepParameter[] Own =
    [
        new("location", "string", "Where all of it is", new CodeValue.Setting("resourceGroup().location")),
        new("name", "string", "Stands before names", null),
        new("tags", "object", "Written on everything", null),
    ];

    private readonly Dictionary<(string Symbol, string Attribute), BicepWire> wires = [];

    public BicepModules(AzureDraft draft)
    {
        Draft = draft;
        All =
        [
            .. AzureParts
                .All.Where(part => draft.Resources.Any(one => one.Part == part))
                .Select(part => new BicepModule(this, part)),
        ];
        Outputs = [.. draft.Outputs.Select(one => one with { Value = OfMain(one.Value) })];
        foreach (var wire in wires.Values)
        {
            All.Single(one => one.Name == wire.From).Tell(wire);
        }
    }

    public AzureDraft Draft { get; }

    public IReadOnlyList<BicepModule> All { get; }

    /// <summary>What the whole tells, in words of the main file.</summary>
    public IReadOnlyList<BicepOutput> Outputs { get; }

    /// <summary>All that is said by whoever applies the code.</summary>
    public IEnumerable<BicepParameter> Parameters => [.. Own, .. Draft.Parameters];

    public BicepParameter Setting(string name) => Parameters.Single(one => one.Name == name);

    /// <summary>How a resource tells something from its own module to others.</summary>
    public BicepWire Wire(CodeValue.Of of)
    {
        var key = (of.Name, of.Attribute);
        if (wires.TryGetValue(key, out var wire))
        {
            return wire;
        }
        var words = of.Attribute.Split('.');
        var name = $"{of.Name}{Capital(words[^1])}";
        if (!Draft.Take(name))
        {
            name = $"{of.Name}{string.Concat(words.Select(Capital))}";
            _ = Draft.Take(name);
        }
        return wires[key] = new(name, PartOf(of.Name), of);
    }

    /// <summary>The module that makes something.</summary>
    public string PartOf(string symbol) => Draft.Resources.Single(one => one.Symbol == symbol && !one.IsMirror).Part;

    public static string Reference(CodeValue.Of of) => of.Attribute.Length == 0 ? of.Name : $"{of.Name}.{of.Attribute}";

    /// <summary>A parameter as a file declares it.</summary>
    /// <param name="usual">What it is when nothing is said, as it is written; null for what has to be said.</param>
    public static string Declared(BicepParameter one, string? usual)
    {
        var text = new StringBuilder();
        if (one.IsSecret)
        {
            text.Append("@secure()\n");
        }
        text.Append($"@description({BicepText.Quoted(one.Description)})\n");
        text.Append($"param {one.Name} {one.Type}{(usual is null ? "" : $" = {usual}")}\n\n");
        return text.ToString();
    }

    private CodeValue OfMain(CodeValue value) =>
        value switch
        {
            CodeValue.Of of => Told(Wire(of)),
            CodeValue.Joined joined => new CodeValue.Joined([.. joined.Parts.Select(OfMain)]),
            _ => value,
        };

    private static CodeValue.Of Told(BicepWire wire) => new("", wire.From, $"outputs.{wire.Name}");

    private static string Capital(string word) =>
        word.Length == 0 ? "" : $"{char.ToUpperInvariant(word[0])}{word[1..]}";
}
