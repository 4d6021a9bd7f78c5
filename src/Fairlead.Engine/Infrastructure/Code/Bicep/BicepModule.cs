using System.Text;
using Fairlead.Engine.Infrastructure.Code.Azure;

namespace Fairlead.Engine.Infrastructure.Code.Bicep;

/// <summary>One module in the making: its resources, what it is told, and what it tells others.</summary>
internal sealed class BicepModule
{
    private readonly BicepModules modules;
    private readonly BicepText text;
    private readonly SortedSet<string> settings = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, BicepWire> wires = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, BicepWire> outputs = new(StringComparer.Ordinal);
    private readonly StringBuilder body = new();

    public BicepModule(BicepModules modules, string name)
    {
        this.modules = modules;
        Name = name;
        text = new(Refer, Say);
        foreach (var one in modules.Draft.Resources.Where(one => one.Part == name))
        {
            Write(one);
        }
    }

    public string Name { get; }

    /// <summary>Parameters of whoever applies the code that it wants to know, by name.</summary>
    public IReadOnlySet<string> Settings => settings;

    /// <summary>What it wants to know of other modules.</summary>
    public IEnumerable<BicepWire> Wires => wires.Values;

    /// <summary>Modules that must be there before it, though it asks nothing of them.</summary>
    public IEnumerable<string> After =>
        modules
            .Draft.Orders.Where(one => one.Part == Name)
            .Select(static one => one.Other)
            .Except(wires.Values.Select(static one => one.From))
            .Order(StringComparer.Ordinal);

    /// <summary>Lets it tell others something.</summary>
    public void Tell(BicepWire wire) => outputs[wire.Name] = wire;

    public string Text()
    {
        var whole = new StringBuilder();
        BicepText.Comment(whole, $"{char.ToUpperInvariant(AzureParts.Said(Name)[0])}{AzureParts.Said(Name)[1..]}.");
        whole.Append('\n');
        foreach (var one in settings)
        {
            whole.Append(BicepModules.Declared(modules.Setting(one) with { Usual = null }, null));
        }
        foreach (var one in wires.Values)
        {
            whole.Append(
                BicepModules.Declared(new(one.Name, "string", $"{one.Said}, of {one.From}.bicep", null), null)
            );
        }
        whole.Append(body);
        foreach (var one in outputs.Values)
        {
            whole.Append(
                $"@description({BicepText.Quoted(one.Said)})\noutput {one.Name} string = {BicepModules.Reference(one.Of)}\n\n"
            );
        }
        return $"{whole.ToString().TrimEnd('\n')}\n";
    }

    private void Write(BicepResource one)
    {
        if (one.Why is { } why)
        {
            BicepText.Comment(body, why);
        }
        List<(string, string)> lines = [];
        if (one.Parent is { } parent)
        {
            lines.Add(("parent", parent));
        }
        if (one.Scope is { } scope)
        {
            lines.Add(("scope", scope));
        }
        lines.AddRange(one.Body.Select(line => (line.Name, text.Fitting(line.Value, 1, line.Name.Length + 2))));
        if (one.After.Count > 0)
        {
            var after = CodeValue.List([.. one.After.Select(static symbol => new CodeValue.Of("", symbol, ""))]);
            lines.Add(("dependsOn", text.Value(after, 1)));
        }
        var condition = one.If is { } by ? $"if (!empty({Say(by)})) " : "";
        body.Append(
            $"resource {one.Symbol} '{one.Type}' {(one.IsExisting ? "existing " : "")}= {condition}{BicepText.Fields(lines, 0)}\n\n"
        );
    }

    private string Say(string setting)
    {
        // What calls a function is no parameter.
        if (!setting.Contains('(', StringComparison.Ordinal))
        {
            settings.Add(setting);
        }
        return setting;
    }

    private string Refer(CodeValue.Of of) =>
        modules.Draft.Resources.Any(one => one.Part == Name && one.Symbol == of.Name)
            ? BicepModules.Reference(of)
            : Wire(of);

    private string Wire(CodeValue.Of of)
    {
        var wire = modules.Wire(of);
        wires[wire.Name] = wire;
        return wire.Name;
    }
}

/// <summary>What one module tells others.</summary>
/// <param name="Name">Of the output, and of the parameters that it is given to.</param>
/// <param name="From">The module that tells it.</param>
internal sealed record BicepWire(string Name, string From, CodeValue.Of Of)
{
    /// <summary>For people, such as <c>id of mainDatabase</c>.</summary>
    public string Said => $"{Of.Attribute[(Of.Attribute.LastIndexOf('.') + 1)..]} of {Of.Name}";
}
