namespace Fairlead.Engine.Watching.Rules.Templates;

/// <summary>A part of a template. The set is closed.</summary>
internal abstract record TemplateNode
{
    private TemplateNode() { }

    public sealed record Plain(string Text) : TemplateNode;

    /// <param name="Variable">What the value is given to; null when it is printed.</param>
    public sealed record Action(Pipeline Pipeline, string? Variable, bool IsNew) : TemplateNode;

    /// <param name="Kind">if, with or range.</param>
    public sealed record Branch(string Kind, Pipeline Pipeline, IReadOnlyList<string> Variables) : TemplateNode
    {
        public IReadOnlyList<TemplateNode> Then { get; init; } = [];

        public IReadOnlyList<TemplateNode> Else { get; init; } = [];
    }
}

/// <summary>Commands, each of which gets the value of the one before as its last argument.</summary>
internal sealed record Pipeline(IReadOnlyList<IReadOnlyList<Operand>> Commands);

/// <summary>A value in a command. The set is closed.</summary>
internal abstract record Operand
{
    private Operand() { }

    public sealed record Constant(object? Value) : Operand;

    /// <summary>A function's name.</summary>
    public sealed record Word(string Name) : Operand;

    /// <summary><c>.Labels.job</c>, <c>$labels.job</c>: fields of the dot, or of a variable.</summary>
    public sealed record Field(string? Variable, IReadOnlyList<string> Path) : Operand;

    /// <summary><c>(first $x).Value</c></summary>
    public sealed record Nested(Pipeline Pipeline, IReadOnlyList<string> Path) : Operand;
}
